/// A MERGE of a source into a table.
///
/// Conditions and assigned expressions are SQL over the aliases `source` and `target`. Of the clauses
/// that fit a row the first one acts; a condition that is NULL does not fit.
public struct MergeRequest: Sendable {
  /// What happens to a target row.
  public enum Action: Hashable, Sendable {
    /// All columns are taken from the source row.
    case update
    /// Some columns, by name, get the value of an expression; the others stay.
    case set([String: String])
    case delete
    /// The row stays; for counting rows apart.
    case keep
  }

  /// A clause for target rows.
  public struct Clause: Hashable, Sendable {
    public let condition: String?
    public let action: Action

    public init(_ action: Action, when condition: String? = nil) {
      self.action = action
      self.condition = condition
    }

    /// The SQL that it is made of.
    var expressions: [String] {
      var expressions = [condition].compactMap(\.self)
      if case .set(let values) = action { expressions += values.values.sorted() }
      return expressions
    }
  }

  /// The target's live rows, with positions.
  public let target: Scan
  public let source: Relation
  /// Columns by which rows match; NULL matches NULL.
  public let keys: [String]
  /// Those of them that are never NULL in the source: plain equality tells matches.
  public let keysWithoutNull: [String]
  /// Clauses for rows that a source row matches.
  public let whenMatched: [Clause]
  /// Which source rows without a match are inserted: all that satisfy it, or all.
  public let insertWhen: String?
  /// Clauses for target rows that no source row matches; `update` has no source and is `keep`.
  public let whenNotMatchedBySource: [Clause]

  /// The same request with other texts for its SQL.
  public func mappingExpressions(
    _ change: (String) throws -> String
  ) rethrows -> MergeRequest {
    func mapped(_ clause: Clause) throws -> Clause {
      var action = clause.action
      if case .set(let values) = action { action = .set(try values.mapValues(change)) }
      return Clause(action, when: try clause.condition.map(change))
    }
    return MergeRequest(
      target: target, source: source, keys: keys, keysWithoutNull: keysWithoutNull,
      whenMatched: try whenMatched.map(mapped),
      insertWhen: try insertWhen.map(change),
      whenNotMatchedBySource: try whenNotMatchedBySource.map(mapped))
  }

  /// All clauses: those for matched rows first.
  public var clauses: [Clause] { whenMatched + whenNotMatchedBySource }
}

/// What a MERGE would do.
public struct MergeMatches: Sendable {
  /// Matched rows for each clause of `whenMatched`, in their order.
  public let matched: [Int64]
  /// Rows for each clause of `whenNotMatchedBySource`, in their order.
  public let notMatchedBySource: [Int64]
  /// Source rows without a match that are not inserted.
  public let ignored: Int64
  /// Target rows that more than one source row wants to change.
  public let ambiguous: Int64
  public let changes: RowChanges

  /// Source rows inserted.
  public var inserted: Int64 { changes.inserts.rows }

  public init(
    matched: [Int64], notMatchedBySource: [Int64], ignored: Int64, ambiguous: Int64,
    changes: RowChanges
  ) {
    self.matched = matched
    self.notMatchedBySource = notMatchedBySource
    self.ignored = ignored
    self.ambiguous = ambiguous
    self.changes = changes
  }
}

/// An UPDATE or DELETE of the rows of a table that satisfy a condition.
public struct UpdateRequest: Sendable {
  /// The live rows of the files that may hold such rows, with positions.
  public let target: Scan
  /// SQL over the table's columns; a row for which it is NULL stays.
  public let condition: String?
  /// SQL expressions over the row before, by column; nil deletes the rows.
  public let assignments: [String: String]?
}

/// Rows of a scan that are to be replaced or deleted, and rows that are to be added.
public struct RowChanges: Sendable {
  /// Rows that a handler holds, and how many.
  public struct Counted: Sendable {
    public let relation: Relation
    public let rows: Int64

    public init(_ relation: Relation, rows: Int64) {
      self.relation = relation
      self.rows = rows
    }
  }

  /// The rows that get other values, by the index of their file.
  public let updated: [Int: RoaringBitmap]
  /// The rows that go, by the index of their file.
  public let deleted: [Int: RoaringBitmap]
  /// The updated rows' new values, with the target's columns.
  public let images: Counted
  /// New rows, with the target's columns.
  public let inserts: Counted

  public init(
    updated: [Int: RoaringBitmap], deleted: [Int: RoaringBitmap], images: Counted, inserts: Counted
  ) {
    self.updated = updated
    self.deleted = deleted
    self.images = images
    self.inserts = inserts
  }

  /// All rows that do not stay as they are, by the index of their file.
  var gone: [Int: RoaringBitmap] { updated.merging(deleted) { $0.union($1) } }
  /// The relations of rows to write that have any.
  var written: [Relation] { [images, inserts].filter { $0.rows > 0 }.map(\.relation) }
}
