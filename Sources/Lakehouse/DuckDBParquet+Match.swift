import DeltaLake
import Engines

extension DuckDBParquet {
  public func match(_ merge: MergeRequest) throws -> MergeMatches {
    let columns = merge.target.schema.names.map(sqlName).joined(separator: ", ")
    let hits = try stageHits(merge)
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
    let touched = try session.connection.query(
      "SELECT DISTINCT \(Scan.fileColumn) FROM \(hits) WHERE \(changing) ORDER BY 1"
    ).rows().compactMap { $0[0].int.map(Int.init) }
    let remaining = try stageRemaining(merge, hits, touched, columns)
    session.drop(table: hits)
    return MergeMatches(
      matched: matched, inserted: inserted, ignored: unmatched - inserted, ambiguous: ambiguous,
      touchedFiles: touched, written: Relation(inserts), remaining: remaining,
      writtenRows: try session.count("SELECT count(*) FROM \(inserts)"))
  }

  /// One row for each pair of a target row and a source row with the same keys: where the target
  /// row is, and which clause acts on it (-1: none).
  private func stageHits(_ merge: MergeRequest) throws -> String {
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
        FROM (\(ScanQuery(merge.target).text)) AS target \
        JOIN \(merge.source.name) AS source ON \(keys.joined(separator: " AND "))
        """)
  }

  private func stageRemaining(
    _ merge: MergeRequest, _ hits: String, _ touched: [Int], _ columns: String
  ) throws -> Relation {
    guard !touched.isEmpty else { return Relation("(\(merge.target.schema.emptyQuery))") }
    let scan = Scan(
      files: touched.map { merge.target.files[$0] }, schema: merge.target.schema,
      partitionColumns: merge.target.partitionColumns, positions: true)
    let numbers = touched.enumerated().map { "(\($0.offset), \($0.element))" }
    let remaining = try session.stage(
      "remaining",
      as: """
        SELECT \(columns) FROM (\(ScanQuery(scan).text)) AS target WHERE NOT EXISTS (\
        SELECT 1 FROM \(hits) AS h JOIN (VALUES \(numbers.joined(separator: ", "))) AS n(own, file) \
        ON h.\(Scan.fileColumn) = n.file WHERE \(merge.changing) \
        AND n.own = target.\(Scan.fileColumn) AND h.\(Scan.rowColumn) = target.\(Scan.rowColumn))
        """)
    return Relation(remaining)
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
