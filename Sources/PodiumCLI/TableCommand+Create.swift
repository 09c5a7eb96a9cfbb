import ArgumentParsing
import Basics
import DeltaLake
import Engines
import Lakehouse
import Storage

extension Project {
  /// `table create`: a new Delta table of a query's rows.
  var createCommand: Command<CommandAction> {
    Command(
      "create", "Makes a Delta table of the rows of a query.", arguments: [.tableOrPath],
      options: [
        .query, .option("partition-by", "COLUMNS", "Partition columns, separated by commas."),
        .property,
      ],
      examples: [
        Example("table create ./visits --query \"FROM 'visits.csv'\"", "From a file."),
        Example(
          "table create ./busy --query \"SELECT 1 AS id\" --set delta.enableDeletionVectors=true",
          "For upserts."),
      ]
    ) { session in
      guard try session.values.string("table").contains("/") else {
        throw WrongUsage(
          description:
            "create takes a folder: write its path with a /. The tables of the lake come "
            + "from their declarations.")
      }
      let query = try session.givenRows()
      let (table, engine) = try open(session).inOneSession()
      let partitions = (try session.values.stringIfGiven("partition-by") ?? "")
        .split(separator: ",").map(\.trimmingBlanks)
      let properties = try session.pairs("set", "=")
      let metadata = Metadata(
        id: randomUUID(), schema: try engine.schema(of: query), partitionColumns: partitions,
        configuration: Dictionary(properties) { _, last in last },
        createdTime: table.clock.now().milliseconds)
      let result = try table.create(
        metadata, rows: Relation("(\(query))"),
        transaction: Transaction("CREATE TABLE AS SELECT", isBlindAppend: true))
      return try session.tell(
        "\(counted(result.addedRows, "row")) in \(counted(result.addedFiles, "file")), version 0",
        ["rows": .int(result.addedRows), "version": .int(result.version)])
    }
  }
}
