import ArgumentParsing
import Basics
import Engines
import Lakehouse
import Lineage
import Podium
import Rendering

extension Project {
  /// `lineage`: where a table or column comes from and what depends on it.
  var lineageCommand: Command<CommandAction> {
    Command(
      "lineage", "Shows where a table or column comes from and what depends on it.",
      discussion: """
        Values are followed from gold back to the fields of landing files, and on from there. What
        decides on which rows there are (conditions, joins, groups, rules) is told beside them and
        not followed any further. No lake is needed.
        """,
      arguments: [
        .required("name", "A table or column, such as gold.revenue_by_product.net_revenue.")
      ],
      options: [
        .flag("upstream", "Only what it comes from."),
        .flag("downstream", "Only what depends on it."),
        .option("depth", "N", "How many steps to follow.", .int(1...1_000), .otherwise("all")),
        .flag("columns", "All columns of a table, one step back."),
        .option(
          "format", "FORMAT", "How to print.", .choice(["text", "mermaid"]), .default("text")),
      ],
      examples: [
        Example("lineage gold.revenue_by_product.net_revenue", "A column."),
        Example("lineage silver.members --downstream", "What depends on a table."),
        Example("lineage gold.churn_cohorts --format mermaid", "A diagram for Markdown."),
      ]
    ) { session in
      let graph = try session.graph()
      let question = try LineageQuestion(session, graph)
      let engine = EngineProvider(lake: nil)
      let lineage = try ColumnLineage(graph, engine.session())
      try session.answer(question, LineageView(question, graph, lineage))
      return .done
    }
  }
}

/// What is asked for.
struct LineageQuestion {
  let table: Table
  /// As it is declared; nil for the whole table.
  let column: String?
  let directions: [ColumnLineage.Direction]
  let depth: Int?
  let columns: Bool
  let format: String

  init(_ session: Session, _ graph: Graph) throws {
    let asked = try session.values.string("name").lowercased()
    let parts = asked.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let name = parts.prefix(2).joined(separator: ".")
    guard let table = graph.ordered.first(where: { $0.name.description == name }) else {
      throw UnknownTable(
        name: name, known: graph.ordered.map(\.name.description), tool: session.project.name)
    }
    self.table = table
    if parts.count > 2 {
      let wanted = parts.dropFirst(2).joined(separator: ".")
      let known = table.storedSchema.names
      guard let column = known.first(where: { $0.lowercased() == wanted }) else {
        throw UnknownColumn(
          name: wanted, table: table.name, known: known, tool: session.project.name)
      }
      self.column = column
    } else {
      column = nil
    }
    let up = try session.values.flag("upstream")
    let down = try session.values.flag("downstream")
    directions =
      (up || !down ? [.upstream] : []) + (down || !up ? [.downstream] : [])
    depth = try session.values.intIfGiven("depth")
    columns = try session.values.flag("columns")
    format = try session.values.string("format")
    if columns, column != nil {
      throw WrongUsage(
        description: "--columns shows all columns of a table; name the table alone: \(table.name).")
    }
    if session.json, format == "mermaid" {
      throw WrongUsage(description: "--json and --format mermaid exclude each other.")
    }
  }

  /// `gold.revenue_by_product.net_revenue`.
  var name: String { table.name.description + (column.map { ".\($0)" } ?? "") }
}

/// A name that is no column of a table.
struct UnknownColumn: Error, CustomStringConvertible {
  let name: String
  let table: TableName
  let known: [String]
  let tool: String

  var description: String {
    let near = didYouMean(name, in: known)
    return "\(table) has no column '\(name)'.\(near)"
      + (near.isEmpty ? " '\(tool) describe \(table)' lists them." : "")
  }
}
