import Podium
import Testing

@Suite("What is wrong with how a table is written")
struct WriteProblemTests {
  private let derived = Write.derived(by: .whole)

  @Test("New rows are read of tables that only grow")
  func newRowsFromAppend() {
    #expect(
      rules(declare(query: "SELECT * FROM \(new: Sample.members)")) == ["new-rows-from-append"])
    #expect(rules(declare(query: "SELECT * FROM \(new: Sample.visits)")) == [])
  }

  @Test("Row by row needs new rows, derived needs whole inputs")
  func writeFitsQuery() {
    #expect(rules(declare(write: .append, query: "SELECT 1")) == ["write-fits-query"])
    #expect(rules(declare(query: "SELECT 1")) == ["write-fits-query"])
    #expect(
      rules(declare(write: derived, query: "SELECT * FROM \(new: Sample.visits)"))
        == ["write-fits-query"])
    #expect(rules(declare(write: derived, query: "SELECT * FROM \(Sample.visits)")) == [])
    #expect(rules(declare(write: .append, query: "SELECT * FROM \(new: Sample.visits)")) == [])
  }

  @Test("A table written row by row joins no other table")
  func upsertReadsOneTable() {
    #expect(
      rules(declare(query: "SELECT * FROM \(new: Sample.visits) JOIN \(Sample.members) ON true"))
        == ["upsert-reads-one-table"])
    #expect(
      rules(
        declare(
          write: derived, query: "SELECT * FROM \(Sample.visits) JOIN \(Sample.members) ON true"))
        == [])
  }

  @Test(
    "New rows are not resolved or combined by the query",
    arguments: [
      "SELECT DISTINCT a FROM", "SELECT max(a) FROM", "SELECT a, COUNT (*) FROM",
      "SELECT row_number() OVER (ORDER BY a) FROM", "SELECT sum(a) OVER w FROM",
      "SELECT 1 UNION SELECT a FROM", "SELECT 1 INTERSECT ALL SELECT a FROM",
      "SELECT * FROM (SELECT 1 LIMIT 3), ",
    ])
  func resolution(select: String) {
    #expect(rules(resolving(select)) == ["no-resolution-over-new-rows"])
  }

  @Test(
    "Names, texts and comments that look like resolving are not",
    arguments: [
      "SELECT 'DISTINCT', \"limit\", a -- GROUP BY\n FROM", "SELECT a.count, a.rank AS min FROM",
      "SELECT 1 UNION ALL SELECT 2 union\n all SELECT a FROM", "SELECT a AS groups FROM",
      "SELECT count + sum, max FROM",
    ])
  func noResolution(select: String) {
    #expect(rules(resolving(select)) == [])
  }

  /// A table whose query begins with some text; the holes of a query take no text, so each way of
  /// beginning is built as a literal.
  private func resolving(_ select: String) -> Table {
    var parts = SQL.Interpolation(literalCapacity: 0, interpolationCount: 1)
    parts.appendLiteral(select + " ")
    parts.appendInterpolation(new: Sample.visits)
    return declare(query: SQL(stringInterpolation: parts))
  }

  @Test("A resolving word is reported at its own line, each word once")
  func resolutionLine() {
    let above = #line
    let table = declare(
      query: """
        SELECT a FROM \(new: Sample.visits)
        UNION ALL SELECT a FROM x
        UNION SELECT a FROM y
        GROUP BY a
        ORDER BY max(a), max(b)
        """)
    let found = table.problems().map { "\($0.location.line - above): \($0.message.prefix(5))" }
    #expect(found == ["5: UNION", "6: GROUP", "7: MAX o"])
    #expect(table.problems().allSatisfy { $0.location.file == #fileID })
  }

  @Test("A table that depends on the business date carries it as its only partition")
  func businessDate() {
    let query: SQL = "SELECT \(.asOf) AS day FROM \(Sample.visits)"
    func table(_ partitions: [String], _ write: Write) -> Table {
      declare(key: ["day", "member_id"], write: write, partitionedBy: partitions, query: query)
    }
    #expect(rules(table(["day"], .derived(by: .partition("day")))) == [])
    for wrong in [
      table([], .derived(by: .partition("day"))), table(["day"], .derived(by: .whole)),
      table(["day"], .derived(by: .key("day"))),
      table(["day", "member_id"], .derived(by: .partition("day"))),
      table(["member_id"], .derived(by: .partition("member_id"))),
      table(["day"], .derived(by: .partition("member_id"))),
    ] {
      #expect(rules(wrong) == ["business-date-partition"], "\(wrong.problems())")
    }
  }

  @Test("Every rule about a declaration alone has been broken by these tests")
  func complete() {
    // The other three need a project or an engine.
    let needMore: Set<Problem.Rule> = [.registered, .queryRuns, .queryColumns]
    let alone = Set(Problem.Rule.allCases).subtracting(needMore)
    #expect(alone.count == 12)
    let table = Table(
      "gold.A", about: "",
      columns: [
        .string("_a", "", nullable: true, personal: true), .date("day", "The day."),
      ],
      key: ["_a", "b"], write: .upsert(newestBy: "day"),
      query: """
        SELECT DISTINCT \(.asOf) FROM \(new: Sample.members), \(Sample.visits)
        """)
    let derived = declare(write: derived, query: "SELECT 1 FROM \(new: Sample.visits)")
    let found = Set((table.problems() + derived.problems()).map(\.rule))
    #expect(found == alone)
  }
}
