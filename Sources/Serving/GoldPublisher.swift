import Basics
import DeltaLake
import Engines
import Glibc
import Lakehouse
import Podium
import SQLite
import Storage

/// What was published.
public struct Publication: Hashable, Sendable {
  /// One table.
  public struct PublishedTable: Hashable, Sendable {
    public let name: String
    public let rows: Int
    /// The version of the Delta table.
    public let version: Int64
  }

  public let path: String
  public let bytes: Int64
  public let tables: [PublishedTable]
  /// Declared gold tables that no run has made yet.
  public let missing: [TableName]
}

/// Why nothing was published.
public enum PublishError: Error, Hashable, Sendable, CustomStringConvertible {
  /// No run has made a gold table; the file that is there stays.
  case noGoldTable(lake: String, target: String)
  /// The target is a part of the lake itself.
  case insideLake(lake: String, target: String)
  /// A file is there that is no SQLite database.
  case notADatabase(String)

  public var description: String {
    switch self {
    case .noGoldTable(let lake, let target):
      "no gold table has been made in \(lake); \(target) stays as it is. Type "
        + "\(CommandHint.command("run")), then \(CommandHint.command("publish")) again."
    case .insideLake(let lake, let target):
      "\(target) lies among the lake's own files in \(lake). Name a file outside, or one in "
        + "\(lake)/published."
    case .notADatabase(let target):
      "\(target) exists and is no SQLite database, so it is not replaced. Name another file, or "
        + "move it away."
    }
  }
}

/// Puts the gold tables into one SQLite database that any client opens.
///
/// Beside the tables there are `table_descriptions`, `column_descriptions` and `fresh_as_of`. The
/// database is written under another name and then renamed, so a reader has the old one or the new.
public struct GoldPublisher: Sendable {
  public let lake: Lake
  public let tables: [Table]
  public let engine: EngineProvider

  public init(lake: Lake, tables: [Table], engine: EngineProvider) {
    self.lake = lake
    self.tables = tables.filter { $0.name.layer == .gold }
    self.engine = engine
  }

  /// Publishes to a file, replacing one of that name.
  public func publish(to path: String) throws -> Publication {
    let place = try lake.place(ofFile: path)
    let target = place.isLocal ? resolved(place.address) : place.address
    guard !place.isLocal || kindOfFile(target) != .folder else {
      throw StorageError(.isAFolder, .write, target)
    }
    let made = try tables.filter { try DeltaTable.exists(in: lake.store(.of($0))) }
    guard !made.isEmpty else {
      throw PublishError.noGoldTable(lake: lake.root, target: target)
    }
    try checkReplaceable(target, try lake.place(ofFile: target))
    guard place.isLocal else {
      let published = try place.put { try write(made, to: $0) }
      return Publication(
        path: target, bytes: try place.store.info(place.name)?.size ?? 0, tables: published,
        missing: tables.filter { !made.contains($0) }.map(\.name))
    }
    try LocalStore(root: parentPath(target)).createFolder("")
    let staged = parentPath(target) + "/.publish-\(uniqueName()).sqlite"
    defer { unlink(staged) }
    let published = try write(made, to: staged)
    // What an open client of the old file left beside it must not be taken for the new one's.
    for suffix in ["-journal", "-wal", "-shm"] { unlink(target + suffix) }
    guard rename(staged, target) == 0 else {
      throw StorageError(.failed, .write, target, detail: String(cString: strerror(errno)))
    }
    let size = try LocalStore(root: parentPath(target)).info(lastPathComponent(target))?.size ?? 0
    return Publication(
      path: target, bytes: size, tables: published,
      missing: tables.filter { !made.contains($0) }.map(\.name))
  }

  /// Refuses to replace what is no database, or a part of the lake.
  private func checkReplaceable(_ target: String, _ place: FilePlace) throws {
    if let folder = lake.folder(ofTarget: target), folder != "", !folder.hasPrefix("published/") {
      throw PublishError.insideLake(lake: lake.root, target: target)
    }
    guard let file = try place.store.info(place.name), file.size > 0 else { return }
    let magic = Array("SQLite format 3\0".utf8)
    let start = try place.store.read(place.name, range: 0..<Int64(magic.count))
    guard start == magic else { throw PublishError.notADatabase(target) }
  }

  private func write(
    _ tables: [Table], to path: String
  ) throws -> [Publication.PublishedTable] {
    let database = try Database(path, DatabaseOptions(journal: .rollback))
    return try database.transaction {
      try database.execute(GoldPublisher.schema)
      let session = try engine.session()
      var published: [Publication.PublishedTable] = []
      for table in tables {
        let delta = lake.table(.of(table)) { DuckDBParquet(session) }
        let snapshot = try delta.snapshot()
        try describe(table, snapshot, delta, in: database)
        let rows = try copy(table, snapshot, delta, session, into: database)
        published.append(
          .init(name: table.name.base, rows: rows, version: snapshot.version))
      }
      return published
    }
  }

  private static let schema = """
    CREATE TABLE table_descriptions (
      table_name TEXT PRIMARY KEY, description TEXT NOT NULL, key_columns TEXT NOT NULL
    );
    CREATE TABLE column_descriptions (
      table_name TEXT NOT NULL, position INTEGER NOT NULL, column_name TEXT NOT NULL,
      type TEXT NOT NULL, nullable INTEGER NOT NULL, description TEXT NOT NULL,
      PRIMARY KEY (table_name, position)
    );
    CREATE TABLE fresh_as_of (
      table_name TEXT PRIMARY KEY, version INTEGER NOT NULL, committed_at TEXT NOT NULL,
      rows INTEGER NOT NULL
    );
    """

  private func describe(
    _ table: Table, _ snapshot: Snapshot, _ delta: DeltaTable, in database: Database
  ) throws {
    let name = table.name.base
    _ = try database.run(
      "INSERT INTO table_descriptions VALUES (?, ?, ?)",
      [.text(name), .text(table.about), .text(table.key.joined(separator: ", "))])
    for (position, column) in table.columns.enumerated() {
      _ = try database.run(
        "INSERT INTO column_descriptions VALUES (?, ?, ?, ?, ?, ?)",
        [
          .text(name), .int(position + 1), .text(column.name), .text(column.type.sql),
          .bool(column.nullable), .text(column.about),
        ])
    }
    let committed = try delta.history(limit: 1).first?.timestamp ?? lake.clock.now()
    _ = try database.run(
      "INSERT INTO fresh_as_of VALUES (?, ?, ?, ?)",
      [
        .text(name), .integer(snapshot.version), .text(committed.text(decimals: 0)),
        .integer(snapshot.rowCount ?? -1),
      ])
  }

  private func copy(
    _ table: Table, _ snapshot: Snapshot, _ delta: DeltaTable, _ session: EngineSession,
    into database: Database
  ) throws -> Int {
    let columns = table.columns.map { column in
      "\(Database.quoted(column.name)) \(GoldPublisher.affinity(column.type))"
        + (column.nullable ? "" : " NOT NULL")
    }
    let keys = table.key.map(Database.quoted).joined(separator: ", ")
    let name = Database.quoted(table.name.base)
    try database.execute(
      "CREATE TABLE \(name) (\(columns.joined(separator: ", ")), PRIMARY KEY (\(keys)))")
    let marks = table.columns.map { _ in "?" }.joined(separator: ", ")
    let insert = try database.prepare("INSERT INTO \(name) VALUES (\(marks))")
    let relation = try DuckDBParquet(session).scan(delta.scan(snapshot))
    let result = try session.connection.query(
      """
      SELECT \(sqlNames(table.columns.map(\.name))) FROM \(relation.name) \
      ORDER BY \(sqlNames(table.key))
      """)
    var rows = 0
    while let batch = try result.next() {
      for row in 0..<batch.rows {
        _ = try insert.run(.positional(batch.columns.map { GoldPublisher.value($0.value(row)) }))
        rows += 1
      }
    }
    return rows
  }

  /// The declared type, by which SQLite chooses how to store a value: decimals become numbers.
  private static func affinity(_ type: ColumnType) -> String {
    switch type {
    case .string: "TEXT"
    case .int: "INTEGER"
    case .bool: "BOOLEAN"
    case .double: "REAL"
    case .decimal(let precision, let scale): "DECIMAL(\(precision), \(scale))"
    case .date: "DATE TEXT"
    case .timestamp: "TIMESTAMP TEXT"
    }
  }

  private static func value(_ value: Value) -> DatabaseValue {
    switch value {
    case .null: .null
    case .bool(let flag): .integer(flag ? 1 : 0)
    case .int(let number): .integer(number)
    case .float(let number): .real(Double(number))
    case .double(let number): .real(number)
    default: .text(value.plain)
    }
  }
}
