import ArgumentParsing
import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium
import Rendering
import Storage

extension Argument {
  static let tableOrPath = Argument.required(
    "table", "A table's name, or the path of a Delta table (with a /).")
}

extension Option {
  static let version = Option.option(
    "version", "N", "The version to read; the newest where it is left out.", .int(0...Int.max))
}

extension Project {
  /// `table`: looks at one Delta table, of the lake or any other.
  var tableCommand: Command<CommandAction> {
    Command(
      group: "table", "Looks at one Delta table, of the lake or elsewhere.",
      examples: [
        Example("table history silver.members", "A table of the lake."),
        Example("table cat ./some/table --version 3", "Any Delta table, as it was."),
      ], subcommands: [catCommand, changesCommand, filesCommand, historyCommand])
  }

  private var catCommand: Command<CommandAction> {
    Command(
      "cat", "Prints the rows of a table.", arguments: [.tableOrPath],
      options: [.version, .format, .rows]
    ) { session in
      let format = try session.outputFormat()
      let (delta, engine) = try open(session)
      let snapshot = try delta.snapshot(version: try session.version())
      let connection = try engine.session()
      let rows = try DuckDBParquet(connection).scan(delta.scan(snapshot))
      let result = try connection.connection.query("SELECT * FROM \(rows.name)")
      try session.print(result, as: format)
      return .done
    }
  }

  private var changesCommand: Command<CommandAction> {
    Command(
      "changes", "Prints the rows that versions of a table inserted, updated or deleted.",
      arguments: [
        .tableOrPath,
        .required("from", "The first version.", .int(0...Int.max)),
        .required("to", "The last version, included.", .int(0...Int.max)),
      ], options: [.format]
    ) { session in
      let (delta, engine) = try open(session)
      let from = Int64(try session.values.int("from"))
      let feed = try delta.changeFeed(from: from, through: Int64(try session.values.int("to")))
      let connection = try engine.session()
      let rows = try DuckDBParquet(connection).changes(feed)
      let result = try connection.connection.query(
        "SELECT * FROM \(rows.name) ORDER BY \(ChangeFeed.versionColumn)")
      try ResultPrinter.print(
        result, as: try session.outputFormat(), to: session.out,
        style: .standardOutput(rowLimit: nil))
      return .done
    }
  }

  private var filesCommand: Command<CommandAction> {
    Command(
      "files", "Prints the paths of a table's data files, as its log holds them.",
      arguments: [.tableOrPath], options: [.version]
    ) { session in
      let (delta, _) = try open(session)
      let paths = try delta.snapshot(version: try session.version()).orderedFiles.map(\.path)
      if session.json {
        try session.print(.array(paths.map(JSON.string)))
      } else {
        for path in paths { try session.out.write(path + "\n") }
        try session.out.flush()
      }
      return .done
    }
  }

  private var historyCommand: Command<CommandAction> {
    Command(
      "history", "Lists the versions of a table, the newest first.", arguments: [.tableOrPath],
      options: [.option("limit", "N", "Versions to list.", .int(1...Int.max), .default("50"))]
    ) { session in
      let (delta, _) = try open(session)
      let entries = try delta.history(limit: try session.values.int("limit"))
      if session.json {
        try session.print(.array(entries.map(\.json)))
        return .done
      }
      try session.print(
        [
          ResultColumn("version", .number), ResultColumn("time (UTC)", .fixed),
          ResultColumn("operation", .fixed), ResultColumn("rows", .number),
          ResultColumn("files", .fixed), ResultColumn("engine", .text),
        ], entries.map(\.row))
      return .done
    }
  }

  /// The table that the argument means: a path where it contains a `/`, else a name of the lake.
  private func open(_ session: Session) throws -> (DeltaTable, EngineProvider) {
    let asked = try session.values.string("table")
    if asked.contains("/") {
      guard kindOfFile(asked) != .file else { throw DeltaError.notATable(asked) }
      let engine = EngineProvider(lake: nil)
      let store = LocalStore(root: asked)
      return (DeltaTable(store: store) { DuckDBParquet(try engine.session()) }, engine)
    }
    let lake = try session.lake()
    let engine = EngineProvider(lake: lake)
    let entry = try session.catalog(lake).entry(asked, tool: name)
    guard try DeltaTable.exists(in: lake.store(entry.location)) else {
      throw WrongUsage(description: missing(entry))
    }
    return (lake.table(entry.location) { DuckDBParquet(try engine.session()) }, engine)
  }
}

extension Project {
  /// Why a table of the catalog is not there.
  private func missing(_ entry: Catalog.Entry) -> String {
    let name = entry.location.name
    switch entry.content {
    case .declared: return "\(name) has not been made yet; '\(self.name) run' makes it."
    case .rejects(let table):
      return "\(name) does not exist, since no row of \(table.name) has failed a rule so far."
    case .refusedFiles:
      return "\(name) does not exist, since all files could be read so far."
    }
  }
}

extension Session {
  fileprivate func version() throws -> Int64? {
    try values.intIfGiven("version").map(Int64.init)
  }
}

extension HistoryEntry {
  fileprivate var row: [Value] {
    let added = metrics["numAddedFiles"]
    let removed = metrics["numRemovedFiles"]
    let files = [added.map { "+\($0)" }, removed.map { "-\($0)" }].compactMap { $0 }
    return [
      .int(version), .text(timestamp.text(decimals: 0)),
      .text(operation ?? ""), .text(metrics["numOutputRows"] ?? ""),
      .text(files.joined(separator: " ")), .text(engineInfo ?? ""),
    ]
  }

  fileprivate var json: JSON {
    [
      "version": .int(version), "timestamp": .string(timestamp.text(decimals: 3)),
      "operation": .optional(operation), "operationParameters": .map(parameters),
      "operationMetrics": .map(metrics), "engineInfo": .optional(engineInfo),
      "run": info?["podiumRun"] ?? .null,
    ]
  }
}
