import Podium
import Testing

@Suite("Queries with holes")
struct SQLTests {
  @Test("The holes are the inputs: in their order, each way of reading once")
  func inputs() {
    let query: SQL = """
      SELECT * FROM \(new: Sample.visits) JOIN \(Sample.members) ON true
      UNION ALL SELECT * FROM \(Sample.members) JOIN \(Sample.visits) ON true
      UNION ALL SELECT * FROM \(new: Sample.visits)
      """
    #expect(
      query.inputs == [
        .init(table: Sample.visits, onlyNew: true), .init(table: Sample.members, onlyNew: false),
        .init(table: Sample.visits, onlyNew: false),
      ])
    #expect(
      query.inputs.map(\.alias) == ["bronze__visits__new", "silver__members", "bronze__visits"])
    #expect(SQL("SELECT 1").inputs.isEmpty)
  }

  @Test("The text calls inputs by their aliases and the business date by its day")
  func text() {
    let query: SQL = "SELECT \(.asOf) AS d FROM \(new: Sample.visits), \(Sample.members)"
    #expect(
      query.text(asOf: "2024-02-29")
        == "SELECT DATE '2024-02-29' AS d FROM bronze__visits__new, silver__members")
    #expect(query.readsBusinessDate)
    #expect(Sample.daily.query?.readsBusinessDate == false)
    #expect(SQL("SELECT 1").text(asOf: "2024-01-01") == "SELECT 1")
  }

  @Test("A whole number stands in its digits, a negative one in parentheses, and is no input")
  func numbers() {
    let days = 30
    let query: SQL = "SELECT 1 -\(-days), d + \(days) FROM \(Sample.members) WHERE n < \(Int.min)"
    #expect(
      query.text(asOf: "2024-01-01")
        == "SELECT 1 -(-30), d + 30 FROM silver__members WHERE n < (-9223372036854775808)")
    #expect(query.inputs.map(\.alias) == ["silver__members"])
  }

  @Test("Every line of a query with several holes is found in the source")
  func locations() {
    let above = #line
    let query: SQL = """
      SELECT a,
        \(.asOf) AS d
      FROM \(new: Sample.visits) AS v

      JOIN \(Sample.members) AS m
        ON true
      WHERE a = 1
      """
    let file = #fileID
    for line in 1...7 {
      #expect(
        query.location(ofLine: line) == SourceLocation(file: file, line: above + 1 + line),
        "line \(line)")
    }
  }

  @Test("A line of the source that is continued does not shift the lines after the next hole")
  func continued() {
    let above = #line
    let query: SQL = """
      SELECT a, \
      b, \
      c
      FROM \(new: Sample.visits) AS \
      v
      JOIN \(Sample.members) ON true
      WHERE c
      """
    #expect(query.text(asOf: "").split(separator: "\n").count == 4)
    #expect(query.location(ofLine: 2)?.line == above + 5)
    #expect(query.location(ofLine: 3)?.line == above + 7)
    #expect(query.location(ofLine: 4)?.line == above + 8)
  }

  @Test("Several holes on one line, and a query on one line, stand where they are")
  func oneLine() {
    let query: SQL = "SELECT \(.asOf) FROM \(Sample.members), \(Sample.daily)"
    let here = #line - 1
    #expect(query.location(ofLine: 1) == SourceLocation(file: #fileID, line: here))
    #expect(query.location(ofLine: 2)?.line == here + 1)
  }

  @Test("Without a hole nobody can tell where a line stands")
  func noHole() {
    #expect(SQL("SELECT 1\nFROM x").location(ofLine: 2) == nil)
  }

  @Test("A line out of range is no line before the first of a file")
  func outOfRange() {
    let query: SQL = "SELECT 1 FROM \(Sample.members)"
    #expect((query.location(ofLine: -1000)?.line ?? 0) >= 1)
  }
}
