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
          "table create ./log --query \"FROM 'a.csv'\" --set delta.appendOnly=true",
          "One that only grows."),
      ]
    ) { session in
      guard try session.values.string("table").contains("/") else {
        throw WrongUsage(
          description:
            "create takes a folder: write its path with a /. The tables of the lake come "
            + "from their declarations.")
      }
      let (table, engine) = try open(session).inOneSession()
      let query = try givenRows(session, engine)
      let partitions = (try session.values.stringIfGiven("partition-by") ?? "")
        .split(separator: ",").map(\.trimmingBlanks)
      let schema = try engine.schema(of: query)
      let texts = schema.fields.filter { $0.type == .string && partitions.contains($0.name) }
      // An empty text in a partition column cannot be told from NULL.
      let rows =
        texts.isEmpty
        ? "(\(query))"
        : "(SELECT * REPLACE (\(texts.map { "nullif(\(sqlName($0.name)), '') AS \(sqlName($0.name))" }.joined(separator: ", "))) FROM (\(query)))"
      let properties = try session.pairs("set", "=")
      let metadata = Metadata(
        id: randomUUID(), schema: schema, partitionColumns: partitions,
        configuration: Dictionary(properties) { _, last in last },
        createdTime: table.clock.now().milliseconds)
      let result = try table.create(
        metadata, rows: Relation(rows),
        transaction: Transaction("CREATE TABLE AS SELECT", isBlindAppend: true))
      return try session.tell(
        "\(counted(result.addedRows, "row")) in \(counted(result.addedFiles, "file")), version 0",
        ["rows": .int(result.addedRows), "version": .int(result.version)])
    }
  }
}
