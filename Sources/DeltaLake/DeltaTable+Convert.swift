import Basics
import Storage

/// A Parquet file as it is, before a table knows it.
public struct ParquetFile: Sendable {
  /// The columns that the file holds.
  public let schema: Schema
  public let rows: Int64
  /// By the path of names from the column down.
  public let columns: [[String]: ColumnStatistics]

  public init(schema: Schema, rows: Int64, columns: [[String]: ColumnStatistics]) {
    self.schema = schema
    self.rows = rows
    self.columns = columns
  }
}

extension DeltaTable {
  /// Makes a table of the Parquet files in a folder, which stay as they are.
  ///
  /// Folders such as `day=2025-01-01` become partitions. Files are read for their columns and
  /// statistics; a column that some lack is NULL there.
  /// - Parameter partitionTypes: the types of partition columns; those left out are texts.
  public func convert(
    partitionTypes: [String: DeltaType] = [:], name: String? = nil, transaction: Transaction
  ) throws -> Snapshot {
    guard try !DeltaTable.exists(in: store) else { throw DeltaError.alreadyATable(address) }
    let found = try dataFiles()
    guard !found.isEmpty else { throw DeltaError.noDataFiles(address) }
    let partitions = found.first?.partitions.map(\.name) ?? []
    for file in found where file.partitions.map(\.name) != partitions {
      throw DeltaError.mixedPartitions(file.object.path, expected: partitions, table: address)
    }
    for name in partitionTypes.keys where !partitions.contains(name) {
      throw DeltaError.unknownColumn(name, known: partitions, table: address)
    }
    let files = try parquet().inspect(found.map { store.address($0.object.path) })
    var schema = Schema([])
    for file in files { schema = try schema.merged(with: file.schema, table: address) }
    schema.fields.removeAll { partitions.contains($0.name) }
    schema.fields += partitions.map { StructField($0, partitionTypes[$0] ?? .string) }
    let metadata = Metadata(
      id: randomUUID(), name: name, schema: schema, partitionColumns: partitions,
      createdTime: clock.now().milliseconds)
    var transaction = transaction
    let statistics = StatisticsWriter(schema: schema, partitionColumns: partitions)
    transaction.actions += try adds(found, files, schema, statistics).map(Action.add)
    return try create(metadata, transaction: transaction)
  }

  struct DataFile {
    let object: ObjectInfo
    let partitions: [(name: String, value: String?)]
  }

  /// The Parquet files below the table's folder, hidden ones and folders left out.
  func dataFiles() throws -> [DataFile] {
    try store.list("").compactMap { object in
      let parts = object.path.split(separator: "/")
      guard object.path.lowercased().hasSuffix(".parquet"), object.size > 0 else { return nil }
      let folders = parts.dropLast()
      for part in parts where part.hasPrefix("_") || part.hasPrefix(".") {
        guard part.unicodeScalars.contains("="), folders.contains(part) else { return nil }
      }
      return DataFile(object: object, partitions: PartitionFolder.values(of: object.path))
    }
  }

  /// The files as a commit names them, after a look at their partition values.
  func adds(
    _ found: [DataFile], _ files: [ParquetFile], _ schema: Schema, _ statistics: StatisticsWriter
  ) throws -> [AddFile] {
    try zip(found, files).map { place, file in
      for (name, value) in place.partitions {
        guard let value, let type = schema[name]?.type, type != .string else { continue }
        guard PredicateValue(value, as: type) != nil else {
          throw DeltaError.badPartitionValue(
            value, column: name, type: type.words, file: place.object.path, table: address)
        }
      }
      let values = Dictionary(place.partitions.map { ($0.name, $0.value) }) { first, _ in first }
      let written = WrittenFile(
        path: place.object.path, size: place.object.size, rows: file.rows, partitionValues: values,
        columns: file.columns)
      return AddFile(
        path: PercentEncoding.encode(path: place.object.path), partitionValues: values,
        size: place.object.size, modificationTime: place.object.modified.milliseconds,
        dataChange: true, stats: statistics.stats(written))
    }
  }
}

extension Schema {
  /// These columns and those of another file; a whole number or decimal takes the wider type.
  func merged(with other: Schema, table: String) throws(DeltaError) -> Schema {
    var merged = self
    for field in other.fields {
      guard let index = merged.fields.firstIndex(where: { $0.name == field.name }) else {
        if let other = merged[field.name] {
          throw .schemaChange(
            "columns '\(other.name)' and '\(field.name)' differ in case alone", table: table)
        }
        merged.fields.append(field)
        continue
      }
      let own = merged.fields[index].type
      if own == field.type || field.type.widens(to: own) { continue }
      guard own.widens(to: field.type) else {
        throw .schemaChange(
          "column '\(field.name)' is \(own.words) in some files and \(field.type.words) in others",
          table: table)
      }
      merged.fields[index].type = field.type
    }
    return merged
  }
}
