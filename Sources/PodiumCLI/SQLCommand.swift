import ArgumentParsing
import Basics
import Engines
import Lakehouse
import Podium
import Rendering
import Runner

extension Option {
  /// `--format`, how rows are written.
  static let format = Option.option(
    "format", "F", "How rows are written (table; json where --json is given).",
    .choice(of: OutputFormat.self))

  /// `--limit`, how many rows are written.
  static let rows = Option.option(
    "limit", "N", "Rows to print; 0 prints all.", .int(0...Int.max),
    .otherwise("100 of a table on a terminal, else all"))
}

extension Session {
  /// The format asked for.
  func outputFormat() throws -> OutputFormat {
    guard let format: OutputFormat = try values.choiceIfGiven("format") else {
      return json ? .json : .table
    }
    if json, format != .json {
      throw values.error(
        .other("--json and --format \(format.rawValue) contradict each other: leave one out."))
    }
    return format
  }
}

extension Session {
  /// Writes the rows of a result, as many and in the format as was asked for.
  func print(_ result: EngineResult, as format: OutputFormat) throws {
    let limit = try values.intIfGiven("limit")
    try ResultPrinter.print(
      result, as: format, to: out, style: .standardOutput(rowLimit: 100),
      limit: limit.map { $0 == 0 ? .max : $0 })
  }
}

extension Session {
  /// What a query cost, on standard error.
  fileprivate func say(_ scan: ScanSummary, seconds: Double) {
    say(
      errorTerminal.sentence(
        "\(scan), in \(durationText(seconds: seconds)); Athena would have charged "
          + "\(fixed(scan.athenaDollars, decimals: 6)) USD"))
  }
}

extension Project {
  /// `sql`: asks the tables.
  var sqlCommand: Command<CommandAction> {
    Command(
      "sql", "Asks the tables with SQL; nothing can be changed.",
      discussion: """
        Tables are called bronze.x, silver.x, gold.x and quarantine.x. The SQL is DuckDB's, with \
        Spark's function names added. Unless --json is given, standard error ends with what was read \
        and passed over, and what Amazon Athena would have charged (5 USD a terabyte, at least 10 MB).
        """, arguments: [.optional("query", "A SELECT, in quotes.")],
      options: [
        .option(
          "file", "FILE", "Read the query from a file; - for standard input.", .file, letter: "f"),
        .format, .rows,
      ],
      examples: [
        Example("sql \"SELECT * FROM gold.daily_active_members LIMIT 5\"", "A few rows."),
        Example("sql --format csv \"SELECT * FROM gold.customer_ltv\"", "All rows as CSV."),
        Example("sql -f report.sql", "A query that is in a file."),
        Example("sql \"SHOW TABLES\"", "What can be asked."),
      ]
    ) { session in
      let format = try session.outputFormat()
      let query = try session.query()
      let lake = try session.lake()
      let engine = EngineProvider(lake: lake)
      var scans: [QueryTables.TableScan] = []
      var before: Int64?
      let start = monotonicSeconds()
      let result = try ask(query, session.catalog(lake), engine) { tables in
        for name in tables.missing {
          session.warn(
            "\(name) has not been made yet, so it has no rows; \(CommandHint.command("run")) makes it"
          )
        }
        session.explain(tables.scans)
        scans = tables.scans
        before = bytesReadByProcess()
      }
      session.explain(engine)
      try session.print(result, as: format)
      guard !session.json, !scans.isEmpty, readsRows(query) else { return .done }
      let read = before.flatMap { before in bytesReadByProcess().map { $0 - before } }
      session.say(
        ScanSummary(scans, measured: read), seconds: monotonicSeconds() - start)
      return .done
    }
  }

  /// False for a question about tables that is answered without their rows.
  private func readsRows(_ query: String) -> Bool {
    let tokens = sqlTokens(query)
    let first = tokens.first
    return first?.isWord("describe") != true && first?.isWord("desc") != true
      && first?.isWord("show") != true && !tokens.contains { $0.isWord("information_schema") }
  }

  /// Runs a SELECT over the lake's tables.
  /// - Parameter onTables: hears, before it is run, of the tables that it reads.
  func ask(
    _ query: String, _ catalog: Catalog, _ engine: EngineProvider,
    onTables: (QueryTables) -> Void
  ) throws -> EngineResult {
    let session = try engine.session()
    if let tables = try tablesQuery(query, catalog) { return try session.connection.query(tables) }
    try refuseChanges(query, session, "'\(name) sql'")
    try refuseUnknownTables(query, catalog)
    onTables(try catalog.defineViews(for: query, in: session))
    do {
      return try session.connection.query(query)
    } catch let error where error.code == .permissionDenied {
      throw error
    } catch {
      // The engine's words may quote a row's value, which may be personal.
      throw QueryRefused(description: try withHint(error.excerpted, catalog))
    }
  }

  /// Asks the engine's own parser whether the text is one SELECT, or EXPLAIN and one SELECT.
  ///
  /// Texts that it does not understand pass: running them gives the better message, and they cannot
  /// do anything.
  /// - Parameter asker: what asks for a query, in quotes.
  func refuseChanges(_ query: String, _ session: EngineSession, _ asker: String) throws {
    let text = withoutExplain(query)
    guard let json = try session.syntaxTree(of: text) else { return }
    if json["error"]?.bool == true {
      if json["error_type"]?.string == "parser" {
        if text == query { return }
        throw QueryRefused(description: json["error_message"]?.string ?? "the query has no end")
      }
      throw QueryRefused(
        description: asker.hasPrefix("'--")
          ? "\(asker) takes one SELECT."
          : "\(asker) only reads: give one SELECT. Tables change through \(CommandHint.command("run"))."
      )
    }
    let statements = json["statements"]?.array?.count
    guard statements != 0 else {
      throw QueryRefused(description: "the query is empty: give one SELECT.")
    }
    guard statements == 1 else {
      throw QueryRefused(description: "\(asker) runs one SELECT at a time: give one.")
    }
  }

  /// What stands behind EXPLAIN and its options; the whole text where it does not begin so.
  private func withoutExplain(_ query: String) -> String {
    var tokens = sqlTokens(query)[...]
    guard tokens.first?.isWord("explain") == true else { return query }
    tokens.removeFirst()
    if tokens.first?.isWord("analyze") == true { tokens.removeFirst() }
    // `(FORMAT json)`, but not the parentheses around a SELECT.
    func isSign(_ token: SQLToken?, _ sign: String) -> Bool {
      token?.kind == .sign && token?.text == sign
    }
    let second = tokens.dropFirst().first
    if isSign(tokens.first, "("),
      second?.isWord("format") == true || second?.isWord("analyze") == true,
      let end = tokens.firstIndex(where: { isSign($0, ")") })
    {
      tokens = tokens[(end + 1)...]
    }
    guard let first = tokens.first else { return query }
    return String(decoding: Array(query.utf8)[first.offset...], as: UTF8.self)
  }

  /// A name after FROM or JOIN that is of a layer but no table is told with its near miss.
  private func refuseUnknownTables(_ query: String, _ catalog: Catalog) throws {
    let known = catalog.allEntries.map(\.location.name)
    let tokens = sqlTokens(query)
    let layers = Set(Layer.allCases.map(\.rawValue) + ["quarantine"])
    for index in tokens.indices.dropLast(3) {
      guard tokens[index].isWord("from") || tokens[index].isWord("join"),
        layers.contains(tokens[index + 1].text.lowercased()), tokens[index + 2].text == "."
      else { continue }
      let name = "\(tokens[index + 1].text).\(tokens[index + 3].text)".lowercased()
      if !known.contains(name) { throw UnknownTable(name: name, known: known, tool: self.name) }
    }
  }

  /// The engine's message, with the name of a table that was meant where it met an unknown one.
  private func withHint(_ message: String, _ catalog: Catalog) throws -> String {
    let mark = "Table with name "
    guard message.hasPrefix("Catalog Error"), let start = message.firstRange(of: mark)?.upperBound
    else { return message }
    let asked = String(message[start...].prefix { $0 != " " })
    let known = try catalog.entries().map(\.location.name)
    let lines = message.split(separator: "\n", omittingEmptySubsequences: false)
    let rest = lines.filter { !$0.hasPrefix("Did you mean") }.joined(separator: "\n")
    return rest.replacingFirstLine { $0 + didYouMean(asked, in: known) }
  }
}

extension String {
  /// The text with its first line changed.
  fileprivate func replacingFirstLine(_ change: (String) -> String) -> String {
    let parts = split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    let first = change(parts.first.map(String.init) ?? "")
    return parts.count > 1 ? first + "\n" + parts[1] : first
  }
}
