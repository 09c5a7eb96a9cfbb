import ArgumentParsing
import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium
import Rendering
import Storage

extension Project {
  /// `table`: looks at one Delta table, of the lake or any other.
  var tableCommand: Command<CommandAction> {
    Command(
      group: "table", "Looks at and maintains one Delta table, of the lake or elsewhere.",
      examples: [
        Example("table history silver.members", "A table of the lake."),
        Example("table cat ./some/table --version 3", "Any Delta table, as it was."),
      ],
      subcommands: [catCommand, changesCommand, filesCommand, historyCommand, detailCommand]
        + maintenanceCommands + writingCommands)
  }

  private var catCommand: Command<CommandAction> {
    Command(
      "cat", "Prints the rows of a table.", arguments: [.tableOrPath],
      options: [.condition, .version, .timestamp, .format, .rows],
      examples: [
        Example("table cat ./visits --where \"club = 'L1'\" --verbose", "And what is read for it.")
      ]
    ) { session in
      let format = try session.outputFormat()
      let (delta, engine) = try open(session).inOneSession()
      let snapshot = try session.snapshot(delta)
      let condition = try session.values.stringIfGiven("where")
      let parquet = try delta.parquet()
      if let condition { try delta.check(condition, snapshot) }
      let files = snapshot.files(matching: try condition.map(parquet.predicate) ?? .unknown)
      session.explain(try session.values.string("table"), files)
      let rows = try parquet.scan(delta.scan(files.files, snapshot))
      let filter = condition.map { " WHERE (\n\($0)\n)" } ?? ""
      let result = try engine.connection.query("SELECT * FROM \(rows.name) AS target\(filter)")
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
      let table = try open(session)
      let (delta, engine) = (table.delta, table.engine)
      let from = Int64(try session.values.int("from"))
      let to = Int64(try session.values.int("to"))
      guard from <= to else {
        throw WrongUsage(description: "FROM (\(from)) is the first version, TO (\(to)) the last.")
      }
      let feed = try delta.changeFeed(from: from, through: to)
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
      arguments: [.tableOrPath], options: [.version, .timestamp]
    ) { session in
      let delta = try open(session).delta
      let paths = try session.snapshot(delta).orderedFiles.map(\.path)
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
      let delta = try open(session).delta
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
}

extension HistoryEntry {
  fileprivate var row: [Value] {
    let added = metrics["numAddedFiles"]
    let removed = metrics["numRemovedFiles"]
    let files = [added.map { "+\($0)" }, removed.map { "-\($0)" }].compactMap { $0 }
    return [
      .int(version), .text(timestamp.text(decimals: 0)),
      .text(operation ?? ""), .text(rows ?? ""),
      .text(files.joined(separator: " ")), .text(engineInfo ?? ""),
    ]
  }

  /// Rows deleted or updated, else those that were written.
  private var rows: String? {
    metrics["numDeletedRows"] ?? metrics["numUpdatedRows"] ?? metrics["numOutputRows"]
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
