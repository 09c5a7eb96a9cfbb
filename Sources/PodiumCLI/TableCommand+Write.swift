import ArgumentParsing
import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium
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
          try rows().relation, base, transaction: Transaction("WRITE", isBlindAppend: true))
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
        let given = try rows()
        let result = try table.overwrite(
          scope, by: given.relation, base, transaction: Transaction("WRITE", isBlindAppend: false))
        return (given.count, "written", result.version)
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
        if assignments.keys.contains(where: { $0.lowercased() == parts[0].lowercased() }) {
          throw WrongUsage(description: "'\(printable(parts[0]))' is set twice.")
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
        rows are updated and new ones inserted. Columns that the query lacks stay as they are in \
        matched rows, and are NULL in new ones.
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
      let updateWhen = try session.values.stringIfGiven("update-when")
      let unmatched = try session.values.stringIfGiven("delete-unmatched-when").map {
        [MergeRequest.Clause(.delete, when: $0)]
      }
      let insertWhen = try session.values.stringIfGiven("insert-when")
      return try write(session) { table, base, rows in
        for key in keys where base.schema[key] == nil {
          throw DeltaError.unknownColumn(key, known: base.schema.names, table: table.address)
        }
        let given = try rows()
        for key in keys where !given.names.contains(key.lowercased()) {
          throw WrongUsage(
            description: "the query has no column '\(printable(key))', by which rows are to match.")
        }
        let update = MergeRequest.Clause(given.update(of: base.schema, keys), when: updateWhen)
        let clauses = matched + [update]
        let result = try table.merge(
          given.relation, base, keys: keys, whenMatched: clauses, insertWhen: insertWhen,
          whenNotMatchedBySource: unmatched ?? []
        ) { _ in Transaction("MERGE", isBlindAppend: false) }
        // Of matched rows that stay as they are nothing is told.
        let matched = zip(clauses, result.matched).filter { $0.0.action != .keep }.map(\.1)
        let changed = (matched + result.notMatchedBySource).reduce(result.inserted, +)
        return (changed, "inserted, updated or deleted", result.version)
      }
    }
  }

  /// Carries out a change and tells how many rows it concerned.
  private func write(
    _ session: Session,
    _ change: (DeltaTable, Snapshot, () throws -> GivenRows) throws -> (
      rows: Int64, verb: String, version: Int64
    )
  ) throws -> ExitStatus {
    let table = try open(session, writing: true)
    guard !table.isDeclared else {
      throw WrongUsage(description: ownedByRuns(session, table.delta))
    }
    let (delta, engine) = try table.inOneSession()
    let base = try delta.snapshot()
    let result = try change(delta, base) {
      let query = try givenRows(session, engine)
      let names = try engine.connection.describe(query).map { $0.name.lowercased() }
      let staged = try engine.stage("given", as: try fitted(query, base, engine, delta))
      return GivenRows(
        relation: Relation(staged), names: Set(names),
        count: try engine.count("SELECT count(*) FROM \(staged)"))
    }
    return try session.tell(
      "\(counted(result.rows, "row")) \(result.verb), version \(result.version)",
      ["rows": .int(result.rows), "version": .int(result.version)])
  }

  /// The query with the table's columns, each of its type; a nullable one that it lacks is NULL, and
  /// so is an empty text in a partition column, which a folder's name cannot tell from it.
  private func fitted(
    _ query: String, _ base: Snapshot, _ engine: EngineSession, _ table: DeltaTable
  ) throws -> String {
    let schema = base.schema
    let given = try engine.connection.describe(query).map(\.name)
    for name in given where schema[name] == nil {
      throw DeltaError.unknownColumn(name, known: schema.names, table: table.address)
    }
    let columns = schema.fields.map { field in
      let isGiven = given.contains { $0.lowercased() == field.name.lowercased() }
      var value = "CAST(\(isGiven ? sqlName(field.name) : "NULL") AS \(field.type.duckDB))"
      if field.type == .string, base.metadata.partitionColumns.contains(field.name) {
        value = "nullif(\(value), '')"
      }
      return "\(value) AS \(sqlName(field.name))"
    }
    return "SELECT \(columns.joined(separator: ", ")) FROM (\(query)) AS given"
  }
}

/// The rows of `--query`, with the table's columns.
private struct GivenRows {
  let relation: Relation
  /// The columns that the query has itself, in lower case.
  let names: Set<String>
  let count: Int64

  /// What a matched row becomes: the columns that the query has are taken over.
  func update(of schema: Schema, _ keys: [String]) -> MergeRequest.Action {
    let given = schema.names.filter { names.contains($0.lowercased()) }
    guard given.count < schema.names.count else { return .update }
    let matched = Set(keys.map { $0.lowercased() })
    let changed = given.filter { !matched.contains($0.lowercased()) }
    guard !changed.isEmpty else { return .keep }
    return .set(
      Dictionary(changed.map { ($0, "source.\(sqlName($0))") }) { first, _ in first })
  }
}

extension Project {
  /// The query of `--query`: one SELECT, with a line's end behind it for a comment in its last line.
  func givenRows(_ session: Session, _ engine: EngineSession) throws -> String {
    guard var query = try session.values.stringIfGiven("query") else {
      throw session.values.error(.other("Say which rows: --query \"SELECT …\"."))
    }
    try refuseChanges(query, engine, "'--query'")
    let tokens = sqlTokens(query)
    if let last = tokens.last, last.kind == .sign, last.text == ";" {
      query = String(decoding: Array(query.utf8)[..<last.offset], as: UTF8.self)
    }
    query += "\n"
    var seen: Set<String> = []
    let columns: [EngineField]
    do { columns = try engine.connection.describe(query) } catch {
      throw QueryRefused(description: error.excerpted)
    }
    for column in columns {
      guard seen.insert(column.name.lowercased()).inserted else {
        throw WrongUsage(
          description: "the query has two columns called '\(printable(column.name))': give one of "
            + "them another name with AS.")
      }
    }
    return query
  }
}
