import ArgumentParsing
import Basics
import DeltaLake
import Engines
import Rendering

extension Project {
  /// `table detail`: what a table is, as its log says.
  var detailCommand: Command<CommandAction> {
    Command(
      "detail", "Tells of a table's size, columns, properties and protocol.",
      arguments: [.tableOrPath], options: [.version, .timestamp]
    ) { session in
      let delta = try open(session).delta
      let state = try session.snapshot(delta)
      if session.json {
        try session.print(state.json(delta.address))
        return .done
      }
      try session.print(
        [ResultColumn("fact", .text), ResultColumn("value", .prose)],
        state.facts(delta.address).map { [.text($0.name), .text($0.value)] })
      try session.print(
        [ResultColumn("column", .text), ResultColumn("type", .text), ResultColumn("null", .text)],
        state.schema.fields.map { field in
          [
            .text(field.name), .text(field.type.json.string ?? field.type.json.text),
            .text(field.nullable ? "yes" : ""),
          ]
        })
      return .done
    }
  }
}

extension Snapshot {
  private var features: [String] {
    Set((tableProtocol.readerFeatures ?? []) + (tableProtocol.writerFeatures ?? [])).sorted()
  }

  private var deletedRows: Int64 {
    files.values.reduce(0) { $0 &+ ($1.deletionVector?.cardinality ?? 0) }
  }

  fileprivate func facts(_ address: String) -> [(name: String, value: String)] {
    var facts = [
      ("place", address), ("name", metadata.name ?? ""), ("about", metadata.description ?? ""),
      ("version", "\(version)"), ("id", metadata.id),
      ("rows", rowCount.map { grouped($0) } ?? "unknown"),
      ("files", grouped(files.count)), ("size", bytesText(sizeInBytes)),
      ("rows marked as deleted", grouped(deletedRows)),
      ("partitioned by", metadata.partitionColumns.joined(separator: ", ")),
      (
        "protocol",
        "reader \(tableProtocol.minReaderVersion), writer \(tableProtocol.minWriterVersion)"
      ), ("features", features.joined(separator: ", ")),
    ]
    facts += metadata.configuration.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    return facts.filter { !$0.1.isEmpty }
  }

  fileprivate func json(_ address: String) -> JSON {
    [
      "location": .string(address), "name": .optional(metadata.name),
      "description": .optional(metadata.description), "id": .string(metadata.id),
      "version": .int(version), "numRecords": rowCount.map { .int($0) } ?? .null,
      "numFiles": .int(files.count), "sizeInBytes": .int(sizeInBytes),
      "numDeletedRows": .int(deletedRows),
      "partitionColumns": .array(metadata.partitionColumns.map(JSON.string)),
      "minReaderVersion": .int(tableProtocol.minReaderVersion),
      "minWriterVersion": .int(tableProtocol.minWriterVersion),
      "tableFeatures": .array(features.map(JSON.string)),
      "properties": .map(metadata.configuration), "schema": schema.json,
    ]
  }
}
