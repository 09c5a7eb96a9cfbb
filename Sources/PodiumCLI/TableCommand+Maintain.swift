import ArgumentParsing
import Basics
import DeltaLake
import Engines
import Lakehouse
import Rendering
import Storage

extension Project {
  /// Commands that leave a table's rows as they are, or as they once were.
  var maintenanceCommands: [Command<CommandAction>] {
    [optimizeCommand, vacuumCommand, restoreCommand, alterCommand, convertCommand, repairCommand]
  }

  private var optimizeCommand: Command<CommandAction> {
    Command(
      "optimize", "Rewrites small files as few large ones; no row changes.",
      arguments: [.tableOrPath],
      options: [
        .option(
          "target-size", "MB", "Size of a file.", .int(1...100_000),
          .otherwise("128; with --zorder-by about a 500th of the table")),
        .option(
          "zorder-by", "COLUMNS",
          "Columns, separated by commas, by which rows that are alike lie together."),
      ], examples: [Example("table optimize silver.class_attendance", "Fewer, larger files.")]
    ) { session in
      let table = try open(session, writing: true)
      var request = OptimizeRequest()
      request.targetSize = try session.values.intIfGiven("target-size").map { Int64($0) << 20 }
      request.zOrderBy = (try session.values.stringIfGiven("zorder-by") ?? "").split(separator: ",")
        .map { $0.trimmingBlanks }
      let result = try table.delta.optimize(
        request, try table.delta.snapshot(),
        transaction: Transaction("OPTIMIZE", isBlindAppend: false))
      return try session.tell(
        result.removedFiles == 0
          ? "nothing to do: its files are as they should be"
          : "\(counted(result.removedFiles, "file")) became \(result.addedFiles), version "
            + "\(result.version)",
        [
          "removedFiles": .int(result.removedFiles), "addedFiles": .int(result.addedFiles),
          "bytes": .int(result.addedBytes), "version": .int(result.version),
        ])
    }
  }

  private var vacuumCommand: Command<CommandAction> {
    Command(
      "vacuum", "Removes files that no version within the retention needs.",
      discussion: """
        Without --delete it only says what it would remove. Versions older than the retention \
        cannot be read afterwards.
        """, arguments: [.tableOrPath],
      options: [
        .flag("delete", "Really remove the files."),
        .option(
          "retention", "TIME", "How long files are kept; the table's own (7d) otherwise.",
          .duration(0...Int.max)),
        .flag("force", "Allow a retention below the table's own; only while nobody else uses it."),
      ], examples: [Example("table vacuum silver.members --delete", "Removes old files.")]
    ) { session in
      let delete = try session.values.flag("delete")
      let table = try open(session, writing: delete)
      let result = try table.delta.vacuum(
        try table.delta.snapshot(),
        retention: try session.values.secondsIfGiven("retention").map { seconds in
          let (milliseconds, overflow) = Int64(seconds).multipliedReportingOverflow(by: 1000)
          return overflow ? .max : milliseconds
        }, dryRun: !delete, force: try session.values.flag("force"))
      if !session.json, !delete {
        for file in result.files { try session.out.write(file.path + "\n") }
      }
      return try session.tell(
        result.files.isEmpty
          ? "nothing to remove"
          : "\(counted(result.files.count, "file")) (\(bytesText(result.bytes))) "
            + (delete ? "removed" : "would be removed; --delete removes them"),
        [
          "files": .array(result.files.map { .string($0.path) }), "bytes": .int(result.bytes),
          "removed": .bool(result.removed),
        ])
    }
  }

  private var restoreCommand: Command<CommandAction> {
    Command(
      "restore", "Gives a table the rows of an older version, as a new version.",
      arguments: [.tableOrPath], options: [.version, .timestamp],
      examples: [Example("table restore silver.members --version 3", "As it was at version 3.")]
    ) { session in
      guard session.values.isGiven("version") || session.values.isGiven("timestamp") else {
        throw session.values.error(.other("Say which state: --version N or --timestamp TIME."))
      }
      let table = try open(session, writing: true)
      let old = try session.snapshot(table.delta)
      let result = try table.delta.restore(
        to: old, try table.delta.snapshot(),
        transaction: Transaction("RESTORE", isBlindAppend: false))
      return try session.tell(
        "version \(result.version) is version \(old.version) again",
        [
          "version": .int(result.version), "restored": .int(old.version),
          "addedFiles": .int(result.addedFiles), "removedFiles": .int(result.removedFiles),
        ])
    }
  }

  private var convertCommand: Command<CommandAction> {
    Command(
      "convert", "Makes a Delta table of a folder of Parquet files, which stay as they are.",
      arguments: [.tableOrPath],
      options: [
        .option(
          "partition-types", "LIST",
          "Types of partition columns, such as day:date,shop:long; texts otherwise.")
      ], examples: [Example("table convert ./visits --partition-types day:date", "In place.")]
    ) { session in
      let asked = try session.values.string("table")
      guard asked.contains("/") else {
        throw WrongUsage(description: "convert takes a folder: write its path with a /.")
      }
      guard try Lake.store(asked).isThere() else {
        throw WrongUsage(description: "there is no folder \(printable(asked)).")
      }
      let table = try open(session)
      let snapshot = try table.delta.convert(
        partitionTypes: try session.partitionTypes(),
        transaction: Transaction("CONVERT", isBlindAppend: true))
      return try session.tell(
        "\(counted(snapshot.files.count, "file")) with "
          + "\(snapshot.rowCount.map { counted($0, "row") } ?? "an unknown number of rows") became "
          + "version 0",
        ["files": .int(snapshot.files.count), "rows": snapshot.rowCount.map { .int($0) } ?? .null])
    }
  }

  private var repairCommand: Command<CommandAction> {
    Command(
      "repair", "Takes in Parquet files that others put into a table's folder.",
      arguments: [.tableOrPath]
    ) { session in
      let table = try open(session, writing: true)
      guard !table.isDeclared else {
        throw WrongUsage(description: ownedByRuns(session, table.delta))
      }
      let result = try table.delta.repair(
        try table.delta.snapshot(), transaction: Transaction("REPAIR", isBlindAppend: true))
      return try session.tell(
        result.addedFiles == 0
          ? "no file that the table does not know"
          : "\(counted(result.addedFiles, "file")) with \(counted(result.addedRows, "row")) taken "
            + "in, version \(result.version)",
        [
          "addedFiles": .int(result.addedFiles), "addedRows": .int(result.addedRows),
          "version": .int(result.version),
        ])
    }
  }

  /// Why a declared table's rows are not changed by hand.
  func ownedByRuns(_ session: Session, _ table: DeltaTable) -> String {
    let asked = (try? session.values.string("table")) ?? ""
    return
      "the rows of \(printable(asked)) come from '\(name) run'. Whoever wants to change them all the "
      + "same names the table's folder, \(table.store.address("")): the next run finds the change and "
      + "takes it over or computes the table anew, as docs/refreshing.md says."
  }
}

extension Session {
  /// Ends a command with a line for people, or with facts.
  func tell(_ line: String, _ facts: JSON) throws -> ExitStatus {
    if json {
      try print(facts)
    } else {
      try out.write(line + "\n")
      try out.flush()
    }
    return .done
  }

  fileprivate func partitionTypes() throws -> [String: DeltaType] {
    var types: [String: DeltaType] = [:]
    for part in (try values.stringIfGiven("partition-types") ?? "").split(separator: ",") {
      let pieces = part.split(separator: ":", maxSplits: 1).map(\.trimmingBlanks)
      guard pieces.count == 2 else {
        throw WrongUsage(
          description: "'\(printable(String(part)))' is no column and type: write day:date.")
      }
      types[pieces[0]] = try deltaType(pieces[1])
    }
    return types
  }
}

extension StringProtocol {
  /// Without blanks at both ends.
  var trimmingBlanks: String {
    let start = drop { $0 == " " }
    return String(start.reversed().drop { $0 == " " }.reversed())
  }
}
