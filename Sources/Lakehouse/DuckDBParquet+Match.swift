import DeltaLake
import Engines

extension DuckDBParquet {
  public func match(_ request: MergeRequest) throws -> MergeMatches {
    let merge = try request.mappingExpressions(expression)
    // Rows that were deleted before are cheaper to leave out of the few that match than of all.
    let late = merge.whenNotMatchedBySource.isEmpty
    let target = try scan(late ? merge.target.ofAllRows : merge.target)
    defer { release(target) }
    let hits = try stageHits(merge, target)
    defer { session.drop(table: hits) }
    if late { try removeDeleted(merge.target, from: hits) }
    var rows = [Int64](repeating: 0, count: merge.clauses.count)
    var unmatched: Int64 = 0
    let counts = try session.connection.query(
      """
      SELECT clause, count(*) FROM \(hits) GROUP BY 1 UNION ALL \
      SELECT NULL, (SELECT count(*) FROM \(merge.source.name) AS source) \
      - (SELECT count(DISTINCT source_row) FROM \(hits))
      """)
    for row in try counts.rows() {
      guard let clause = row[0].int else {
        unmatched = row[1].int ?? 0
        continue
      }
      if rows.indices.contains(Int(clause)) { rows[Int(clause)] = row[1].int ?? 0 }
    }
    let (touched, ambiguous) = try touchedRows(hits, merge)
    let inserts = try stageInserts(merge, hits, of: unmatched)
    return MergeMatches(
      matched: Array(rows.prefix(merge.whenMatched.count)),
      notMatchedBySource: Array(rows.dropFirst(merge.whenMatched.count)),
      ignored: unmatched - inserts.rows, ambiguous: ambiguous,
      changes: RowChanges(
        updated: touched[true] ?? [:], deleted: touched[false] ?? [:],
        images: try stageImages(merge, hits, any: touched[true] != nil), inserts: inserts))
  }

  /// The positions of rows that are updated (true) and deleted (false), by the index of the file, and
  /// how many rows more than one source row wants to change.
  private func touchedRows(
    _ hits: String, _ merge: MergeRequest
  ) throws -> ([Bool: [Int: RoaringBitmap]], ambiguous: Int64) {
    let result = try session.connection.query(
      """
      SELECT CAST(\(Scan.fileColumn) AS BIGINT), CAST(\(Scan.rowColumn) AS BIGINT), \
      \(merge.where(\.updates)) FROM \(hits) WHERE \(merge.where(\.changes)) ORDER BY 1, 2, 3
      """)
    var rows: [Bool: [Int: RoaringBitmapBuilder]] = [:]
    var last: (file: Int64, row: Int64)?
    var isRepeat = false
    var ambiguous: Int64 = 0
    while let batch = try result.next() {
      for row in 0..<batch.rows {
        guard let file = batch.columns[0].value(row).int, let at = batch.columns[1].value(row).int
        else { continue }
        let updates = batch.columns[2].value(row).isTrue
        if let last, last == (file, at) {
          // Each such row counts once, however many want it.
          if !isRepeat { ambiguous += 1 }
          isRepeat = true
          continue
        }
        last = (file, at)
        isRepeat = false
        rows[updates, default: [:]][Int(file), default: RoaringBitmapBuilder()]
          .insert(UInt64(clamping: at))
      }
    }
    return (rows.mapValues { $0.mapValues { $0.finished() } }, ambiguous)
  }

  /// One row for each pair of a target row and a source row with the same keys, and one for each
  /// target row without such a pair on which a clause acts: where the target row is, which
  /// clause acts on it (-1: none), and its new values where they are not just the source's.
  private func stageHits(_ merge: MergeRequest, _ target: Relation) throws -> String {
    // DuckDB passes over parts of files by plain equality alone.
    let keys = merge.keys.map { key in
      let equals = merge.keysWithoutNull.contains(key) ? "=" : "IS NOT DISTINCT FROM"
      return "source.\(sqlName(key)) \(equals) target.\(sqlName(key))"
    }.joined(separator: " AND ")
    let position = "target.\(Scan.fileColumn), target.\(Scan.rowColumn)"
    var query = """
      SELECT \(position), source.rowid AS source_row, \
      \(MergeRequest.choice(merge.whenMatched, from: 0)) AS clause\(merge.images(merge.whenMatched)) \
      FROM \(target.name) AS target JOIN \(merge.source.name) AS source ON \(keys)
      """
    if !merge.whenNotMatchedBySource.isEmpty {
      let choice = MergeRequest.choice(
        merge.whenNotMatchedBySource, from: merge.whenMatched.count)
      query += """
         UNION ALL SELECT \(position), NULL, \(choice)\(merge.images(merge.whenNotMatchedBySource)) \
        FROM \(target.name) AS target ANTI JOIN \(merge.source.name) AS source ON \(keys) \
        WHERE (\(merge.actsUnmatched))
        """
    }
    return try session.stage("hits", as: query)
  }

  /// Removes from staged positions those of rows that a scan leaves out.
  private func removeDeleted(_ scan: Scan, from hits: String) throws {
    let files = scan.files.indices.filter { scan.files[$0].rows != .all }
    guard !files.isEmpty else { return }
    let result = try session.connection.query(
      """
      SELECT rowid, CAST(\(Scan.fileColumn) AS BIGINT), CAST(\(Scan.rowColumn) AS BIGINT) \
      FROM \(hits) WHERE \(Scan.fileColumn) IN (\(files.map(String.init).joined(separator: ", ")))
      """)
    var gone: [Int64] = []
    while let batch = try result.next() {
      for row in 0..<batch.rows {
        guard let id = batch.columns[0].value(row).int, let file = batch.columns[1].value(row).int,
          let at = batch.columns[2].value(row).int, scan.files.indices.contains(Int(file))
        else { continue }
        if !scan.files[Int(file)].rows.contains(UInt64(clamping: at)) { gone.append(id) }
      }
    }
    guard !gone.isEmpty else { return }
    let table = try session.stage("numbers", numbers: [("number", gone)])
    defer { session.drop(table: table) }
    try session.connection.execute(
      "DELETE FROM \(hits) WHERE rowid IN (SELECT number FROM \(table))")
  }

  /// The source rows that are inserted, among so many that have no match.
  private func stageInserts(
    _ merge: MergeRequest, _ hits: String, of count: Int64
  ) throws -> RowChanges.Counted {
    guard count > 0 else { return none(merge.target.schema) }
    let columns = merge.target.schema.names.map { "source.\(sqlName($0))" }.joined(separator: ", ")
    let unmatched =
      "FROM \(merge.source.name) AS source ANTI JOIN \(hits) AS h ON h.source_row = source.rowid"
    let condition = merge.insertWhen.map { "WHERE (\($0)) IS TRUE" } ?? ""
    let inserts = try session.stageCounting(
      "inserts", as: "SELECT \(columns) \(unmatched) \(condition)")
    return RowChanges.Counted(Relation(inserts.name), rows: inserts.rows)
  }

  private func none(_ schema: Schema) -> RowChanges.Counted {
    RowChanges.Counted(Relation("(\(schema.emptyQuery))"), rows: 0)
  }

  private func stageImages(
    _ merge: MergeRequest, _ hits: String, any: Bool
  ) throws -> RowChanges.Counted {
    guard any else { return none(merge.target.schema) }
    let updating = merge.where(\.updates)
    let names = merge.target.schema.names.map(sqlName)
    let query =
      merge.sets
      ? "SELECT \(names.joined(separator: ", ")) FROM \(hits) WHERE \(updating)"
      : """
      SELECT \(names.map { "source.\($0)" }.joined(separator: ", ")) \
      FROM \(merge.source.name) AS source JOIN \(hits) AS h ON h.source_row = source.rowid \
      WHERE \(updating)
      """
    let images = try session.stageCounting("images", as: query)
    return RowChanges.Counted(Relation(images.name), rows: images.rows)
  }

  /// The positions in a staged table of the rows that satisfy a condition, by the index of the file.
  func positions(_ staged: String, _ condition: String) throws -> [Int: RoaringBitmap] {
    let result = try session.connection.query(
      """
      SELECT CAST(\(Scan.fileColumn) AS BIGINT), CAST(\(Scan.rowColumn) AS BIGINT) FROM \(staged) \
      WHERE \(condition) ORDER BY 1, 2
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
}

extension MergeRequest {
  /// True if some clause computes new values itself.
  fileprivate var sets: Bool {
    clauses.contains { if case .set = $0.action { true } else { false } }
  }

  /// An expression for the first clause that fits a row, by its number; -1 where none does.
  fileprivate static func choice(_ clauses: [Clause], from first: Int) -> String {
    let cases = clauses.enumerated().map { index, clause in
      "WHEN (\(clause.condition ?? "true")) IS TRUE THEN \(first + index)"
    }
    return cases.isEmpty ? "-1" : "CASE \(cases.joined(separator: " ")) ELSE -1 END"
  }

  /// A condition that a clause acts on a target row without a match.
  fileprivate var actsUnmatched: String {
    whenNotMatchedBySource.map { $0.condition.map { "(\($0))" } ?? "true" }
      .joined(separator: " OR ")
  }

  /// Further columns with the values that rows get; none where all come from the source as they are.
  fileprivate func images(_ own: [Clause]) -> String {
    guard sets else { return "" }
    let matched = own == whenMatched
    let columns = target.schema.fields.map { field in
      let name = sqlName(field.name)
      let cases = own.map { clause in
        let fits = "WHEN (\(clause.condition ?? "true")) IS TRUE THEN "
        switch clause.action {
        case .update: return fits + (matched ? "source.\(name)" : "target.\(name)")
        case .set(let values):
          return fits + (values[field.name].map { "(\($0))" } ?? "target.\(name)")
        case .delete, .keep: return fits + "NULL"
        }
      }
      let value = cases.isEmpty ? "NULL" : "CASE \(cases.joined(separator: " ")) END"
      return "CAST(\(value) AS \(field.type.duckDB)) AS \(name)"
    }
    return ", " + columns.joined(separator: ", ")
  }

  /// A condition over hits on which some kind of clause acts.
  fileprivate func `where`(_ holds: (Action) -> Bool) -> String {
    let numbers = clauses.enumerated().filter { index, clause in
      // Without a source row there is nothing to update from.
      holds(clause.action) && !(index >= whenMatched.count && clause.action == .update)
    }.map { String($0.offset) }
    return numbers.isEmpty ? "false" : "clause IN (\(numbers.joined(separator: ", ")))"
  }
}

extension MergeRequest.Action {
  fileprivate var updates: Bool {
    switch self {
    case .update, .set: true
    case .delete, .keep: false
    }
  }

  fileprivate var changes: Bool { self != .keep }
}
