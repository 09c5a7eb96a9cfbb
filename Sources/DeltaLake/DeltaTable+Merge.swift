import Basics

/// The outcome of a MERGE.
public struct MergeResult: Sendable {
  /// The version it is.
  public let version: Int64
  /// The newest state that it brought about.
  public let snapshot: Snapshot
  /// Matched rows for each clause, in the order of the clauses.
  public let matched: [Int64]
  /// Target rows without a match for each of their clauses.
  public let notMatchedBySource: [Int64]
  public let inserted: Int64
  /// Source rows without a match that were not inserted.
  public let ignored: Int64
  public let addedBytes: Int64
}

extension DeltaTable {
  /// Merges source rows into the table by keys.
  ///
  /// The touched rows are found once, as (file, position) pairs, in the files whose statistics allow
  /// for the source's keys. A table with deletion vectors gets
  /// bitmaps of them and a file of new rows; any other one has its touched files rewritten without
  /// them, next to the new rows (copy-on-write). Nothing is written where more than one source row
  /// wants to change a target row.
  /// - Parameter unmatched: what is certain of the rows without a match on which clauses act.
  public func merge(
    _ source: Relation, _ base: Snapshot, keys: [String],
    whenMatched: [MergeRequest.Clause], insertWhen: String? = nil,
    whenNotMatchedBySource: [MergeRequest.Clause] = [], among unmatched: Predicate = .unknown,
    transaction: (MergeMatches) throws -> Transaction
  ) throws -> MergeResult {
    let parquet = try parquet()
    let schema = base.schema
    try check(whenMatched.flatMap(\.expressions), of: schema, source: source)
    try check(whenNotMatchedBySource.flatMap(\.expressions), of: schema)
    try check([insertWhen].compactMap(\.self), of: Schema([]), source: source)
    let columns = keys.compactMap { base.schema[$0] }
    let ranges = try parquet.ranges(columns, of: source)
    var predicate = Predicate.all(
      zip(columns, ranges).map { column, range in
        range.map { Predicate(column, $0) } ?? .unknown
      })
    if !whenNotMatchedBySource.isEmpty { predicate = .any([predicate, unmatched]) }
    let files = base.files(matching: predicate).files
    let request = MergeRequest(
      target: try scan(files, base, positions: true), source: source, keys: keys,
      keysWithoutNull: zip(columns, ranges).filter { $1?.hasNull == false }.map(\.0.name),
      whenMatched: whenMatched, insertWhen: insertWhen,
      whenNotMatchedBySource: whenNotMatchedBySource)
    let matches = try parquet.match(request)
    defer { matches.changes.release(parquet) }
    guard matches.ambiguous == 0 else {
      throw DeltaError.ambiguousMerge(rows: matches.ambiguous, table: address)
    }
    let changes = try store(matches.changes, of: files, on: base)
    var transaction = try transaction(matches)
    transaction.reads = .rows(predicate)
    let result = try commit(transaction, changes, on: base)
    return MergeResult(
      version: result.version, snapshot: result.snapshot, matched: matches.matched,
      notMatchedBySource: matches.notMatchedBySource, inserted: matches.inserted,
      ignored: matches.ignored, addedBytes: result.addedBytes)
  }
}

extension Predicate {
  /// True for rows that have a value within a range, or NULL where the range has it.
  public init(_ column: StructField, _ range: ValueRange) {
    func compare(_ comparison: Comparison, _ text: String) -> Predicate {
      PredicateValue(text, as: column.type).map { .compare(column.name, comparison, $0) }
        ?? .unknown
    }
    var parts: [Predicate] = []
    if range.hasNull { parts.append(.isNull(column.name)) }
    if let lowest = range.lowest, let highest = range.highest {
      parts.append(.all([compare(.greaterOrEqual, lowest), compare(.lessOrEqual, highest)]))
    }
    self = .any(parts)
  }

  /// True for rows that have a value, as a partition folder spells it; nil is NULL.
  public init(_ column: StructField, equals value: String?) {
    self.init(column, ValueRange(lowest: value, highest: value, hasNull: value == nil))
  }
}

extension RowChanges {
  func release(_ parquet: any ParquetHandler) {
    parquet.release(images.relation)
    parquet.release(inserts.relation)
  }
}
