/// What became of the rows that a run read for one table.
///
/// Every row read has exactly one fate; the fates sum up to the rows read, or the run is in error.
public struct RowCounts: Hashable, Sendable {
  public var read: Int64 = 0
  public var inserted: Int64 = 0
  public var updated: Int64 = 0
  public var deleted: Int64 = 0
  /// The stored row has the same values already.
  public var unchanged: Int64 = 0
  /// A row of the same key is newer.
  public var superseded: Int64 = 0
  /// Exact repeats of another row of the run.
  public var deduplicated: Int64 = 0
  /// Left out by a rule with `else: .drop`.
  public var filtered: Int64 = 0
  public var quarantined: Int64 = 0

  public init() {}

  /// The names and numbers of the fates, in a fixed order.
  public var fates: [(name: String, rows: Int64)] {
    [
      ("inserted", inserted), ("updated", updated), ("deleted", deleted),
      ("unchanged", unchanged), ("superseded", superseded), ("deduplicated", deduplicated),
      ("filtered", filtered), ("quarantined", quarantined),
    ]
  }

  /// The sum of all fates.
  public var accounted: Int64 { fates.reduce(0) { $0 + $1.rows } }

  static func + (a: RowCounts, b: RowCounts) -> RowCounts {
    var sum = a
    sum.read += b.read
    sum.inserted += b.inserted
    sum.updated += b.updated
    sum.deleted += b.deleted
    sum.unchanged += b.unchanged
    sum.superseded += b.superseded
    sum.deduplicated += b.deduplicated
    sum.filtered += b.filtered
    sum.quarantined += b.quarantined
    return sum
  }
}
