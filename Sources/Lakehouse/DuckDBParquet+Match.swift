import DeltaLake
import Engines

extension DuckDBParquet {
  public func match(_ merge: MergeRequest) throws -> MergeMatches {
    let target = try scan(merge.target)
    defer { release(target) }
    let columns = merge.target.schema.names.map(sqlName).joined(separator: ", ")
    let hits = try stageHits(merge, target)
    let source = merge.source.name
    let changing = merge.changing
    let ambiguous = try session.count(
      """
      SELECT count(*) FROM (SELECT 1 FROM \(hits) WHERE \(changing) \
      GROUP BY \(Scan.fileColumn), \(Scan.rowColumn) HAVING count(*) > 1)
      """)
    var matched = [Int64](repeating: 0, count: merge.whenMatched.count)
    for row in try session.connection.query("SELECT clause, count(*) FROM \(hits) GROUP BY 1")
      .rows()
    {
      if let clause = row[0].int, clause >= 0, clause < matched.count {
        matched[Int(clause)] = row[1].int ?? 0
      }
    }
    let inserts = try session.stage(
      "inserts",
      as: """
        SELECT \(columns) FROM \(source) AS source \
        WHERE NOT EXISTS (SELECT 1 FROM \(hits) AS h WHERE h.source_row = source.rowid) \
        \(merge.insertWhen.map { "AND (\($0)) IS TRUE" } ?? "")
        """)
    let inserted = try session.count("SELECT count(*) FROM \(inserts)")
    let unmatched = try session.count(
      """
      SELECT count(*) FROM \(source) AS source \
      WHERE NOT EXISTS (SELECT 1 FROM \(hits) AS h WHERE h.source_row = source.rowid)
      """)
    let updating = merge.clauses(.update)
    if !updating.isEmpty {
      try session.connection.execute(
        """
        INSERT INTO \(inserts) SELECT \(prefixed(merge)) FROM \(source) AS source \
        JOIN \(hits) AS h ON h.source_row = source.rowid WHERE h.clause IN (\(updating))
        """)
    }
    let changed = try changedRows(hits, changing)
    session.drop(table: hits)
    return MergeMatches(
      matched: matched, inserted: inserted, ignored: unmatched - inserted, ambiguous: ambiguous,
      changed: changed, written: Relation(inserts),
      writtenRows: try session.count("SELECT count(*) FROM \(inserts)"))
  }

  /// The positions of the hits that change their target row, by the index of the file.
  private func changedRows(_ hits: String, _ changing: String) throws -> [Int: RoaringBitmap] {
    let result = try session.connection.query(
      """
      SELECT CAST(\(Scan.fileColumn) AS BIGINT), CAST(\(Scan.rowColumn) AS BIGINT) FROM \(hits) \
      WHERE \(changing) ORDER BY 1, 2
      """)
    var rows: [Int: RoaringBitmapBuilder] = [:]
    while let batch = try result.next() {
      for row in 0..<batch.rows {
        guard let file = batch.columns[0].value(row).int, let at = batch.columns[1].value(row).int
        else { continue }
        rows[Int(file), default: RoaringBitmapBuilder()].insert(UInt64(clamping: at))
      }
    }
    return rows.mapValues { $0.finished() }
  }

  /// One row for each pair of a target row and a source row with the same keys: where the target
  /// row is, and which clause acts on it (-1: none).
  private func stageHits(_ merge: MergeRequest, _ target: Relation) throws -> String {
    let cases = merge.whenMatched.enumerated().map { index, clause in
      "WHEN (\(clause.condition ?? "true")) IS TRUE THEN \(index)"
    }
    let clause = cases.isEmpty ? "-1" : "CASE \(cases.joined(separator: " ")) ELSE -1 END"
    let keys = merge.keys.map {
      "source.\(sqlName($0)) IS NOT DISTINCT FROM target.\(sqlName($0))"
    }
    return try session.stage(
      "hits",
      as: """
        SELECT target.\(Scan.fileColumn), target.\(Scan.rowColumn), \
        source.rowid AS source_row, \(clause) AS clause \
        FROM \(target.name) AS target \
        JOIN \(merge.source.name) AS source ON \(keys.joined(separator: " AND "))
        """)
  }

  private func prefixed(_ merge: MergeRequest) -> String {
    merge.target.schema.names.map { "source.\(sqlName($0))" }.joined(separator: ", ")
  }
}

extension MergeRequest {
  /// The numbers of the clauses with an action, separated by commas.
  fileprivate func clauses(_ action: MatchedAction) -> String {
    whenMatched.indices.filter { whenMatched[$0].action == action }.map(String.init)
      .joined(separator: ", ")
  }

  /// A condition over hits that change their target row.
  fileprivate var changing: String {
    let numbers = [clauses(.update), clauses(.delete)].filter { !$0.isEmpty }
    return numbers.isEmpty ? "false" : "clause IN (\(numbers.joined(separator: ", ")))"
  }
}
