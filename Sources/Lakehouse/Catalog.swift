import Basics
import DeltaLake
import Engines
import Podium
import Storage

/// The tables of a lake by the names that SQL calls them: those declared, and the quarantines.
public struct Catalog: Sendable {
  public let lake: Lake
  /// The declared tables.
  public let tables: [Table]

  public init(lake: Lake, tables: [Table]) {
    self.lake = lake
    self.tables = tables
  }

  /// One table of the catalog.
  public struct Entry: Hashable, Sendable {
    public let location: TableLocation
    /// The declaration; nil for a quarantine.
    public let table: Table?
  }

  /// Declared tables, and the quarantines that exist, in the order of their names.
  public func entries() throws(StorageError) -> [Entry] {
    var entries = tables.map { Entry(location: .of($0), table: $0) }
    let quarantines = tables.filter { $0.query != nil }.map { TableLocation.quarantine(of: $0) }
    for location in quarantines + [.quarantinedFiles] {
      if try DeltaTable.exists(in: lake.store(location)) {
        entries.append(Entry(location: location, table: nil))
      }
    }
    return entries
  }

  /// The table of a name; nil where there is none.
  public func entry(_ name: String) throws(StorageError) -> Entry? {
    try entries().first { $0.location.name == name }
  }

  /// Defines views for the tables that an SQL text names.
  ///
  /// A declared table that does not exist yet is an empty one.
  /// - Returns: the names of declared tables that do not exist yet.
  @discardableResult
  public func defineViews(for sql: String, in session: EngineSession) throws -> [String] {
    let entries = try entries()
    let wanted = Catalog.names(in: sql)
    return try entries.filter { wanted.contains($0.location.name) }
      .filter { try !define($0, in: session) }.map(\.location.name)
  }

  /// Defines the view of a table; false where the table does not exist yet.
  private func define(_ entry: Entry, in session: EngineSession) throws -> Bool {
    let parts = entry.location.name.split(separator: ".", maxSplits: 1)
    guard parts.count == 2 else { return true }
    var exists = true
    let query: String
    let delta = lake.table(entry.location) { DuckDBParquet(session) }
    do {
      let snapshot = try delta.snapshot()
      query = "SELECT * FROM \(try DuckDBParquet(session).scan(delta.scan(snapshot)).name)"
    } catch DeltaError.notATable {
      guard let table = entry.table else { return false }
      exists = false
      query = table.storedSchema.emptyQuery
    }
    let schema = sqlName(String(parts[0]))
    try session.connection.execute("CREATE SCHEMA IF NOT EXISTS \(schema)")
    try session.connection.execute(
      "CREATE OR REPLACE VIEW \(schema).\(sqlName(String(parts[1]))) AS \(query)")
    return exists
  }

  /// The names of the form `layer.table` in an SQL text.
  public static func names(in sql: String) -> Set<String> {
    let tokens = sqlTokens(sql)
    var names: Set<String> = []
    for index in tokens.indices.dropLast(2) {
      let (schema, dot, table) = (tokens[index], tokens[index + 1], tokens[index + 2])
      guard dot.text == ".", schema.kind == .word || schema.kind == .quotedName,
        table.kind == .word || table.kind == .quotedName
      else { continue }
      names.insert("\(schema.text.lowercased()).\(table.text.lowercased())")
    }
    return names
  }
}
