import Podium
import Testing

@Suite("Selectors")
struct SelectorTests {
  private let graph: Graph

  init() throws {
    let other = declare("silver.other")
    graph = try Graph([Sample.daily, other])
  }

  private func select(_ texts: String...) throws -> [String] {
    try graph.select(texts.map(Selector.init)).map(\.name.description)
  }

  @Test(
    "A selector means a layer or a table, with what it needs and what needs it",
    arguments: [
      ("silver", ["silver.members", "silver.other"]),
      ("gold", ["gold.daily"]),
      ("silver.members", ["silver.members"]),
      ("+gold.daily", ["bronze.visits", "silver.members", "gold.daily"]),
      ("bronze.visits+", ["bronze.visits", "silver.members", "gold.daily", "silver.other"]),
      ("+silver.members+", ["bronze.visits", "silver.members", "gold.daily"]),
      ("+silver", ["bronze.visits", "silver.members", "silver.other"]),
      ("gold.daily+", ["gold.daily"]),
      ("+bronze.visits", ["bronze.visits"]),
    ])
  func selects(text: String, expected: [String]) throws {
    #expect(Set(try select(text)) == Set(expected))
  }

  @Test("Several selectors add up, each table once, in the order of a run")
  func several() throws {
    #expect(
      try select("gold.daily", "+gold.daily", "bronze") == [
        "bronze.visits", "silver.members", "gold.daily",
      ])
    #expect(try select() == graph.ordered.map(\.name.description))
  }

  @Test("A layer without tables is a layer all the same")
  func emptyLayer() throws {
    let bronze = try Graph([Sample.visits])
    #expect(try bronze.select([Selector("gold")]).isEmpty)
    #expect(try bronze.select([Selector("gold"), Selector("bronze")]) == [Sample.visits])
  }

  @Test(
    "An unknown name is answered with the nearest known one",
    arguments: [
      (
        "silver.member",
        "'silver.member' is neither a layer nor a table. Did you mean 'silver.members'?"
      ),
      ("+silvr", "'silvr' is neither a layer nor a table. Did you mean 'silver'?"),
      ("members+", "'members' is neither a layer nor a table. Did you mean 'silver.members'?"),
      ("zzzzzz", "'zzzzzz' is neither a layer nor a table. 'tables' lists them."),
      ("SILVER", "'SILVER' is neither a layer nor a table. Did you mean 'silver'?"),
      ("+", "'' is neither a layer nor a table. 'tables' lists them."),
      ("", "'' is neither a layer nor a table. 'tables' lists them."),
    ])
  func unknown(text: String, message: String) {
    let error = #expect(throws: UnknownSelector.self) { try select(text) }
    #expect(error?.description == message)
  }

  @Test("The first unknown selector is reported, whatever the others mean")
  func firstUnknown() {
    let error = #expect(throws: UnknownSelector.self) { try select("gold", "nothing", "silver") }
    #expect(error?.text == "nothing")
  }
}
