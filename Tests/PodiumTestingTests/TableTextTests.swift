import Podium
import Testing

@testable import PodiumTesting

@Suite("Tables that are written in tests")
struct TableTextTests {
  @Test("Cells are apart by bars; NULL is no value, quotes keep what is between them")
  func cells() throws {
    let text = try TableText(
      """
      id | name | note

      1  | NULL | "a | ""b"" "
      2  |      | "NULL"
      """)
    #expect(text.columns == ["id", "name", "note"])
    #expect(text.rows.map(\.cells) == [["1", nil, "a | \"b\" "], ["2", "", "NULL"]])
    #expect(text.rows.map(\.line) == [3, 4])
  }

  @Test(
    "What is wrong is told with its line",
    arguments: [
      ("  \n", TableTextError.noColumns),
      ("a |", .namelessColumn(line: 1)),
      ("a | a", .repeatedColumn("a", line: 1)),
      ("a | b\n1 | 2 | 3", .cells(3, columns: 2, line: 2)),
      ("a\n\n\"open", .openQuote(line: 3)),
      ("a\n\"x\" y", .afterQuote(line: 2)),
    ])
  func wrong(_ text: String, _ error: TableTextError) {
    #expect(throws: error) { try TableText(text) }
  }

  @Test(
    "A value has one way to be written, whatever way it came",
    arguments: [
      ("007", ColumnType.int, "7"), ("1.5", .decimal(precision: 5, scale: 2), "1.50"),
      ("-0.05", .decimal(precision: 5, scale: 2), "-0.05"), ("2", .double, "2.0"),
      ("2025-01-31", .timestamp, "2025-01-31T00:00:00Z"),
      ("2025-01-31 18:00:00+01:00", .timestamp, "2025-01-31T17:00:00Z"),
    ])
  func canonical(_ text: String, _ type: ColumnType, _ written: String) {
    #expect(Cell(text, type)?.text == written)
  }

  @Test(
    "A text that is none of the type is refused, never rounded",
    arguments: [
      ("1.5", ColumnType.int), ("1.239", .decimal(precision: 5, scale: 2)),
      ("1234", .decimal(precision: 5, scale: 2)), ("1.", .decimal(precision: 5, scale: 2)),
      ("yes", .bool), ("2025-02-30", .date), ("noon", .timestamp), ("", .int),
    ])
  func refused(_ text: String, _ type: ColumnType) {
    #expect(Cell(text, type) == nil)
  }

  @Test("Doubles are the same within 1e-9, and only the cells that differ are shown")
  func differences() throws {
    func row(_ id: String, _ mean: String?, _ name: String) throws -> [Cell] {
      [
        try #require(Cell(id, .string)), try #require(Cell(mean, .double)),
        try #require(Cell(name, .string)),
      ]
    }
    let comparison = RowComparison(columns: ["id", "mean", "name"], key: ["id"])
    let held = [
      try row("1", "0.30000000000000004", "Ann"), try row("2", "2", "NULL"), try row("4", "1", ""),
    ]
    let wanted = [try row("1", "0.3", "Ann"), try row("2", nil, "NULL"), try row("3", "1", "Cy")]
    #expect(
      comparison.differences(held, from: wanted) == [
        "~ id 2: mean (DOUBLE) is 2.0, expected NULL", "  id STRING | mean DOUBLE | name STRING",
        "- 3 | 1.0 | Cy", "+ 4 | 1.0 | \"\"",
      ])
  }

  @Test("Equal texts of different types differ, and the types are shown")
  func types() throws {
    let (text, number) = (try #require(Cell("1", .string)), try #require(Cell("1", .int)))
    #expect(!text.isSame(as: number))
    let key = try #require(Cell("k", .string))
    #expect(
      RowComparison(columns: ["id", "n"], key: ["id"]).differences(
        [[key, text]], from: [[key, number]])
        == ["~ id k: n is 1 (STRING), expected 1 (BIGINT)"])
  }
}
