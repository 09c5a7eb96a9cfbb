import Engines
import Lakehouse
import Podium
import RunnerTestKit
import Testing

@Suite("What an engine says")
struct EngineMessageTests {
  private func words(_ message: String, _ sql: String = "") -> String {
    EngineMessage(EngineError(.statement, message, sql: sql)).text()
  }

  @Test(
    "Values of rows are left out, however they are quoted",
    arguments: [
      "Conversion Error: Could not convert string 'Ann O'Lee' to INT32",
      "Conversion Error: invalid date field format: \"Ann O'Lee\", expected format is (YYYY-MM-DD)",
      "Conversion Error: Could not convert string 'moved to Ann' to DECIMAL(5,2)",
      "Invalid Input Error: Could not parse string \"Ann\" according to format specifier \"%Y\"\nAnn",
      "Invalid Input Error: missing ): (Ann", "Invalid Input Error: Ann",
      "Out of Range Error: Overflow in addition of INT64 (Ann + Ann)!",
      "Conversion Error: Could not convert string 'x\n\nLINE 1: Ann\n        ^' to INT32",
      "Not implemented Error: Unknown TimeZone 'Ann'!",
    ])
  func values(_ message: String) {
    #expect(!words(message, "SELECT 1").contains("Ann"))
    #expect(words(message).contains(" Error: a value "))
  }

  @Test("The type that a value should have had is told")
  func types() {
    #expect(words("Conversion Error: Could not convert string 'a' to INT32").contains("to INT32 ("))
    #expect(words("Conversion Error: invalid date field format: \"to X\"").contains("to DATE ("))
    #expect(!words("Conversion Error: cannot cast 'a to b").contains("to b"))
  }

  @Test("Words about the statement stay, with the excerpt and its caret")
  func statement() {
    let message = """
      Binder Error: Referenced column "nope" not found

      LINE 10: SELECT nope
                      ^
      """
    #expect(words(message, "SELECT nope") == message)
    let shifted = EngineMessage(EngineError(.statement, message, sql: "SELECT nope"))
    #expect(shifted.line == 10)
    #expect(
      shifted.text(linesBefore: 1)
        == """
        Binder Error: Referenced column "nope" not found

        LINE 9: SELECT nope
                       ^
        """)
    #expect(shifted.text(linesBefore: 10) == "Binder Error: Referenced column \"nope\" not found")
  }

  @Test("A failing conversion is told at its own line of the query, below rules of several lines")
  func line() throws {
    let lake = try TestLake()
    let table = Table(
      "silver.people", about: "One row per person.",
      columns: [.string("id", "The person."), .date("day", "A day.")], key: ["id"],
      write: .append,
      expect: [
        .row(
          "the day is not the id",
          """
          CAST(day AS STRING)
            <> id
          """, else: .warn)
      ],
      query: """
        SELECT
          id,
          CAST(city AS DATE) AS day, _file, _line
        FROM \(new: People.feed)
        """)
    let line = #line - 3
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    let words = "\(try #require(try lake.run([People.feed, table]).error(table)))"
    #expect(!words.contains("Rome"))
    // A server tells less.
    guard !TestLake.isOnServer else { return }
    #expect(words.hasPrefix("RunnerTests/EngineMessageTests.swift:\(line): Conversion Error:"))
    #expect(words.contains("\n\nLINE 3:   CAST(city AS DATE) AS day"))
  }

  @Test("A value that does not fit its declared type is told at the declaration")
  func declaredType() throws {
    let lake = try TestLake()
    let table = Table(
      "silver.people", about: "One row per person.",
      columns: [.string("id", "The person."), .int("city", "No city.")], key: ["id"],
      write: .append, query: "SELECT id, city, _file, _line FROM \(new: People.feed)")
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    let words = "\(try #require(try lake.run([People.feed, table]).error(table)))"
    #expect(words.hasPrefix("RunnerTests/EngineMessageTests.swift:\(#line - 6): Conversion Error:"))
    #expect(!words.contains("LINE") && !words.contains("Rome"))
  }

  @Test("File names with quotes and accents after them are file names and nothing else")
  func quotesInNames() throws {
    let lake = try TestLake()
    let names = ["o'hara", "a'\u{301}b", "\"", "x'); DROP TABLE t; --", "*[a]?", "ü 漢", "a%20b"]
    for name in names {
      try lake.land("people/\(name).ndjson", "{\"id\":\"1\"}\n")
      try lake.land("people/\(name).csv", "id\n\"1\n")
    }
    let run = expectSuccess(try lake.run([People.feed]))
    #expect(run[People.feed]?.files?.taken == names.count)
    #expect(run[People.feed]?.files?.quarantined.count == names.count)
    let expected = names.map { "people/\($0).ndjson" }
    let rows = try lake.rows(.of(People.feed), ["_file"]).rows.map { $0[0] }
    #expect(Set(rows) == Set(expected))
    #expect(try lake.run([People.feed]).committed == [])
  }
}
