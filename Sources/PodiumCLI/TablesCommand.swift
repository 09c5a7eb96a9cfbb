import ArgumentParsing
import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium
import Rendering
import Storage

/// A table's size as its log tells it.
struct TableSize {
  let version: Int64
  let rows: Int64?
  let files: Int
  let bytes: Int64
}

extension Session {
  /// The size of a table; nil where it does not exist.
  func size(
    _ location: TableLocation, _ lake: Lake, _ engine: EngineProvider
  ) throws -> TableSize? {
    let delta = lake.table(location) { DuckDBParquet(try engine.session()) }
    return try delta.snapshotIfAny().map {
      TableSize(
        version: $0.version, rows: $0.rowCount, files: $0.files.count, bytes: $0.sizeInBytes)
    }
  }
}

extension Project {
  /// `tables`: what there is.
  var tablesCommand: Command<CommandAction> {
    Command("tables", "Lists the tables with their sizes.") { session in
      let lake = try session.lake()
      let engine = EngineProvider(lake: lake)
      let entries = try session.catalog(lake).entries()
      // A table that cannot be read is told, and the others are listed all the same.
      var failures: [(name: String, reason: String)] = []
      let sizes = try entries.map { entry in
        func failed(_ error: any Error) -> TableSize? {
          failures.append((lake.name(entry.location), "\(error)"))
          return nil
        }
        do { return try session.size(entry.location, lake, engine) } catch let error as DeltaError {
          return failed(error)
        } catch let error as StorageError {
          return failed(error)
        }
      }
      let unread = Set(failures.map(\.name))
      session.show(failures: failures)
      let status = failures.isEmpty ? ExitStatus.done : .failed
      if session.json {
        try session.print([
          "lake": .string(lake.root),
          "tables": .array(zip(entries, sizes).map { $0.json($1) }),
        ])
        return status
      }
      try session.print(
        [
          ResultColumn("table", .text), ResultColumn("version", .number),
          ResultColumn("rows", .number), ResultColumn("files", .number),
          ResultColumn("size", .number),
        ],
        zip(entries, sizes).map { entry, size in
          let name = lake.name(entry.location)
          guard let size else {
            let word = unread.contains(name) ? "?" : ""
            return [.text(name)] + Array(repeating: .text(word), count: 4)
          }
          return [
            .text(name), .int(size.version),
            .text(size.rows.map { grouped($0) } ?? "?"), .text(grouped(size.files)),
            .text(bytesText(size.bytes)),
          ]
        })
      if sizes.count(where: { $0 == nil }) > failures.count {
        session.say(
          "tables without a version do not exist yet: \(CommandHint.command("run")) makes them.")
      }
      return status
    }
  }
}

extension Catalog.Entry {
  fileprivate func json(_ size: TableSize?) -> JSON {
    [
      "table": .string(location.name), "about": .optional(table?.about),
      "version": .optional(size?.version), "rows": .optional(size?.rows),
      "files": .optional(size?.files), "bytes": .optional(size?.bytes),
    ]
  }
}
