import Podium
import Testing

/// Tables that need each other; each hole is taken when it is asked for.
private enum Ring {
  static let a: Table = table("silver.a", "SELECT * FROM \(b)")
  static let b: Table = table("silver.b", "SELECT * FROM \(c)")
  static let c: Table = table("silver.c", "SELECT * FROM \(a), \(Sample.members)")
  static let own: Table = table("silver.own", "SELECT * FROM \(own)")
  static let beside: Table = table("gold.beside", "SELECT * FROM \(a)")
  static let judged: Table = table(
    "silver.judged", "SELECT * FROM \(Sample.members)",
    [.references("member_id", in: judge, else: .warn)])
  static let judge: Table = table("silver.judge", "SELECT * FROM \(judged)")

  static func table(_ name: String, _ query: SQL, _ expect: [Podium.Expectation] = []) -> Table {
    declare(name, write: .derived(by: .whole), expect: expect, query: query)
  }
}

@Suite("The graph of tables")
struct GraphTests {
  private func names(_ tables: [Table]) -> [String] { tables.map(\.name.description) }

  @Test("Every input comes before the tables that need it, in any order of registration")
  func order() throws {
    let expected = ["bronze.visits", "silver.members", "gold.daily"]
    for tables in [
      [Sample.daily, Sample.members, Sample.visits], [Sample.visits, Sample.members, Sample.daily],
      [Sample.members, Sample.daily, Sample.visits],
    ] {
      let graph = try Graph(tables)
      #expect(names(graph.ordered) == expected)
    }
  }

  @Test("Ties are in the order of layers, then of names")
  func ties() throws {
    let tables = ["silver.b", "gold.a", "silver.a"].map {
      declare($0, write: .derived(by: .whole), query: "SELECT 1")
    }
    #expect(names(try Graph(tables).ordered) == ["silver.a", "silver.b", "gold.a"])
  }

  @Test("Inputs that nobody registered are taken in, and theirs too")
  func unregistered() throws {
    let graph = try Graph([Sample.daily])
    #expect(names(graph.ordered) == ["bronze.visits", "silver.members", "gold.daily"])
    #expect(graph[TableName("silver.members")] == Sample.members)
    #expect(graph[TableName("silver.other")] == nil)
  }

  @Test("Inputs, dependents and everything before and behind a table are known")
  func reach() throws {
    let graph = try Graph([Sample.daily])
    let (bronze, silver, gold) = (
      Sample.visits.name, Sample.members.name, Sample.daily.name
    )
    #expect(graph.inputs(of: gold) == [silver])
    #expect(graph.dependents(of: bronze) == [silver])
    #expect(graph.inputs(of: bronze).isEmpty)
    #expect(graph.ancestors(of: gold) == [bronze, silver, gold])
    #expect(graph.descendants(of: bronze) == [bronze, silver, gold])
    #expect(graph.descendants(of: gold) == [gold])
  }

  @Test("A table that a rule refers to comes first")
  func references() throws {
    let referring = declare(
      "silver.a_first", expect: [.references("member_id", in: Sample.members, else: .warn)])
    let graph = try Graph([referring])
    #expect(names(graph.ordered) == ["bronze.visits", "silver.members", "silver.a_first"])
    #expect(graph.dependents(of: Sample.members.name) == [referring.name])
  }

  @Test("Tables that need each other are named along the way round")
  func cycles() throws {
    let ring = ["silver.a", "silver.b", "silver.c", "silver.a"].map(TableName.init)
    #expect(throws: GraphError.cycle(ring)) { try Graph([Ring.c, Ring.beside]) }
    #expect(throws: GraphError.cycle([Ring.own.name, Ring.own.name])) { try Graph([Ring.own]) }
    #expect(
      throws: GraphError.cycle(
        ["silver.judge", "silver.judged", "silver.judge"].map(TableName.init))
    ) {
      try Graph([Ring.judged])
    }
    #expect(
      GraphError.cycle(ring).description
        == "these tables need each other: silver.a → silver.b → silver.c → silver.a. "
        + "Take one of the inputs out of its query.")
  }

  @Test("Two tables of one name are refused with both places")
  func duplicates() {
    let first = declare("silver.same", line: 10)
    let second = declare("silver.same", line: 20)
    let error = GraphError.duplicateName(first.name, first.declaredAt, second.declaredAt)
    #expect(throws: error) { try Graph([first, Sample.members, second]) }
    #expect(
      error.description
        == "PodiumTests/Samples.swift:20: silver.same is declared already at "
        + "PodiumTests/Samples.swift:10. Give one of them another name.")
  }

  @Test("An input that another table of the same name hides is refused with both places")
  func hidden() {
    let twin = declare("silver.members", line: 10)
    #expect(
      throws: GraphError.duplicateName(
        twin.name, twin.declaredAt, Sample.members.declaredAt)
    ) { try Graph([twin, Sample.daily]) }
  }
}
