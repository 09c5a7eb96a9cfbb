import Basics
import Engines
import Glibc
import Storage

/// A connection to the engine together with the names given away on it.
///
/// For one thread at a time.
public final class EngineSession {
  /// The engine's connection.
  public let connection: EngineConnection
  /// Bytes that a thread may gather of rows before it writes them to a file.
  public let rowGroupBytes: Int64
  /// What an engine keeps of more rows than these, to group or to sort them, may fill its memory.
  public static let manyRows: Int64 = 10_000_000

  /// How many rows are grouped or sorted at once, and from how many on they are staged in a file.
  public let rowsAtOnce: Int64
  private var names = 0
  /// How many variables were set under a name.
  private var variables: [String: Int] = [:]
  /// Files of staged rows, which go with the session.
  private var files: [String] = []
  /// First rows of queries that depend on nothing but their text.
  private var constants: [String: [Value]] = [:]

  public init(
    _ connection: EngineConnection, rowGroupBytes: Int64 = 128 << 20,
    rowsAtOnce: Int64 = EngineSession.manyRows
  ) {
    self.connection = connection
    self.rowsAtOnce = rowsAtOnce
    self.rowGroupBytes = rowGroupBytes
  }

  deinit { for file in files { unlink(file) } }

  /// A name for a temporary table or view that nothing else has.
  public func temporaryName(_ about: String) -> String {
    names += 1
    return "podium_\(about)_\(names)"
  }

  /// Creates a temporary table of a query's rows, under a new name.
  public func stage(_ about: String, as query: String) throws(EngineError) -> String {
    let name = temporaryName(about)
    try connection.execute("CREATE TEMP TABLE \(name) AS \(query)")
    return name
  }

  /// Creates a temporary table of a query's rows, under a new name, and counts them.
  public func stageCounting(
    _ about: String, as query: String
  ) throws(EngineError) -> (name: String, rows: Int64) {
    let name = temporaryName(about)
    return (name, try count("CREATE TEMP TABLE \(name) AS \(query)"))
  }

  /// The same from the rows of several queries, one after the other, so that each needs less memory.
  /// - Parameter query: the query of a part, from 0 on.
  public func stageCounting(
    _ about: String, parts: Int64, as query: (Int64) -> String
  ) throws(EngineError) -> (name: String, rows: Int64) {
    var (name, rows) = try stageCounting(about, as: query(0))
    for part in stride(from: 1, to: parts, by: 1) {
      rows += try count("INSERT INTO \(name) \(query(part))")
    }
    return (name, rows)
  }

  /// Writes a query's rows to a Parquet file in a folder, until the session ends: many rows take less
  /// room there than in a temporary table, which fills the memory first.
  /// - Returns: what stands for them after FROM; `file_row_number` numbers them.
  public func stageFile(_ about: String, as query: String, in folder: String) throws -> String {
    try LocalStore(root: folder, rights: .ownerOnly).createFolder("")
    let path = "\(folder)/\(temporaryName(about))-\(uniqueName()).parquet"
    files.append(path)
    let options = "FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE_BYTES \(rowGroupBytes)"
    try connection.execute("COPY (\(query)) TO \(sqlLiteral(path)) (\(options))")
    return "read_parquet(\(sqlLiteral(path)))"
  }

  /// Creates a temporary table of columns of numbers, all of one length, under a new name.
  public func stage(
    _ about: String, numbers columns: [(name: String, values: [Int64])]
  ) throws -> String {
    let name = temporaryName(about)
    let rows = columns.first?.values.count ?? 0
    var starts = stride(from: 0, to: rows, by: 65_536).makeIterator()
    _ = try connection.ingest(name, columns: columns.map { ($0.name, .int64) }) {
      guard let start = starts.next() else { return nil }
      let part = start..<min(start + 65_536, rows)
      let buffers = columns.map { column in
        let buffer = ColumnBuffer(.int64, rows: part.count)
        for number in column.values[part] { buffer.append(number) }
        return buffer
      }
      return ColumnBatch(names: columns.map(\.name), columns: buffers)
    }
    return name
  }

  /// Sets variables to the values of a table's column, one for each row: `NAME_0`, `NAME_1` and so on
  /// in the order of another column.
  ///
  /// In a query `getvariable('NAME_0')` is a constant.
  public func setVariables(
    _ about: String, to value: String, of table: String, orderedBy order: String, count: Int
  ) throws(EngineError) -> String {
    let name = temporaryName(about)
    variables[name] = count
    for index in 0..<count {
      try connection.execute(
        "SET VARIABLE \(name)_\(index) = (SELECT \(value) FROM \(table) WHERE \(order) = \(index))")
    }
    return name
  }

  /// Removes a temporary table, or variables; no error where there is none.
  public func drop(table name: String) {
    if let count = variables.removeValue(forKey: name) {
      for index in 0..<count { try? connection.execute("RESET VARIABLE \(name)_\(index)") }
    } else {
      try? connection.execute("DROP TABLE IF EXISTS \(name)")
    }
  }

  /// The first row's values.
  public func row(_ sql: String) throws(EngineError) -> [Value] {
    try connection.query(sql).rows().first ?? []
  }

  /// The first row's values of a query that depends on nothing but its text; the engine is asked once.
  public func constant(_ sql: String) throws(EngineError) -> [Value] {
    if let known = constants[sql] { return known }
    let row = try row(sql)
    constants[sql] = row
    return row
  }

  /// The first row's first value as a whole number; 0 where there is none.
  public func count(_ sql: String) throws(EngineError) -> Int64 {
    try row(sql).first?.int ?? 0
  }
}
