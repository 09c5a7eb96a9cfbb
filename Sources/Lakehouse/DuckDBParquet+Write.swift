import Basics
import DeltaLake
import Engines
import Glibc
import S3
import Storage

extension DuckDBParquet {
  public func write(_ rows: [Relation], _ target: WriteTarget) throws -> [WrittenFile] {
    for name in target.partitionColumns where target.schema[name]?.type == .binary {
      throw EngineError(.statement, "bytes cannot be a partition: column '\(name)' is binary")
    }
    let columns = storedColumns(target)
    var query = rows.map { "SELECT \(columns) FROM \($0.name) AS r" }
      .joined(separator: " UNION ALL ")
    var options = [
      "FORMAT parquet", "COMPRESSION snappy", "RETURN_STATS",
      "ROW_GROUP_SIZE_BYTES \(session.rowGroupBytes)",
    ]
    if let rows = target.rowGroupRows { options.append("ROW_GROUP_SIZE \(rows)") }
    if target.mapping != .none { options.append("FIELD_IDS \(fieldIDs(target))") }
    let folder = target.constant.map { "\(target.address)/\($0.folder)" } ?? target.address
    try makeFolder(folder)
    let destination: String
    var order: String?
    if target.isOrdered {
      query = rows.map {
        "SELECT \(columns), r.\(Scan.fileColumn), r.\(Scan.rowColumn) FROM \($0.name) AS r"
      }.joined(separator: " UNION ALL ")
      query = "SELECT * EXCLUDE (\(Scan.rowColumn)) FROM (\(query)) ORDER BY \(Scan.rowColumn)"
      options += [
        "PARTITION_BY (\(Scan.fileColumn))", "WRITE_PARTITION_COLUMNS false",
        "HIVE_FILE_PATTERN false", "APPEND", "FILENAME_PATTERN 'part-{uuid}'",
      ]
      destination = folder + "/."
    } else if target.partitionColumns.isEmpty || target.constant != nil {
      if !target.sortedBy.isEmpty {
        query = "SELECT * FROM (\(query)) ORDER BY \(stored(target.sortedBy, target))"
      }
      destination = "\(folder)/part-\(uniqueName()).parquet"
    } else {
      // Rows of a partition must come together, or each thread opens a file for each partition.
      let names = stored(target.partitionColumns, target)
      order = stored(target.partitionColumns + target.sortedBy, target)
      query = "SELECT * FROM (\(query))"
      options += ["PARTITION_BY (\(names))", "APPEND", "FILENAME_PATTERN 'part-{uuid}'"]
      // DuckDB would cut letters beyond ASCII off the end of the folder's name.
      destination = folder + "/."
    }
    var files: [WrittenFile] = []
    func copy(_ query: String) throws {
      let result = try session.connection.query(
        "COPY (\(query)) TO \(sqlLiteral(destination)) (\(options.joined(separator: ", ")))")
      while let batch = try result.next() {
        for row in 0..<batch.rows { files.append(try writtenFile(batch, row, target)) }
      }
    }
    if let order {
      try inParts(query, target) { try copy("\(query)\($0) ORDER BY \(order)") }
    } else {
      try copy(query)
    }
    for file in files where file.rows == 0 { unlink("\(target.address)/\(file.path)") }
    return files.filter { $0.rows > 0 }
  }

  /// Gives conditions that part a query's many rows by their first partition column, so that each part
  /// can be sorted in memory; one without words for few rows.
  private func inParts(
    _ query: String, _ target: WriteTarget, _ body: (_ condition: String) throws -> Void
  ) throws {
    guard let rows = target.rows, rows > session.rowsAtOnce,
      let first = target.partitionColumns.first
    else { return try body("") }
    let column = stored([first], target)
    let parts = try session.stage(
      "parts",
      as: """
        SELECT row_number() OVER (ORDER BY part NULLS LAST) - 1 AS number, min(value) AS low, \
        max(value) AS high FROM (SELECT value, CASE WHEN value IS NOT NULL THEN (\
        sum(rows) OVER (ORDER BY value NULLS LAST ROWS UNBOUNDED PRECEDING) - rows) \
        // \(session.rowsAtOnce) END AS part FROM (\
        SELECT \(column) AS value, count(*) AS rows FROM (\(query)) GROUP BY 1)) GROUP BY part
        """)
    defer { session.drop(table: parts) }
    let lows = try session.connection.query("SELECT low FROM \(parts) ORDER BY number").rows()
    let bounds = try ["low", "high"].map { name in
      try session.setVariables(
        name, to: name, of: parts, orderedBy: "number", count: lows.count)
    }
    defer { for name in bounds { session.drop(table: name) } }
    for (number, low) in lows.enumerated() {
      let values = bounds.map { "getvariable('\($0)_\(number)')" }.joined(separator: " AND ")
      try body(
        low.first == .null ? " WHERE \(column) IS NULL" : " WHERE \(column) BETWEEN \(values)")
    }
  }

  /// Columns by the names that they have in files.
  private func stored(_ names: [String], _ target: WriteTarget) -> String {
    names.map { sqlName(target.schema[$0]?.storedName(target.mapping) ?? $0) }
      .joined(separator: ", ")
  }

  /// The columns under the names that they have in files, each cast to its type.
  private func storedColumns(_ target: WriteTarget) -> String {
    let names = FieldNames(from: \.name, to: { $0.storedName(target.mapping) })
    return storedFields(target).map { field in
      "CAST(\(names.value(field, of: "r")) AS \(names.wanted(field.type).duckDB)) "
        + "AS \(sqlName(field.storedName(target.mapping)))"
    }.joined(separator: ", ")
  }

  private func storedFields(_ target: WriteTarget) -> [StructField] {
    let left = target.constant == nil ? [] : Set(target.partitionColumns)
    return target.schema.fields.filter { !left.contains($0.name) && $0.type != .void }
  }

  /// The ids of columns and nested fields as `COPY` takes them.
  private func fieldIDs(_ target: WriteTarget) -> String {
    func ids(_ fields: [StructField]) -> [String] {
      fields.compactMap { field in
        var parts = field.columnID.map { ["__duckdb_field_id: \($0)"] } ?? []
        parts += inner(field.type)
        guard !parts.isEmpty else { return nil }
        return "\(sqlName(field.storedName(target.mapping))): {\(parts.joined(separator: ", "))}"
      }
    }
    func nested(_ name: String, _ type: DeltaType) -> [String] {
      let parts = inner(type)
      return parts.isEmpty ? [] : ["\(name): {\(parts.joined(separator: ", "))}"]
    }
    func inner(_ type: DeltaType) -> [String] {
      switch type {
      case .structure(let fields): ids(fields)
      case .array(let element, _): nested("element", element)
      case .map(let key, let value, _): nested("key", key) + nested("value", value)
      default: []
      }
    }
    let stored = storedFields(target).filter { !target.partitionColumns.contains($0.name) }
    return "{\(ids(stored).joined(separator: ", "))}"
  }

  /// Makes a folder of this machine; a bucket has none.
  private func makeFolder(_ path: String) throws {
    guard !S3Location.isMeant(path) else { return }
    try LocalStore(root: path).createFolder("")
  }

  /// A row of what `COPY … (RETURN_STATS)` answers: filename, count, size, footer size, statistics
  /// by quoted column path, and partition values.
  private func writtenFile(
    _ batch: EngineBatch, _ row: Int, _ target: WriteTarget
  ) throws(EngineError) -> WrittenFile {
    guard batch.columns.count >= 6, let name = batch.columns[0].string(row),
      let rows = batch.columns[1].value(row).int, let size = batch.columns[2].value(row).int,
      let path = path(name, below: target.address)
    else { throw EngineError(.unsupportedData, "COPY told nothing of a file it wrote") }
    var columns: [[String]: ColumnStatistics] = [:]
    if case .map(let entries) = batch.columns[4].value(row) {
      for entry in entries {
        guard let path = entry.key.string, case .map(let facts) = entry.value else { continue }
        columns[columnPath(path)] = ColumnStatistics(duckDB: facts)
      }
    }
    var partitions = target.constant?.values ?? [:]
    if case .map(let entries) = batch.columns[5].value(row) {
      for entry in entries {
        let name = entry.key.string ?? ""
        if name == Scan.fileColumn { continue }
        // The empty text and NULL are the same partition of a Delta table.
        let value = entry.value.string.flatMap { $0.isEmpty ? nil : $0 }
        let column = target.schema.fields.first { $0.storedName(target.mapping) == name }
        let isInstant = column?.type == .timestamp
        partitions[name] = .some(isInstant ? value.map(isoInstant) : value)
      }
    }
    return WrittenFile(
      path: path, size: size, rows: rows,
      partitionValues: partitions, columns: columns)
  }

  /// `yyyy-MM-ddTHH:mm:ss.ffffffZ` for DuckDB's `yyyy-MM-dd HH:mm:ss[.ffffff]+00`, which few other
  /// readers know; any other text as it is.
  private func isoInstant(_ text: String) -> String {
    let parts = text.split(separator: " ")
    guard parts.count == 2, parts[1].hasSuffix("+00") else { return text }
    let time = parts[1].dropLast(3).split(separator: ".")
    guard let clock = time.first, time.count <= 2 else { return text }
    let fraction = time.count == 2 ? time[1] : ""
    return "\(parts[0])T\(clock).\((fraction + "000000").prefix(6))Z"
  }

  /// The path below a folder of a file that DuckDB names.
  private func path(_ name: String, below folder: String) -> String? {
    guard name.utf8.starts(with: (folder + "/").utf8) else { return nil }
    let path = String(decoding: name.utf8.dropFirst(folder.utf8.count + 1), as: UTF8.self)
    // A file must not have two paths, and some readers take none with a `.` in it.
    return path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
  }

  /// Takes `"s"."b"` apart; a quote inside a name is doubled.
  private func columnPath(_ text: String) -> [String] {
    var names: [String] = []
    var name = String.UnicodeScalarView()
    var inside = false
    var scalars = text.unicodeScalars.makeIterator()
    var held = scalars.next()
    while let scalar = held {
      held = scalars.next()
      if scalar == "\"" {
        if inside, held == "\"" {
          name.append(scalar)
          held = scalars.next()
        } else {
          inside.toggle()
          if !inside {
            names.append(String(name))
            name = String.UnicodeScalarView()
          }
        }
      } else if inside {
        name.append(scalar)
      }
    }
    return names
  }
}

extension ColumnStatistics {
  fileprivate init(duckDB facts: [(key: Value, value: Value)]) {
    self.init(minimum: nil, maximum: nil, nullCount: nil)
    for (key, value) in facts {
      switch key.string {
      case "min": minimum = value.string
      case "max": maximum = value.string
      case "null_count": nullCount = value.string.flatMap { Int64($0) }
      case "has_nan": hasNaN = value.string == "true"
      default: continue
      }
    }
  }
}
