import Basics
import DeltaLake
import Storage

extension MemoryParquet {
  public func scan(_ scan: Scan) throws -> Relation {
    relation(
      try read(scan).map { found in
        guard scan.positions else { return found.row }
        var row = found.row
        row[Scan.fileColumn] = .int(found.file)
        row[Scan.rowColumn] = .int(found.position)
        return row
      })
  }

  public func write(_ relations: [Relation], _ target: WriteTarget) throws -> [WrittenFile] {
    var folders: [String: (values: [String: String?], rows: [Row])] = [:]
    for row in try relations.flatMap(rows) {
      let named = target.schema.fields.compactMap { field in
        row[field.name].map { (field.storedName(target.mapping), $0) }
      }
      let known = Row(named) { first, _ in first }.filter { !$0.value.isNull }
      let partitions = target.partitionColumns.map {
        target.schema[$0]?.storedName(target.mapping) ?? $0
      }
      let (folder, values) = target.constant ?? place(known, partitions)
      folders[folder, default: (values, [])].rows.append(
        known.filter { !partitions.contains($0.key) })
    }
    var files: [WrittenFile] = []
    for (folder, content) in folders.sorted(by: { $0.key < $1.key }) {
      for start in stride(from: 0, to: content.rows.count, by: rowsPerFile) {
        let end =
          content.rows.count - start > rowsPerFile ? start + rowsPerFile : content.rows.count
        let rows = Array(content.rows[start..<end])
        let path = (folder.isEmpty ? "" : folder + "/") + "part-\(uniqueName()).json"
        let folder = try self.path(target.address)
        let size = try put(rows, folder.isEmpty ? path : folder + "/" + path)
        files.append(
          WrittenFile(
            path: path, size: Int64(size), rows: Int64(rows.count), partitionValues: content.values,
            columns: statistics(rows, target)))
      }
    }
    return files
  }

  /// The folder and the partition values of a row; special characters are escaped as Hive does.
  private func place(
    _ row: Row, _ columns: [String]
  ) -> (folder: String, values: [String: String?]) {
    var values: [String: String?] = [:]
    let parts = columns.map { column in
      let text = row[column].map { $0.string ?? $0.text }.flatMap { $0.isEmpty ? nil : $0 }
      values[column] = .some(text)
      return "\(column)=\(text.map(escaped) ?? "__HIVE_DEFAULT_PARTITION__")"
    }
    return (parts.joined(separator: "/"), values)
  }

  private func escaped(_ text: String) -> String {
    var out = ""
    for byte in text.utf8 {
      let scalar = Unicode.Scalar(byte)
      if scalar.properties.isAlphabetic && byte < 0x80 || (0x30...0x39).contains(byte)
        || "-_.".utf8.contains(byte)
      {
        out.unicodeScalars.append(scalar)
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        out += "%" + (digits.count == 1 ? "0" + digits : digits)
      }
    }
    return out
  }

  private func statistics(_ rows: [Row], _ target: WriteTarget) -> [[String]: ColumnStatistics] {
    var columns: [[String]: ColumnStatistics] = [:]
    for field in target.schema.fields where !target.partitionColumns.contains(field.name) {
      let name = field.storedName(target.mapping)
      let values = rows.compactMap { $0[name] }
      let texts = values.map { $0.string ?? $0.text }
      let ordered =
        [.long, .integer, .short].contains(field.type)
        ? texts.sorted { (Int64($0) ?? 0) < (Int64($1) ?? 0) }
        : texts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      columns[[name]] = ColumnStatistics(
        minimum: ordered.first, maximum: ordered.last, nullCount: Int64(rows.count - values.count))
    }
    return columns
  }
}
