import Basics

/// The outcome of a MERGE.
public struct MergeResult: Sendable {
  /// The state after it; the state before it where nothing had to change.
  public let snapshot: Snapshot
  /// Matched rows for each clause, in the order of the clauses.
  public let matched: [Int64]
  public let inserted: Int64
  /// Source rows without a match that were not inserted.
  public let ignored: Int64
  public let addedBytes: Int64
}

extension DeltaTable {
  /// Merges source rows into the table by keys.
  ///
  /// The touched rows are found once, as (file, position) pairs. Then the touched files are
  /// rewritten without them, next to the new rows (copy-on-write). Nothing is written where more
  /// than one source row wants to change a target row.
  public func merge(
    _ source: Relation, _ base: Snapshot, keys: [String],
    whenMatched: [MergeRequest.MatchedClause], insertWhen: String? = nil,
    transaction: (MergeMatches) throws -> Transaction
  ) throws -> MergeResult {
    let parquet = try parquet()
    let files = base.orderedFiles
    let request = MergeRequest(
      target: scan(files, base, positions: true), source: source, keys: keys,
      whenMatched: whenMatched, insertWhen: insertWhen)
    let matches = try parquet.match(request)
    defer {
      parquet.release(matches.written)
      parquet.release(matches.remaining)
    }
    guard matches.ambiguous == 0 else {
      throw DeltaError.ambiguousMerge(rows: matches.ambiguous, table: address)
    }
    let partitions = base.metadata.partitionColumns
    let target = target(base.schema, partitionColumns: partitions)
    var written: [WrittenFile] = []
    let touched = matches.touchedFiles.map { files[$0] }
    if !touched.isEmpty {
      // One set of files for both, so that a table does not fall into ever smaller ones.
      written = try parquet.write([matches.written, matches.remaining], target)
    } else if matches.writtenRows > 0 {
      written = try parquet.write([matches.written], target)
    }
    let adds = try adds(written, schema: base.schema, partitionColumns: partitions)
    let result = try commit(try transaction(matches), adding: adds, removing: touched, on: base)
    return MergeResult(
      snapshot: result.snapshot, matched: matches.matched, inserted: matches.inserted,
      ignored: matches.ignored, addedBytes: result.addedBytes)
  }
}
