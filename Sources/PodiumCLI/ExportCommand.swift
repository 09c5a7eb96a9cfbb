import ArgumentParsing
import Basics
import Engines
import Lakehouse
import Serving
import Storage

extension Project {
  /// `export`: a table as one file.
  var exportCommand: Command<CommandAction> {
    Command(
      "export", "Writes a table to one CSV or Parquet file.",
      discussion: """
        Rows come in the order of the table's key. Personal columns are left out unless --personal \
        takes them along; the file is then readable to its owner alone.
        """,
      arguments: [.required("table", "The table, such as gold.customer_ltv.")],
      options: [
        .option(
          "format", "F", "csv or parquet; otherwise as the file's name ends, else csv.",
          .choice(of: ExportFormat.self)),
        .option("to", "FILE", "The file; TABLE.FORMAT in this folder otherwise.", .file),
        .flag("overwrite", "Replace a file that is there."),
        .flag("personal", "Take personal columns along."),
      ],
      examples: [
        Example("export gold.customer_ltv", "To gold.customer_ltv.csv."),
        Example(
          "export gold.fact_daily --to daily.parquet", "To a file of yours."),
      ]
    ) { session in
      let lake = try session.lake()
      let catalog = try session.catalog(lake)
      let entry = try catalog.entry(try session.values.string("table"), tool: name)
      let format = try session.exportFormat()
      let path =
        try session.values.stringIfGiven("to") ?? "\(entry.location.name).\(format.rawValue)"
      guard !path.isEmpty else {
        throw WrongUsage(description: "--to names no file; leave it out, or name one.")
      }
      guard kindOfFile(path) != .folder else {
        throw WrongUsage(description: "--to \(printable(path)) is a folder; name a file in it.")
      }
      let engine = EngineProvider(lake: lake)
      let export = try TableExporter(catalog: catalog, session: try engine.session()).export(
        entry, as: format, to: path, personal: try session.values.flag("personal"),
        overwrite: try session.values.flag("overwrite"))
      session.explain(engine)
      if !export.leftOut.isEmpty {
        session.warn(
          "personal columns were left out: \(export.leftOut.joined(separator: ", ")); --personal "
            + "takes them along")
      }
      return try session.tell(
        "\(export.path): \(counted(export.rows, "row")), \(bytesText(export.bytes))",
        [
          "path": .string(export.path), "table": .string(entry.location.name),
          "rows": .int(export.rows), "bytes": .int(export.bytes),
          "leftOut": .array(export.leftOut.map { .string($0) }),
        ])
    }
  }
}

extension Session {
  /// The format asked for, else that which the file's name says.
  fileprivate func exportFormat() throws -> ExportFormat {
    let file = try values.stringIfGiven("to")
    let ending = file.flatMap {
      ExportFormat(rawValue: String($0.lowercased().split(separator: ".").last ?? ""))
    }
    let named = file?.contains(".") == true ? ending : nil
    guard let given = try values.choiceIfGiven("format", of: ExportFormat.self) else {
      return named ?? .csv
    }
    if let file, let named, named != given {
      throw WrongUsage(
        description:
          "--to \(printable(file)) is named as a \(named.rawValue) file, and --format says "
          + "\(given.rawValue). Leave one of them out.")
    }
    return given
  }
}
