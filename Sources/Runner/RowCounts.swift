/// What became of the rows that a run read for one table.
///
/// Every row read has exactly one fate; the fates sum up to the rows read, times the factor that the
/// table declares, or the run is in error. The rows of a derived table are results of the rows read:
/// their fates say what became of the table, which has as many rows more as were inserted less those
/// deleted.
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

  private static var places: [(name: String, place: WritableKeyPath<RowCounts, Int64>)] {
    [
      ("inserted", \.inserted), ("updated", \.updated), ("deleted", \.deleted),
      ("unchanged", \.unchanged), ("superseded", \.superseded),
      ("deduplicated", \.deduplicated), ("filtered", \.filtered), ("quarantined", \.quarantined),
    ]
  }

  /// Counts that were written down by the names of the fates.
  init<Failed: Error>(read: Int64, fate: (String) throws(Failed) -> Int64) throws(Failed) {
    self.read = read
    for (name, place) in RowCounts.places { self[keyPath: place] = try fate(name) }
  }

  /// The names and numbers of the fates, in a fixed order.
  public var fates: [(name: String, rows: Int64)] {
    RowCounts.places.map { ($0.name, self[keyPath: $0.place]) }
  }

  /// The fates that some row had, as `2 inserted, 1 quarantined`.
  public var words: String {
    fates.filter { $0.rows != 0 }.map { "\($0.rows) \($0.name)" }.joined(separator: ", ")
  }

  /// The counts of two pieces of work together.
  public static func + (a: RowCounts, b: RowCounts) -> RowCounts {
    var sum = a
    sum.read += b.read
    for (_, place) in places { sum[keyPath: place] += b[keyPath: place] }
    return sum
  }

  /// The sum of all fates.
  public var accounted: Int64 { fates.reduce(0) { $0 + $1.rows } }
}
