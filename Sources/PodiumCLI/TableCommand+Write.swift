import ArgumentParsing
import Basics
import DeltaLake
import Engines
import Lakehouse
import Rendering

extension Option {
  static let query = Option.option(
    "query", "SQL", "The rows: a SELECT, also over files, such as FROM 'new.parquet'.")
  static let condition = Option.option(
    "where", "SQL", "Which rows: a condition over the table's columns.")
}

extension Project {
  /// Commands that change the rows of a table that no run computes.
  var writingCommands: [Command<CommandAction>] {
    [createCommand, appendCommand, overwriteCommand, updateCommand, deleteCommand, mergeCommand]
  }

  private var appendCommand: Command<CommandAction> {
    Command(
      "append", "Adds the rows of a query.", arguments: [.tableOrPath], options: [.query],
      examples: [Example("table append ./visits --query \"FROM 'new.csv'\"", "From a file.")]
    ) { session in
      try write(session) { table, base, rows in
        let result = try table.append(
          try rows(base.schema), base, transaction: Transaction("WRITE", isBlindAppend: true))
        return (result.addedRows, "added", result.version)
      }
    }
  }

  private var overwriteCommand: Command<CommandAction> {
    Command(
      "overwrite", "Replaces rows by those of a query: all, some partitions, or some rows.",
      arguments: [.tableOrPath],
      options: [
        .query, .condition,
        .flag("partitions", "Replace the partitions that the new rows are in."),
      ]
    ) { session in
      try session.values.refuseTogether(["where", "partitions"])
      var scope = OverwriteScope.table
      if let condition = try session.values.stringIfGiven("where") {
        scope = .rows(where: condition)
      } else if try session.values.flag("partitions") {
        scope = .partitions
      }
      return try write(session) { table, base, rows in
        let result = try table.overwrite(
          scope, by: try rows(base.schema), base,
          transaction: Transaction("WRITE", isBlindAppend: false))
        return (result.addedRows, "written", result.version)
      }
    }
  }

  private var deleteCommand: Command<CommandAction> {
    Command(
      "delete", "Deletes the rows that satisfy a condition.", arguments: [.tableOrPath],
      options: [.condition, .flag("all", "Delete all rows.")],
      examples: [Example("table delete ./visits --where \"day < DATE '2024-01-01'\"", "Old rows.")]
    ) { session in
      let condition = try session.values.stringIfGiven("where")
      guard try session.values.flag("all") != (condition != nil) else {
        throw session.values.error(.other("Say which rows: --where CONDITION, or --all."))
      }
      return try write(session) { table, base, _ in
        let result = try table.delete(
          where: condition, base, transaction: Transaction("DELETE", isBlindAppend: false))
        return (result.rows, "deleted", result.version)
      }
    }
  }

  private var updateCommand: Command<CommandAction> {
    Command(
      "update", "Gives columns of rows other values.", arguments: [.tableOrPath],
      options: [
        .option(
          "set", "COLUMN=SQL", "A column and an expression over the row as it was.", .text(),
          .repeating),
        .condition,
      ],
      examples: [
        Example("table update ./visits --set \"club='L1'\" --where \"club = 'l1'\"", "One column.")
      ]
    ) { session in
      var assignments: [String: String] = [:]
      for text in try session.values.strings("set") {
        let parts = text.split(separator: "=", maxSplits: 1).map(\.trimmingBlanks)
        guard parts.count == 2, !parts[0].isEmpty else {
          throw WrongUsage(
            description: "'\(printable(text))' sets nothing: write COLUMN=EXPRESSION.")
        }
        assignments[parts[0]] = parts[1]
      }
      guard !assignments.isEmpty else {
        throw session.values.error(.other("Say what to set: --set COLUMN=EXPRESSION."))
      }
      let condition = try session.values.stringIfGiven("where")
      return try write(session) { table, base, _ in
        let result = try table.update(
          assignments, where: condition, base,
          transaction: Transaction("UPDATE", isBlindAppend: false))
        return (result.rows, "updated", result.version)
      }
    }
  }

  private var mergeCommand: Command<CommandAction> {
    Command(
      "merge", "Updates rows by key from a query, and inserts those that are new.",
      discussion: """
        Conditions are SQL over the aliases source and target. Without further options matched \
        rows are updated and new ones inserted.
        """, arguments: [.tableOrPath],
      options: [
        .query, .option("on", "COLUMNS", "The key's columns, separated by commas."),
        .option("delete-when", "SQL", "Matched rows to delete instead of updating them."),
        .option("update-when", "SQL", "Matched rows to update; the others stay."),
        .option("insert-when", "SQL", "New rows to insert; the others are left out."),
        .option(
          "delete-unmatched-when", "SQL", "Rows of the table without a source row to delete."),
      ]
    ) { session in
      let keys = (try session.values.stringIfGiven("on") ?? "").split(separator: ",")
        .map(\.trimmingBlanks)
      guard !keys.isEmpty else {
        throw session.values.error(.other("Say by which columns rows match: --on COLUMNS."))
      }
      var matched: [MergeRequest.Clause] = []
      if let condition = try session.values.stringIfGiven("delete-when") {
        matched.append(.init(.delete, when: condition))
      }
      matched.append(.init(.update, when: try session.values.stringIfGiven("update-when")))
      let unmatched = try session.values.stringIfGiven("delete-unmatched-when").map {
        [MergeRequest.Clause(.delete, when: $0)]
      }
      let insertWhen = try session.values.stringIfGiven("insert-when")
      return try write(session) { table, base, rows in
        for key in keys where base.schema[key] == nil {
          throw DeltaError.unknownColumn(key, known: base.schema.names, table: table.address)
        }
        let result = try table.merge(
          try rows(base.schema), base, keys: keys, whenMatched: matched, insertWhen: insertWhen,
          whenNotMatchedBySource: unmatched ?? []
        ) { _ in Transaction("MERGE", isBlindAppend: false) }
        let changed = (result.matched + result.notMatchedBySource).reduce(result.inserted, +)
        return (changed, "inserted, updated or deleted", result.version)
      }
    }
  }

  /// Carries out a change and tells how many rows it concerned.
  private func write(
    _ session: Session,
    _ change: (DeltaTable, Snapshot, (Schema) throws -> Relation) throws -> (
      rows: Int64, verb: String, version: Int64
    )
  ) throws -> ExitStatus {
    let table = try open(session, writing: true)
    guard !table.isDeclared else { throw WrongUsage(description: ownedByRuns(session)) }
    let (delta, engine) = try table.inOneSession()
    let result = try change(delta, try delta.snapshot()) { schema in
      let query = try session.givenRows()
      return Relation(try engine.stage("given", as: try fitted(query, schema, engine, delta)))
    }
    return try session.tell(
      "\(counted(result.rows, "row")) \(result.verb), version \(result.version)",
      ["rows": .int(result.rows), "version": .int(result.version)])
  }

  /// The query with the table's columns, each of its type; a nullable one that it lacks is NULL.
  private func fitted(
    _ query: String, _ schema: Schema, _ engine: EngineSession, _ table: DeltaTable
  ) throws -> String {
    let given = try engine.connection.describe(query).map(\.name)
    for name in given where schema[name] == nil {
      throw DeltaError.unknownColumn(name, known: schema.names, table: table.address)
    }
    let columns = schema.fields.map { field in
      let isGiven = given.contains { $0.lowercased() == field.name.lowercased() }
      return "CAST(\(isGiven ? sqlName(field.name) : "NULL") AS \(field.type.duckDB)) "
        + "AS \(sqlName(field.name))"
    }
    return "SELECT \(columns.joined(separator: ", ")) FROM (\(query)) AS given"
  }
}

extension Session {
  /// The query of `--query`, without which there are no rows to write.
  func givenRows() throws -> String {
    guard let query = try values.stringIfGiven("query") else {
      throw values.error(.other("Say which rows: --query \"SELECT …\"."))
    }
    return query
  }
}
