import DeltaLake
import Engines

/// The query that reads chosen rows of data files.
///
/// Files that are read alike are read together: those of which all rows are meant, those of which
/// some are, and under a mapping by ids those with the same names for the same columns.
struct ScanQuery {
  let scan: Scan
  /// The columns of each file by their field ids, under a mapping by ids.
  var fileColumns: [[Int64: String]] = []
  /// Which rows are meant, where not all are: how the engine was told.
  var chosenRows: ChosenRows?
  /// For each file its place among those of which not all rows are meant.
  private let places: [Int?]

  init(_ scan: Scan) {
    self.scan = scan
    var count = 0
    places = scan.files.map { file in
      guard file.rows != .all else { return nil }
      defer { count += 1 }
      return count
    }
  }

  /// A condition for the rows of a file that are meant, over the position `row`; nil where all are.
  func condition(_ file: Int, row: String) -> String? {
    guard case .bits(let name)? = chosenRows, let place = places[file] else { return nil }
    let rows = scan.files[file].rows
    let wanted = if case .only = rows { 1 } else { 0 }
    return """
      CASE WHEN \(row) < \(rows.bitmap?.bitLength ?? 0) \
      THEN get_bit(getvariable('\(name)_\(place)'), CAST(\(row) AS INTEGER)) ELSE 0 END = \(wanted)
      """
  }

  var partitions: Set<String> { Set(scan.partitionColumns) }
  /// The columns that data files hold.
  var stored: [StructField] {
    scan.schema.fields.filter { !partitions.contains($0.name) && $0.type != .void }
  }

  /// A SELECT of the schema's columns, with positions where they are asked for.
  var text: String {
    guard !scan.files.isEmpty else { return empty }
    return groups.map { group in
      ScanGroup(self, group.files, group.columns, group.kind).text
    }.joined(separator: " UNION ALL ")
  }

  private var empty: String {
    var fields = scan.schema.fields
    if scan.positions {
      fields += [StructField(Scan.fileColumn, .long), StructField(Scan.rowColumn, .long)]
    }
    return Schema(fields).emptyQuery
  }

  /// Files of which all rows, all but some or only some are meant.
  enum Kind: Hashable { case all, except, only }

  private struct Group: Hashable {
    let kind: Kind
    let columns: [Int64: String]
  }

  /// Indexes of files that are read alike, each with the names of columns by id.
  private var groups: [(files: [Int], columns: [Int64: String], kind: Kind)] {
    var order: [Group] = []
    var members: [Group: [Int]] = [:]
    for (index, file) in scan.files.enumerated() {
      let columns = index < fileColumns.count ? fileColumns[index] : [:]
      let group = Group(kind: Kind(file.rows), columns: columns)
      if members[group] == nil { order.append(group) }
      members[group, default: []].append(index)
    }
    return order.flatMap { group in
      let files = members[group] ?? []
      // Each file has a condition of its own where it has a bit string of its own.
      let hasBits = if case .bits? = chosenRows { group.kind != .all } else { false }
      let size = hasBits ? 64 : max(files.count, 1)
      return stride(from: 0, to: files.count, by: size).map { start in
        (Array(files[start..<min(start + size, files.count)]), group.columns, group.kind)
      }
    }
  }
}

extension ScanQuery.Kind {
  fileprivate init(_ rows: Scan.Rows) {
    self =
      switch rows {
      case .all: .all
      case .except: .except
      case .only: .only
      }
  }
}

/// How an engine is told which rows of files are meant or left out.
enum ChosenRows: Hashable {
  /// The name of a table of them: `file`, an index into the scan's files, and
  /// `position`.
  case positions(String)
  /// The name of variables with a bit for each row, before `_0`, `_1` and so on: the n-th of them for
  /// the n-th file of which not all rows are meant.
  case bits(String)

  /// The name by which a session drops it.
  var name: String {
    switch self {
    case .positions(let name), .bits(let name): name
    }
  }
}

/// Files that are read by one call.
struct ScanGroup {
  let query: ScanQuery
  /// Indexes into the scan's files.
  let files: [Int]
  /// The names of the files' columns by id, under a mapping by ids.
  let columns: [Int64: String]
  let kind: ScanQuery.Kind

  /// True if not all rows of the files are meant.
  var someRows: Bool { kind != .all }
  var scan: Scan { query.scan }

  init(
    _ query: ScanQuery, _ files: [Int], _ columns: [Int64: String], _ kind: ScanQuery.Kind
  ) {
    self.query = query
    self.files = files
    self.columns = columns
    self.kind = kind
  }

  var text: String { readsFolders ? folders : plain }

  private var addresses: String {
    let list = files.map { sqlLiteral(globEscaped(scan.files[$0].address)) }
    return "[\(list.joined(separator: ", "))]"
  }

  /// The files' rows under the names that columns have in the files: a column that a file lacks is
  /// NULL, one that the table does not know is left out.
  private func read(_ options: String, _ virtual: String) -> String {
    let known = Schema(query.stored.compactMap(physical)).emptyQuery
    return """
      SELECT * FROM (\(known)) UNION ALL BY NAME \
      SELECT *\(virtual) FROM read_parquet(\(addresses), union_by_name = true, \(options))
      """
  }

  private var folders: String {
    let types = scan.partitionColumns.compactMap { column in
      scan.schema[column].map { "\(sqlLiteral(column)): \(sqlLiteral($0.type.duckDB))" }
    }
    let options = "hive_partitioning = true, hive_types = {\(types.joined(separator: ", "))}"
    return "SELECT \(scan.schema.casts()) FROM (\(read(options, "")))"
  }

  /// True if the rows need what the log says of their files.
  private var joinsFiles: Bool {
    !query.partitions.isEmpty || scan.positions && files != Array(files.indices)
  }

  private var plain: String {
    var virtual = ""
    if scan.positions || joinsFiles || someRows { virtual += ", file_index AS __own" }
    if scan.positions || someRows { virtual += ", file_row_number AS \(Scan.rowColumn)" }
    let columns = scan.schema.fields.map { field in
      "CAST(\(value(field)) AS \(field.type.duckDB)) AS \(sqlName(field.name))"
    }
    var positions = ""
    if scan.positions {
      positions =
        ", CAST(\(joinsFiles ? "p.__file" : "f.__own") AS BIGINT) AS \(Scan.fileColumn), "
        + "f.\(Scan.rowColumn)"
    }
    var text = """
      SELECT \(columns.joined(separator: ", "))\(positions) \
      FROM (\(read("hive_partitioning = false", virtual))) AS f
      """
    if joinsFiles { text += " JOIN (\(fileValues)) AS p ON p.__own = f.__own" }
    return text + chosenRows
  }

  /// What leaves those rows that are meant.
  private var chosenRows: String {
    switch query.chosenRows {
    case .positions(let table)? where someRows:
      // Files have other numbers in this group than in the scan.
      let numbers = files.enumerated().map { "(\($0), \($1))" }.joined(separator: ", ")
      return """
         \(kind == .only ? "SEMI" : "ANTI") JOIN (SELECT CAST(n.own AS UBIGINT) AS own, t.position \
        FROM \(table) AS t JOIN (VALUES \(numbers)) AS n(own, file) ON n.file = t.file) AS d \
        ON d.position = f.\(Scan.rowColumn) AND d.own = f.__own
        """
    case .bits? where someRows:
      let conditions = files.enumerated().compactMap { own, index in
        query.condition(index, row: "f.\(Scan.rowColumn)").map { "WHEN \(own) THEN \($0)" }
      }
      return " WHERE CASE f.__own \(conditions.joined(separator: " ")) ELSE true END"
    default: return ""
    }
  }

  /// What the log says of each file: its index here and in the scan, its partition values.
  private var fileValues: String {
    let rows = files.enumerated().map { own, index in
      let values = scan.partitionColumns.map { column in
        (scan.files[index].partitionValues[column] ?? nil).flatMap { $0.isEmpty ? nil : $0 }
          .map(sqlLiteral) ?? "NULL"
      }
      return "(\(([String(own), String(index)] + values).joined(separator: ", ")))"
    }
    let names = (["__own", "__file"] + scan.partitionColumns.map(sqlName)).joined(separator: ", ")
    return "SELECT * FROM (VALUES \(rows.joined(separator: ", "))) AS v(\(names))"
  }

  /// A column's value; the log's where it is a partition, also if the file holds another.
  private func value(_ field: StructField) -> String {
    guard query.partitions.contains(field.name) else { return logical(field, of: "f") }
    let value = "p.\(sqlName(field.name))"
    // The log spells bytes as the text they are in UTF-8.
    return field.type == .binary ? "encode(\(value))" : value
  }
}

extension ScanGroup {
  /// True if the folders' names tell the partition values, so that DuckDB can pass over files.
  ///
  /// Never with positions: DuckDB counts files anew once it has passed over some.
  fileprivate var readsFolders: Bool {
    !query.partitions.isEmpty && !scan.positions && !someRows && scan.mapping == .none
      && files.allSatisfy { index in
        let file = scan.files[index]
        // A folder above the table may look like a partition too.
        guard file.address.hasSuffix(file.path),
          !file.address.unicodeScalars.dropLast(file.path.unicodeScalars.count).contains("=")
        else { return false }
        let parts = file.path.split(separator: "/").dropLast()
        return parts.count == scan.partitionColumns.count
          && zip(parts, scan.partitionColumns).allSatisfy { part, column in
            guard let value = file.partitionValues[column] ?? nil else {
              return part == "\(column)=\(PartitionFolder.null)"
            }
            return ScanGroup.isPlain(value) && part == "\(column)=\(value)"
          }
      }
  }

  /// True for a value that DuckDB reads from a folder's name as it stands; `NULL` in any case it
  /// takes for a missing one.
  private static func isPlain(_ value: String) -> Bool {
    !value.isEmpty && value.utf8.allSatisfy(plain) && value != PartitionFolder.null
      && value.lowercased() != "null"
  }

  private static func plain(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
  }
}
