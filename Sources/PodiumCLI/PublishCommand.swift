import ArgumentParsing
import Basics
import Engines
import Lakehouse
import Rendering
import Serving

extension Project {
  /// `publish`: gold as one SQLite database.
  var publishCommand: Command<CommandAction> {
    Command(
      "publish", "Puts the gold tables into one SQLite database that any client opens.",
      discussion: """
        Beside the tables there are table_descriptions, column_descriptions and fresh_as_of. A \
        reader sees the old database or the new one, never a part.
        """,
      options: [
        .option("to", "FILE", "The database; LAKE/published/gold.sqlite otherwise.", .file)
      ], examples: [Example("publish --to gold.sqlite", "Into a file of your own.")]
    ) { session in
      let lake = try session.lake()
      let publisher = GoldPublisher(
        lake: lake, tables: tables, engine: EngineProvider(lake: lake))
      let path =
        try session.values.stringIfGiven("to") ?? lake.files.address("published/")
        + (lake.environment.map { "\($0.name)_" } ?? "") + "gold.sqlite"
      guard !path.isEmpty else {
        throw WrongUsage(description: "--to names no file; leave it out, or name one.")
      }
      let publication = try publisher.publish(to: path)
      for name in publication.missing {
        session.warn("\(name) has not been made yet and is not in the database")
      }
      if session.json {
        try session.print([
          "path": .string(publication.path), "bytes": .int(publication.bytes),
          "tables": .array(
            publication.tables.map {
              ["table": .string($0.name), "rows": .int($0.rows), "version": .int($0.version)]
            }),
        ])
        return .done
      }
      try session.print(
        [
          ResultColumn("table", .text), ResultColumn("rows", .number),
          ResultColumn("version", .number),
        ],
        publication.tables.map {
          [.text($0.name), .text(grouped($0.rows)), .int($0.version)]
        })
      try session.out.write("\(publication.path): \(bytesText(publication.bytes))\n")
      try session.out.flush()
      return .done
    }
  }
}
