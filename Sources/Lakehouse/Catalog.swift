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
    /// What a table holds.
    public enum Content: Hashable, Sendable {
      /// The rows of a declared table.
      case declared(Table)
      /// The rows of a declared table that failed a rule.
      case rejects(of: Table)
      /// The landing files that could not be read.
      case refusedFiles
      /// What was given up of these and of the rows.
      case droppedRows
    }

    public let location: TableLocation
    public let content: Content

    /// The declaration; nil for a quarantine.
    public var table: Table? {
      if case .declared(let table) = content { return table }
      return nil
    }

    /// One sentence: what one row is.
    public var about: String {
      switch content {
      case .declared(let table): table.about
      case .rejects(let table):
        "One row per row of \(table.name) that failed a rule, with the rules' names."
      case .refusedFiles:
        "One row per landing file that could not be read, for each content it had."
      case .droppedRows: "One row per quarantined row or file that was given up, and by whom."
      }
    }

    /// The columns that SQL sees.
    public var schema: Schema {
      switch content {
      case .declared(let table): table.storedSchema
      case .rejects(let table): table.quarantineSchema
      case .refusedFiles: Schema(Schema.quarantinedFiles.fields + [RefusedFiles.resolvedAt])
      case .droppedRows: .droppedRows
      }
    }
  }

  /// All tables that SQL may name, whether they exist or not: those declared, then the quarantines.
  public var allEntries: [Entry] {
    tables.map { Entry(location: .of($0), content: .declared($0)) }
      + tables.filter { $0.query != nil }.map {
        Entry(location: .quarantine(of: $0), content: .rejects(of: $0))
      } + [
        Entry(location: .quarantinedFiles, content: .refusedFiles),
        Entry(location: .droppedRows, content: .droppedRows),
      ]
  }

  /// Declared tables, and the quarantines that exist, in the order of their names.
  public func entries() throws(StorageError) -> [Entry] {
    var entries: [Entry] = []
    for entry in allEntries {
      let isThere = try DeltaTable.exists(in: lake.store(entry.location))
      if isThere || entry.table != nil { entries.append(entry) }
    }
    return entries
  }

  /// Defines views for the tables that an SQL text names.
  ///
  /// A table that does not exist yet is an empty one. Files in which the query's conditions cannot
  /// hold, by partition values and statistics, are left out of the views.
  @discardableResult
  public func defineViews(for sql: String, in session: EngineSession) throws -> QueryTables {
    let wanted = Catalog.names(in: sql)
    let predicates = try QueryPredicates(of: sql, in: session)
    // Whoever asks the engine what there is means the lake.
    let all = wanted.contains { $0.hasPrefix("information_schema.") }
    var found = QueryTables()
    for entry in allEntries where all || wanted.contains(entry.location.name) {
      let scan = try define(entry, predicates.predicate(for: entry.location.name), in: session)
      if let scan { found.scans.append(scan) }
      guard scan == nil, wanted.contains(entry.location.name) else { continue }
      switch entry.content {
      case .declared: found.missing.append(entry.location.name)
      case .rejects(let table):
        let made = try DeltaTable.exists(in: lake.store(.of(table)))
        if !made { found.missing.append(table.name.description) }
      case .refusedFiles, .droppedRows: break
      }
    }
    return found
  }

  /// Defines the view of a table; nil where the table does not exist yet.
  private func define(
    _ entry: Entry, _ predicate: Predicate, in session: EngineSession
  ) throws -> QueryTables.TableScan? {
    let parts = entry.location.name.split(separator: ".", maxSplits: 1)
    guard parts.count == 2 else { return nil }
    var scan: QueryTables.TableScan?
    var query = entry.schema.emptyQuery
    let delta = lake.table(entry.location) { DuckDBParquet(session) }
    let snapshot = try delta.snapshotIfAny()
    if let snapshot {
      let files = snapshot.files(matching: predicate)
      let rows = try DuckDBParquet(session).scan(delta.scan(files.files, snapshot))
      query = "SELECT * FROM \(rows.name)"
      scan = QueryTables.TableScan(name: entry.location.name, files: files)
      if entry.content == .refusedFiles {
        query = try RefusedFiles(lake, tables).query(query, snapshot)
      }
    }
    let schema = sqlName(String(parts[0]))
    try session.connection.execute("CREATE SCHEMA IF NOT EXISTS \(schema)")
    try session.connection.execute(
      "CREATE OR REPLACE VIEW \(schema).\(sqlName(String(parts[1]))) AS \(query)")
    return scan
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

/// The tables that a query reads.
public struct QueryTables: Sendable {
  /// What is read of one table.
  public struct TableScan: Sendable {
    public let name: String
    /// Files in which the query's conditions may hold, and what is known of the others.
    public let files: PrunedFiles
  }

  /// Declared tables that do not exist yet, also where only their quarantine is asked for.
  public fileprivate(set) var missing: [String] = []
  public fileprivate(set) var scans: [TableScan] = []
}
