import ArgumentParsing
import Basics
import Engines
import LakeCare
import Lakehouse
import Podium
import Rendering
import Runner

extension Project {
  /// `env shares`: how well a sample stands for production.
  var environmentSharesCommand: Command<CommandAction> {
    Command(
      "shares",
      "Compares a sample's shares of clubs, kinds of classes and the like with production.",
      discussion: """
        For each value of the columns, the distinct keys of the environment's own tables are compared \
        with production's. A share may lie three standard deviations from the sample's, and one key; \
        one that lies further ends the command with 1.
        """,
      arguments: [.environment],
      options: [
        .option("strata", "COLUMNS", "The columns, separated by commas.", .text(), .required)
      ],
      examples: [Example("env shares sample --strata location_id,class_type", "Two columns.")]
    ) { session in
      let care = try session.production()
      let graph = try session.graph()
      let name = try session.values.string("environment")
      _ = try care.summary(name)
      let lake = care.lake.within(try care.lake.environment(name, of: graph.ordered))
      guard let sample = try Subset.stored(lake)?.sample else {
        throw WrongUsage(description: "the environment \(name) holds no sample.")
      }
      let strata = Session.parts(try session.values.string("strata"))
      guard !strata.isEmpty else {
        throw WrongUsage(description: "--strata names no column, such as location_id.")
      }
      let shares = try sample.shares(
        of: strata, in: lake, graph.ordered, EngineProvider(lake: lake))
      guard !shares.isEmpty else {
        throw WrongUsage(
          description:
            "no table that the environment and production have holds a key of the sample "
            + "and one of \(strata.map { "'\(printable($0))'" }.joined(separator: ", ")).")
      }
      try session.show(shares, of: sample.share)
      return shares.allSatisfy(\.isWithin) ? .done : .failed
    }
  }
}

extension Session {
  fileprivate func show(_ shares: [SampleShare], of wanted: Double) throws {
    func percent(_ share: Double) -> String { fixed(100 * share, decimals: 2) + " %" }
    if json {
      return try print([
        "share": .number(fixed(wanted, decimals: 6)),
        "strata": .array(
          shares.map {
            [
              "table": .string($0.table.description), "column": .string($0.column),
              "value": .optional($0.value), "keys": .int($0.keys), "sampled": .int($0.sampled),
              "share": .number(fixed($0.share, decimals: 6)),
              "tolerance": .number(fixed($0.tolerance, decimals: 6)), "within": .bool($0.isWithin),
            ]
          }),
      ])
    }
    try print(
      [
        ResultColumn("table", .text), ResultColumn("column", .text), ResultColumn("value", .text),
        ResultColumn("keys", .number), ResultColumn("sampled", .number),
        ResultColumn("share", .number), ResultColumn("within", .number),
      ],
      shares.map {
        [
          .text($0.table.description), .text($0.column), .text($0.value.map(printable) ?? "NULL"),
          .text(grouped($0.keys)), .text(grouped($0.sampled)), .text(percent($0.share)),
          .text(($0.isWithin ? "" : "not ") + "±\(percent($0.tolerance))"),
        ]
      })
    try out.flush()
  }
}
