import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium
import Runner
import Storage

extension TestLake {
  /// Brings written rows to an input.
  /// - Parameter number: the step's number, by which landing files are in order.
  func take(_ step: TestStep, number: Int) throws {
    switch step {
    case .run: break
    case .whole(let input, let text):
      try write(text, to: input, number: number, replacing: true)
    case .rows(let input, let text):
      guard let landing = input.landing else {
        return try write(text, to: input, number: number, replacing: false)
      }
      try land(text, of: input, in: landing, number: number)
    }
  }

  /// Lands rows as a file of JSON lines, in which a text stays as it is and NULL is told.
  private func land(
    _ text: TableText, of input: Table, in landing: LandingSource, number: Int
  ) throws {
    let sources = text.columns.map { name in
      input.columns.first { $0.name == name }?.source ?? name
    }
    let lines = text.rows.map { row in
      JSON.object(
        zip(sources, row.cells).map { JSON.Member($0, $1.map(JSON.string) ?? .null) }
      ).text + "\n"
    }
    let digits = String(number)
    let name = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    try land("\(landing.folder)/\(name).ndjson", lines.joined())
  }

  /// Writes rows into a table that no run computes here.
  func write(_ text: TableText, to table: Table, number: Int, replacing: Bool) throws {
    let session = try TestLake.engine.session()
    let delta = lake.table(.of(table)) { DuckDBParquet(session) }
    let base = try delta.snapshotIfAny() ?? create(table, delta)
    let rows = Relation("(\(try query(text, table, number: number)))")
    let transaction = given("WRITE")
    if replacing {
      _ = try delta.overwrite(rows, base, transaction: transaction)
    } else if table.mergesByKey {
      let staged = try session.stage("given", as: "SELECT * FROM \(rows.name)")
      defer { session.drop(table: staged) }
      _ = try delta.merge(
        Relation(staged), base, keys: table.key, whenMatched: [.init(.update)]
      ) { _ in given("MERGE") }
    } else {
      _ = try delta.append(
        rows, base, transaction: given("WRITE", blindAppend: true))
    }
  }

  /// Creates an input; columns that a test does not name are NULL, so any may be.
  private func create(_ table: Table, _ delta: DeltaTable) throws -> Snapshot {
    try lake.store(.of(table)).createFolder("")
    let fields = table.storedSchema.fields.map { field in
      var field = field
      field.nullable = true
      return field
    }
    let metadata = Metadata(
      id: randomUUID(), name: table.name.description, description: table.about,
      schema: Schema(fields), partitionColumns: table.storedPartitions,
      createdTime: lake.clock.now().milliseconds)
    return try delta.create(
      metadata, transaction: given("CREATE TABLE"))
  }

  /// A transaction that counts as a run's: rows that a test gives are not changes by others.
  private func given(_ operation: String, blindAppend: Bool = false) -> Transaction {
    var transaction = Transaction(operation, isBlindAppend: blindAppend)
    transaction.tags = [JSON.Member(CommitTag.run, "given")]
    return transaction
  }

  /// A query that gives written rows in a table's stored columns.
  private func query(_ text: TableText, _ table: Table, number: Int) throws -> String {
    let fields = table.storedSchema.fields
    guard !text.rows.isEmpty else { return Schema(fields).emptyQuery }
    return text.rows.enumerated().map { index, row in
      let values = Dictionary(uniqueKeysWithValues: zip(text.columns, row.cells))
      let columns = fields.map { field -> String in
        var value = (values[field.name] ?? nil).map(sqlLiteral) ?? "NULL"
        // Rows that the test does not trace to a file are older than those of any file.
        if values[field.name] == nil {
          if field.name == TechnicalColumn.file { value = sqlLiteral("") }
          if field.name == TechnicalColumn.line { value = "\(number &* 1000 &+ index &+ 1)" }
        }
        return "CAST(\(value) AS \(field.type.duckDB)) AS \(sqlName(field.name))"
      }
      return "SELECT \(columns.joined(separator: ", "))"
    }.joined(separator: " UNION ALL ")
  }

  /// The values of some columns; no rows where there is no table.
  func cells(
    _ location: TableLocation, _ columns: [String], _ types: [ColumnType]
  ) throws -> [[Cell]] {
    let session = try TestLake.engine.session()
    let parquet = DuckDBParquet(session)
    let delta = lake.table(location) { parquet }
    guard let snapshot = try delta.snapshotIfAny() else { return [] }
    let relation = try parquet.scan(delta.scan(snapshot))
    defer { parquet.release(relation) }
    let order = columns.indices.map { String($0 + 1) }.joined(separator: ", ")
    let rows = try session.connection.query(
      "SELECT \(sqlNames(columns)) FROM \(relation.name) ORDER BY \(order)"
    ).rows()
    return rows.map { row in
      zip(row, columns.indices).map { value, index in
        Cell(value, snapshot.schema[columns[index]]?.type.column ?? types[index])
      }
    }
  }
}

extension DeltaType {
  /// The type as declarations call it; nil for one that none declares.
  fileprivate var column: ColumnType? {
    switch self {
    case .string: .string
    case .long: .int
    case .double: .double
    case .decimal(let precision, let scale): .decimal(precision: precision, scale: scale)
    case .boolean: .bool
    case .date: .date
    case .timestamp: .timestamp
    default: nil
    }
  }
}
