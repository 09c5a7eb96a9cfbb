import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium
import Runner
import Storage

extension TestLake {
  /// The newest state of a place; nil where there is no table.
  public func snapshot(_ location: TableLocation) throws -> Snapshot? {
    let session = try TestLake.engine.session()
    return try lake.table(location) { DuckDBParquet(session) }.snapshotIfAny()
  }

  /// A table's newest version; nil where it does not exist.
  public func version(_ table: Table) throws -> Int64? { try snapshot(.of(table))?.version }

  /// The operations of a table's versions, the oldest first.
  public func operations(_ location: TableLocation) throws -> [String] {
    let session = try TestLake.engine.session()
    return try lake.table(location) { DuckDBParquet(session) }.history().reversed()
      .map { $0.operation ?? "" }
  }

  /// Some columns of a table as texts; no rows where the table does not exist.
  public func rows(_ location: TableLocation, _ columns: [String]) throws -> TextRows {
    guard let snapshot = try snapshot(location) else { return TextRows(columns: columns, rows: []) }
    let session = try TestLake.engine.session()
    let parquet = DuckDBParquet(session)
    let delta = lake.table(location) { parquet }
    let relation = try parquet.scan(delta.scan(snapshot))
    let result = try session.connection.query(
      "SELECT \(sqlNames(columns)) FROM \(relation.name)"
    ).rows()
    return TextRows(columns: columns, rows: result.map { $0.map(TestLake.text) })
  }

  /// The rows of a query over a project's tables, as texts.
  public func ask(_ sql: String, _ tables: [Table]) throws -> [[String]] {
    let session = try TestLake.engine.session()
    try Catalog(lake: lake, tables: try Graph(tables).ordered).defineViews(for: sql, in: session)
    return try session.connection.query(sql).rows().map { $0.map(\.plain) }
  }

  /// A value as text; doubles to nine digits, since their sums vary.
  private static func text(_ value: Value) -> String {
    switch value {
    case .null: "NULL"
    case .double(let number) where number.isFinite && number != 0:
      nineDigits(number)
    default: value.plain
    }
  }

  private static func nineDigits(_ number: Double) -> String {
    var unit = 1.0
    while abs(number) * unit < 1e8, unit < 1e30 { unit *= 10 }
    while abs(number) * unit >= 1e9, unit > 1e-30 { unit /= 10 }
    return "\((number * unit).rounded() / unit)"
  }

  /// How a table differs from a written one, in the columns that this one names: a line for each row
  /// that is missing (`-`) or too many (`+`).
  public func differences(_ table: Table, from expected: String) throws -> [String] {
    try differences(.of(table), from: expected)
  }

  /// How the table at a place differs from a written one.
  public func differences(_ location: TableLocation, from expected: String) throws -> [String] {
    let wanted = TextRows(expected)
    return try rows(location, wanted.columns).differences(from: wanted)
  }

  /// How the tables of this lake, their quarantines included, differ from those of another one.
  ///
  /// Compared is what does not depend on the number and order of runs: all declared columns, and of
  /// quarantined rows also rules, file and line.
  public func differences(from other: TestLake, _ tables: [Table]) throws -> [String] {
    try tables.flatMap { table in
      var lines = try differences(.of(table), from: other, TestLake.columns(table))
      if table.query != nil {
        lines += try differences(
          .quarantine(of: table), from: other,
          table.queriedSchema.names + ["_failed_rules", "_file", "_line"])
      }
      return lines
    }
  }

  private static func columns(_ table: Table) -> [String] {
    table.columns.map(\.name) + (table.landing == nil ? [] : ["_file", "_line", "_rescued"])
  }

  private func differences(
    _ location: TableLocation, from other: TestLake, _ columns: [String]
  ) throws -> [String] {
    let session = try TestLake.engine.session()
    guard let own = try query(location, columns, session),
      let others = try other.query(location, columns, session)
    else {
      return try rows(location, columns).differences(from: other.rows(location, columns)).map {
        "\(location.name): \($0)"
      }
    }
    // Rows that are the same have the same sum of hashes, which takes a small part of the time.
    let sum = "SELECT [count(*), sum(CAST(hash(\(sqlNames(columns))) AS HUGEINT))]"
    if try session.row("SELECT (\(sum) FROM (\(own))) = (\(sum) FROM (\(others)))") == [.bool(true)]
    {
      return []
    }
    let rows = try session.connection.query(
      """
      WITH own AS (\(own)), others AS (\(others))
      SELECT '+', * FROM (SELECT * FROM own EXCEPT ALL SELECT * FROM others)
      UNION ALL SELECT '-', * FROM (SELECT * FROM others EXCEPT ALL SELECT * FROM own)
      ORDER BY ALL LIMIT 100
      """
    ).rows()
    return rows.map { row in
      "\(location.name): \(row[0].plain) "
        + row.dropFirst().map(TestLake.text).joined(separator: " | ")
    }
  }

  /// A query for some columns of a table, doubles rounded, since their sums vary; nil where there is
  /// no table.
  private func query(
    _ location: TableLocation, _ columns: [String], _ session: EngineSession
  ) throws -> String? {
    guard let snapshot = try snapshot(location) else { return nil }
    let parquet = DuckDBParquet(session)
    let relation = try parquet.scan(lake.table(location) { parquet }.scan(snapshot))
    let names = columns.map { column in
      snapshot.schema[column]?.type == .double
        ? "round(\(sqlName(column)), 7) AS \(sqlName(column))" : sqlName(column)
    }
    return "SELECT \(names.joined(separator: ", ")) FROM \(relation.name)"
  }
}

extension RunReport {
  /// The outcome of a table.
  public subscript(_ table: Table) -> TableOutcome? { tables.first { $0.table == table.name } }

  /// The status of each table in a word, as `name: status`.
  public var statuses: [String] { tables.map { "\($0.table): \($0.status.word)" } }

  /// The tables that committed.
  public var committed: [String] {
    tables.filter { $0.status.word == "committed" }.map(\.table.description)
  }

  /// The error that stopped a table; nil where none did.
  public func error(_ table: Table) -> RunError? {
    guard case .failed(let error)? = self[table]?.status else { return nil }
    return error
  }
}
