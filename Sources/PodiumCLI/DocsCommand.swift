import ArgumentParsing
import Basics
import Documentation
import Engines
import Lakehouse
import Lineage
import Podium
import Storage

extension Project {
  /// `docs`: the reference of all tables.
  var docsCommand: Command<CommandAction> {
    Command(
      "docs", "Writes the reference of all tables: dictionary, diagrams, a page for each.",
      discussion: """
        All is made of the declarations; no data is needed. Example rows are kept in a file beside the \
        pages; --lake takes them anew from a lake, personal values masked. Pages that belong to no table \
        any more are deleted; files of others are left alone. --check writes nothing and ends with 1 where \
        the pages are not what the declarations say.
        """,
      options: [
        .option("to", "DIR", "The folder of the pages.", .folder, .default("docs/reference")),
        .flag("check", "Write nothing; name the files that differ."),
        .option(
          "format", "F", "markdown, or json for one file.",
          .choice(of: Reference.Format.self), .default("markdown")),
      ],
      examples: [
        Example("docs", "The pages, in docs/reference."),
        Example("docs --check", "For a test, or before a commit."),
        Example("docs --format json --to site", "One file for programs, site/reference.json."),
      ]
    ) { session in try docs(session) }
  }

  private func docs(_ session: Session) throws -> ExitStatus {
    let values = session.values
    let path = try values.string("to")
    guard !path.isEmpty else {
      throw WrongUsage(description: "--to names no folder; leave it out, or name one.")
    }
    guard kindOfFile(path) != .file else {
      throw WrongUsage(description: "--to \(printable(path)) is a file; name a folder.")
    }
    let format = try values.choice("format", of: Reference.Format.self)
    let graph = try session.graph()
    let engine = EngineProvider(lake: nil)
    let lineage = try ColumnLineage(graph, engine.session())
    let folder = ReferenceFolder(path)
    var examples = try folder.examples(graph.ordered)
    var command = "docs"
    if path != "docs/reference" { command += " --to \(path)" }
    if format != .markdown { command += " --format \(format.rawValue)" }
    // A lake that only a variable names, or the usual place, is not meant.
    let lake = try values.stringIfGiven("lake") == nil ? nil : session.lake()
    if let lake { examples = try exampleRows(lake, graph.ordered, session) }
    let reference = try Reference(tool: name, graph: graph, lineage: lineage, examples: examples)
    let files = reference.files(format)
    if try values.flag("check") {
      let differences = try folder.differences(from: files)
      guard differences.isEmpty else {
        throw ReferenceError.outdated(
          folder: path, differences,
          command: lake == nil ? "'\(name) \(command)'" : CommandHint.command(command))
      }
      return try session.tell(
        "\(path): \(counted(files.count, "file")), as the declarations say", facts(path, files, []))
    }
    let written = try folder.write(files)
    if !session.json {
      for difference in written {
        let word = difference.kind == .leftOver ? "deleted" : "written"
        try session.out.write("\(word) \(path)/\(difference.path)\n")
      }
    }
    return try session.tell(
      "\(path): \(counted(files.count, "file")), \(counted(written.count, "change"))",
      facts(path, files, written))
  }

  private func facts(
    _ path: String, _ files: [Reference.File], _ changes: [ReferenceFolder.Difference]
  ) -> JSON {
    [
      "folder": .string(path), "files": .int(files.count),
      "changes": .array(
        changes.map { ["path": .string($0.path), "kind": .string($0.kind.rawValue)] }),
    ]
  }

  /// The fullest row of each table that the lake has.
  ///
  /// Of several it is the first by key, of a bronze table by file and line. What is personal stays in the
  /// engine.
  private func exampleRows(
    _ lake: Lake, _ tables: [Table], _ session: Session
  ) throws -> ExampleRows {
    let catalog = try session.catalog(lake)
    let engine = try EngineProvider(lake: lake).session()
    var examples = ExampleRows()
    for table in tables {
      let name = table.name.description
      let scans = try catalog.defineViews(for: "SELECT * FROM \(name)", in: engine).scans
      guard !scans.isEmpty else { continue }
      let columns = table.columns.map { column in
        column.personal
          ? "CASE WHEN \(sqlName(column.name)) IS NOT NULL THEN "
            + "\(sqlLiteral(ExampleRows.mask)) END AS \(sqlName(column.name))"
          : sqlName(column.name)
      }
      let missing = table.columns.map {
        "CASE WHEN \(sqlName($0.name)) IS NULL THEN 1 ELSE 0 END"
      }
      let identity =
        table.key.isEmpty ? [TechnicalColumn.file, TechnicalColumn.line] : table.key
      let order =
        [missing.joined(separator: " + ")] + identity.map { "\(sqlName($0)) NULLS LAST" }
      let query =
        "SELECT \(columns.joined(separator: ", ")) FROM \(name) "
        + "ORDER BY \(order.joined(separator: ", ")) LIMIT 1"
      guard let row = try engine.connection.query(query).rows().first else { continue }
      var values: [String: String] = [:]
      for (column, value) in zip(table.columns, row) where value != .null {
        values[column.name] = value.exampleText
      }
      examples.add(table, values)
    }
    return examples
  }
}

extension Value {
  /// The value in six digits where it is a floating-point number, whose last ones vary.
  fileprivate var exampleText: String {
    guard case .double(let number) = self, number.isFinite, number != 0 else { return plain }
    var scale = 1.0
    while abs(number) * scale < 99_999.5, scale < 1e12 { scale *= 10 }
    return Value.double((number * scale).rounded() / scale).plain
  }
}
