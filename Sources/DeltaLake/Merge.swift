/// A MERGE of a source into a table.
///
/// Conditions are SQL over the aliases `source` and `target`. Of the clauses that fit a row the
/// first one acts; a condition that is NULL does not fit.
public struct MergeRequest: Sendable {
  /// What happens to a target row that a source row matches.
  public enum MatchedAction: Hashable, Sendable {
    /// All columns are taken from the source row.
    case update
    case delete
    /// The row stays; for counting rows apart.
    case keep
  }

  /// A clause for matched rows.
  public struct MatchedClause: Hashable, Sendable {
    public let condition: String?
    public let action: MatchedAction

    public init(_ action: MatchedAction, when condition: String? = nil) {
      self.action = action
      self.condition = condition
    }
  }

  /// The target's live rows, with positions.
  public let target: Scan
  public let source: Relation
  /// Columns by which rows match; NULL matches NULL.
  public let keys: [String]
  public let whenMatched: [MatchedClause]
  /// Which source rows without a match are inserted: all that satisfy it, or all.
  public let insertWhen: String?
}

/// What a MERGE would do.
public struct MergeMatches: Sendable {
  /// Matched rows for each clause, in the order of the clauses.
  public let matched: [Int64]
  /// Source rows inserted.
  public let inserted: Int64
  /// Source rows without a match that are not inserted.
  public let ignored: Int64
  /// Target rows that more than one source row wants to change.
  public let ambiguous: Int64
  /// The rows that are updated or deleted, by the index of their target file.
  public let changed: [Int: RoaringBitmap]
  /// The new images of updated rows and the inserted rows, with the target's columns.
  public let written: Relation
  /// How many rows `written` has.
  public let writtenRows: Int64

  public init(
    matched: [Int64], inserted: Int64, ignored: Int64, ambiguous: Int64,
    changed: [Int: RoaringBitmap], written: Relation, writtenRows: Int64
  ) {
    self.matched = matched
    self.inserted = inserted
    self.ignored = ignored
    self.ambiguous = ambiguous
    self.changed = changed
    self.written = written
    self.writtenRows = writtenRows
  }
}
