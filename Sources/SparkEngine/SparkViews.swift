import Basics
import DeltaLake
import Engines
import Lakehouse
import Storage

/// Makes the rows of tables' files readable on a server, by views.
///
/// A view reads Parquet files that a pattern names, with the columns that the table has: one that a file
/// lacks is NULL. Partition values stand in the log alone. Servers pass over files that they do not find
/// without a word, so each view's rows are counted against the log before anything is computed from it.
struct SparkViews {
  let session: SparkSession
  /// What the embedded engine copies files with that the server cannot read as they are.
  let engine: EngineSession
  /// A folder for what the server is given.
  let exchange: any ObjectStore

  /// A view of Parquet files, and the rows that it must have.
  private struct Base {
    let name: String
    let rows: Int64
    /// What they are called in errors.
    let files: [Scan.File]
  }

  /// Files of one partition of which all rows are meant, or all but some.
  private struct Group: Hashable {
    let values: [String?]
    let isWhole: Bool
  }

  /// With more partitions than these, an engine that cannot tell a row's file gets a copy.
  static let mostPartitions = 256
  private var server: SparkServer { session.connection.server }

  /// The views of some scans, each with the named columns.
  func views(_ scans: [(scan: Scan, columns: [String])]) throws -> [String] {
    var made: [SparkSession.Key: String] = [:]
    var bases: [Base] = []
    let names = try scans.map { scan, columns in
      let key = SparkSession.Key(
        files: scan.files, fields: columns.compactMap { scan.schema[$0] })
      if let known = session.view(key) ?? made[key] { return known }
      let name = try create(scan, key.fields, &bases)
      made[key] = name
      return name
    }
    try check(bases)
    session.publish(made)
    return names
  }

  /// A view of a query's rows, which the embedded engine copies.
  func copy(of query: String) throws -> String {
    var bases: [Base] = []
    let columns = try engine.connection.describe("SELECT * FROM (\(query))")
    let fields = try columns.map {
      StructField($0.name, try DeltaType($0.type, column: $0.name, file: "a query"))
    }
    let name = try copy("(\(query))", fields, &bases)
    try check(bases)
    return name
  }

  /// A view of Parquet files with these columns.
  func view(ofFiles addresses: [String], rows: Int64, _ columns: [StructField]) throws -> String {
    guard !addresses.isEmpty else { return try define(empty(columns)) }
    var bases: [Base] = []
    let files = addresses.enumerated().map { index, address in
      Scan.File(
        address: address, partitionValues: [:], size: 0, path: address,
        recordCount: index == 0 ? rows : 0)
    }
    let name = try define(files, columns.map { ($0.name, $0.type) }, &bases)
    try check(bases)
    return name
  }

  /// A view of a scan's rows with the index of each row's file.
  func numbered(_ scan: Scan) throws -> String {
    var bases: [Base] = []
    let names = SparkSQL.names(scan.schema.names)
    let parts = try scan.files.enumerated().map { index, file in
      let one = Scan(
        files: [file], schema: scan.schema, partitionColumns: scan.partitionColumns,
        mapping: scan.mapping)
      let view = try create(one, scan.schema.fields, &bases)
      return "SELECT \(names), CAST(\(index) AS INT) AS \(Scan.fileColumn) FROM \(view)"
    }
    try check(bases)
    return try define(parts.joined(separator: " UNION ALL "))
  }

  private func check(_ bases: [Base]) throws {
    for part in stride(from: 0, to: bases.count, by: 32) {
      let some = bases[part..<min(part + 32, bases.count)]
      let queries = some.enumerated().map {
        "SELECT CAST(\($0) AS INT) AS number, count(*) AS n FROM \($1.name)"
      }
      // Views may have been made in a session that a new server began.
      let counts = try session.connection.rows(
        ([SparkViews.sessionQuery] + queries).joined(separator: " UNION ALL "))
      var found: [Int: Int64] = [:]
      for row in counts {
        if row.count == 2, let number = row[0].int, let rows = row[1].int {
          found[Int(number)] = rows
        }
      }
      for (index, base) in some.enumerated() where found[index] != base.rows {
        throw SparkError.rowsMissing(
          files: base.files.map(\.address), found: found[index], expected: base.rows,
          server: session.connection.settings.address)
      }
    }
  }

  private static let sessionQuery =
    "SELECT CAST(-1 AS INT) AS number, count(*) AS n FROM \(SparkConnect.sessionView)"

  /// Refuses a session that a new server began; for queries without views.
  func checkSession() throws { _ = try session.connection.rows(SparkViews.sessionQuery) }

  private func create(
    _ scan: Scan, _ fields: [StructField], _ bases: inout [Base]
  ) throws -> String {
    guard !scan.files.isEmpty else { return try define(empty(fields)) }
    let partitions = scan.partitionColumns.filter { name in fields.contains { $0.name == name } }
    guard scan.mapping != .id, fields.allSatisfy({ $0.type.isRead }),
      scan.files.allSatisfy({ SparkViews.isPlain($0.address) && !$0.rows.areChosen })
    else { return try copyAll(scan, fields, &bases) }
    var order: [Group] = []
    var members: [Group: [Scan.File]] = [:]
    for file in scan.files {
      let group = Group(
        values: partitions.map { file.partitionValues[$0] ?? nil }, isWhole: file.rows == .all)
      if members[group] == nil { order.append(group) }
      members[group, default: []].append(file)
    }
    if order.count > SparkViews.mostPartitions && !server.hasRowIndexes
      || isSmall(scan, groups: order.count)
    {
      return try copyAll(scan, fields, &bases)
    }
    if order.count > SparkViews.mostPartitions || order.contains(where: { !$0.isWhole }),
      server.hasRowIndexes
    {
      return try byPaths(scan, fields, partitions, &bases)
    }
    if order.count == 1, order[0].isWhole, partitions.isEmpty, !fields.isEmpty,
      fields.allSatisfy({ $0.type != .void && $0.storedName(scan.mapping) == $0.name })
    {
      return try define(scan.files, fields.map { ($0.name, $0.type) }, &bases)
    }
    let parts = try order.map { group in
      let files = members[group] ?? []
      let part = Scan(
        files: files, schema: scan.schema, partitionColumns: scan.partitionColumns,
        mapping: scan.mapping)
      guard group.isWhole else {
        return "SELECT \(names(fields)) FROM \(try copyAll(part, fields, &bases))"
      }
      return try whole(part, fields, Dictionary(zip(partitions, group.values)) { $1 }, &bases)
    }
    return try define(parts.joined(separator: " UNION ALL "))
  }

  /// True for so few rows in so many partitions that one copy costs less than a view of each.
  ///
  /// Sail takes 15 ms to make a view, and some 20 ms for each in a query; DuckDB copies 20,000 rows in
  /// 10 ms.
  private func isSmall(_ scan: Scan, groups: Int) -> Bool {
    let counts = scan.files.compactMap(\.recordCount)
    return groups > 3 && counts.count == scan.files.count
      && counts.reduce(0, &+) <= Int64(groups) * (engine.rowsAtOnce / 500)
  }

  private func names(_ fields: [StructField]) -> String { SparkSQL.names(fields.map(\.name)) }

  private func empty(_ fields: [StructField]) -> String {
    "SELECT \(fields.map { cast("NULL", $0) }.joined(separator: ", ")) FROM range(0)"
  }

  private func cast(_ value: String, _ field: StructField) -> String {
    "CAST(\(value) AS \(field.type.spark ?? "STRING")) AS \(SparkSQL.name(field.name))"
  }

  private func define(_ query: String) throws -> String {
    let name = session.newName()
    try session.connection.execute("CREATE OR REPLACE TEMPORARY VIEW \(name) AS \(query)")
    return name
  }

  // MARK: Files as they are

  /// A query for all rows of files of one partition.
  private func whole(
    _ scan: Scan, _ fields: [StructField], _ values: [String: String?], _ bases: inout [Base]
  ) throws -> String {
    let stored = fields.filter { values.index(forKey: $0.name) == nil && $0.type != .void }
    // A view has at least one column.
    let read = stored.isEmpty ? scan.storedFields.prefix(1).map(\.self) : stored
    let base = try define(
      scan.files, read.map { ($0.storedName(scan.mapping), $0.type) }, &bases)
    let columns = fields.map { field in
      if let value = values[field.name] { return partition(field, value) }
      return field.type == .void
        ? cast("NULL", field)
        : cast(SparkSQL.name(field.storedName(scan.mapping)), field)
    }
    return "SELECT \(columns.joined(separator: ", ")) FROM \(base)"
  }

  /// A column with the partition value that the log tells; the empty text is NULL.
  private func partition(_ field: StructField, _ value: String?) -> String {
    let text = value.flatMap { $0.isEmpty ? nil : SparkSQL.literal($0) } ?? "NULL"
    return cast(text, field)
  }

  /// A view of Parquet files with declared columns.
  private func define(
    _ files: [Scan.File], _ columns: [(name: String, type: DeltaType)], _ bases: inout [Base]
  ) throws -> String {
    let name = session.newName()
    let list = columns.map { "\(SparkSQL.name($0.name)) \($0.type.spark ?? "STRING")" }
      .joined(separator: ", ")
    try session.connection.execute(
      """
      CREATE OR REPLACE TEMPORARY VIEW \(name) (\(list)) USING parquet \
      OPTIONS (path \(SparkSQL.literal(pattern(files.map(\.address)))))
      """)
    bases.append(Base(name: name, rows: try rows(of: files), files: files))
    return name
  }

  /// How many rows files have, deleted ones too: by the log, else by their footers.
  private func rows(of files: [Scan.File]) throws -> Int64 {
    let told = files.compactMap(\.recordCount)
    if told.count == files.count { return told.reduce(0, &+) }
    return try DuckDBParquet(engine).inspect(files.map(\.address)).map(\.rows).reduce(0, &+)
  }

  /// One pattern for some files: their folder, and the rest of their paths in braces.
  private func pattern(_ addresses: [String]) -> String {
    let paths = addresses.map(serverPath)
    guard paths.count > 1, let first = paths.first else { return paths.first ?? "" }
    var folder = first[...]
    for path in paths {
      while !path.hasPrefix(folder) { folder = folder.dropLast() }
    }
    guard let slash = folder.lastIndex(of: "/") else { return "{\(paths.joined(separator: ","))}" }
    let shared = folder[...slash]
    let rest = paths.map { $0.dropFirst(shared.count) }
    return "\(shared){\(rest.joined(separator: ","))}"
  }

  /// An address as the server spells it.
  func serverPath(_ address: String) -> String {
    server.kind == .apacheSpark && address.hasPrefix("s3://")
      ? "s3a" + address.dropFirst(2) : address
  }

  /// True for an address that means itself in a pattern.
  private static func isPlain(_ address: String) -> Bool {
    address.utf8.allSatisfy { byte in
      byte > 0x20 && byte < 0x7F && !"{},*?[]\\%'`\"".utf8.contains(byte)
    }
  }

  // MARK: Copies

  /// A copy of all rows of a scan.
  private func copyAll(
    _ scan: Scan, _ fields: [StructField], _ bases: inout [Base]
  ) throws -> String {
    let parquet = DuckDBParquet(engine)
    let relation = try parquet.scan(scan)
    defer { parquet.release(relation) }
    return try copy(relation.name, fields, &bases)
  }

  private func copy(
    _ relation: String, _ fields: [StructField], _ bases: inout [Base]
  ) throws -> String {
    let file = try write("SELECT \(sqlNames(fields.map(\.name))) FROM \(relation) AS r")
    return try define([file], fields.map { ($0.name, $0.type) }, &bases)
  }

  /// Has the embedded engine write a query's rows to a file for the server.
  func write(_ query: String, rowGroupBytes: Int64? = nil) throws -> Scan.File {
    try exchange.createFolder("")
    let path = "copy-\(uniqueName()).parquet"
    let address = exchange.address(path)
    let groups = rowGroupBytes.map { ", ROW_GROUP_SIZE_BYTES \($0)" } ?? ""
    let rows = try engine.count(
      "COPY (\(query)) TO \(sqlLiteral(address)) (FORMAT parquet, COMPRESSION snappy\(groups))")
    return Scan.File(
      address: address, partitionValues: [:], size: 0, path: path, recordCount: rows)
  }

  // MARK: Rows by their places

  /// A view whose rows are told by their files and their places in them.
  private func byPaths(
    _ scan: Scan, _ fields: [StructField], _ partitions: [String], _ bases: inout [Base]
  ) throws -> String {
    let base = session.newName()
    let address = pattern(scan.files.map(\.address))
    let source = "parquet.\(SparkSQL.name(address)) WITH (mergeSchema 'true')"
    try session.connection.execute(
      """
      CREATE OR REPLACE TEMPORARY VIEW \(base) AS SELECT *, \
      regexp_replace(_metadata.file_path, '^file:/+', '/') AS \(SparkViews.path), \
      _metadata.row_index AS \(Scan.rowColumn) FROM \(source)
      """)
    bases.append(Base(name: base, rows: try rows(of: scan.files), files: scan.files))
    let known = Set(
      try session.connection.describe("SELECT * FROM \(base)").map { $0.name.lowercased() })
    let columns = fields.map { field in
      if partitions.contains(field.name) { return cast("p.\(SparkSQL.name(field.name))", field) }
      let stored = field.storedName(scan.mapping)
      return known.contains(stored.lowercased())
        ? cast("f.\(SparkSQL.name(stored))", field) : cast("NULL", field)
    }
    var query = "SELECT \(columns.joined(separator: ", ")) FROM \(base) AS f"
    if !partitions.isEmpty {
      let values = try share(
        filesOf(scan, partitions), [SparkViews.path] + partitions, types: [:], &bases)
      query += " JOIN \(values) AS p ON p.\(SparkViews.path) = f.\(SparkViews.path)"
    }
    return try define(query + (deletedRows(scan, &bases) ?? ""))
  }

  private static let path = "__path"

  /// The files of a scan with the partition values of each, as a query of the embedded engine.
  private func filesOf(_ scan: Scan, _ partitions: [String]) -> String {
    let rows = scan.files.map { file in
      let values = partitions.map { name in
        (file.partitionValues[name] ?? nil).flatMap { $0.isEmpty ? nil : sqlLiteral($0) } ?? "NULL"
      }
      return "(\(([sqlLiteral(serverPath(file.address))] + values).joined(separator: ", ")))"
    }
    let names = sqlNames([SparkViews.path] + partitions)
    return "SELECT * FROM (VALUES \(rows.joined(separator: ", "))) AS v(\(names))"
  }

  /// A join that leaves out the rows that were deleted; nil where none were.
  private func deletedRows(_ scan: Scan, _ bases: inout [Base]) throws -> String? {
    var numbers: [Int64] = []
    var rows: [Int64] = []
    var files: [String] = []
    for file in scan.files {
      guard case .except(let bitmap) = file.rows else { continue }
      bitmap.forEach { row in
        numbers.append(Int64(files.count))
        rows.append(Int64(clamping: row))
      }
      files.append("(\(files.count), \(sqlLiteral(serverPath(file.address))))")
    }
    guard !files.isEmpty else { return nil }
    let staged = try engine.stage("places", numbers: [("file", numbers), (Scan.rowColumn, rows)])
    defer { engine.drop(table: staged) }
    let view = try share(
      """
      SELECT n.path AS \(SparkViews.path), t.\(Scan.rowColumn) FROM \(staged) AS t \
      JOIN (VALUES \(files.joined(separator: ", "))) AS n(file, path) ON n.file = t.file
      """, [SparkViews.path, Scan.rowColumn], types: [Scan.rowColumn: .long], &bases)
    return " LEFT ANTI JOIN \(view) AS d ON d.\(SparkViews.path) = f.\(SparkViews.path) "
      + "AND d.\(Scan.rowColumn) = f.\(Scan.rowColumn)"
  }

  /// A view of what the embedded engine gives; columns are texts unless a type is named.
  private func share(
    _ query: String, _ columns: [String], types: [String: DeltaType], _ bases: inout [Base]
  ) throws -> String {
    let file = try write(query)
    return try define([file], columns.map { ($0, types[$0] ?? .string) }, &bases)
  }
}

extension DeltaType {
  /// True if a server reads columns of this type.
  fileprivate var isRead: Bool { spark != nil }
}

extension Scan.Rows {
  /// True where only some rows are meant, and these are named.
  fileprivate var areChosen: Bool {
    if case .only = self { return true }
    return false
  }
}

extension Scan {
  /// The columns that files hold.
  fileprivate var storedFields: [StructField] {
    schema.fields.filter { !partitionColumns.contains($0.name) && $0.type != .void }
  }
}
