import Podium
import PodiumTesting
import RunnerTestKit
import Testing

@Suite("Tests of tables")
struct TableTestTests {
  private let feed = People.feed

  @Test("New rows are merged run by run, bad ones wait in quarantine")
  func merge() throws {
    try TableTest(People.people)
      .given(
        feed,
        """
        id | city   | balance | since | op
        a  | Berlin | 10      | 1     | put
        b  | NULL   | 2.5     | 1     | put
        c  | Rome   | -1      | 1     | put
        """
      )
      .expectCounts("2 inserted, 1 quarantined")
      .given(
        feed,
        """
        id | city | balance | since | op
        a  | Bonn | 11      | 2     | put
        b  | NULL | NULL    | 3     | delete
        """
      )
      .run()
      .expect("id | city | balance\na | Bonn | 11")
      .expectQuarantine(
        """
        id | balance | _failed_rules
        c  | -1.00   | balance is not negative
        """)
  }

  @Test("A table further up may be given: what lies between is run")
  func further() throws {
    try TableTest(People.cities)
      .given(
        feed, "id | city | balance | since | op\na | Bonn | 1 | 1 | put\nb | Bonn | 2 | 1 | put"
      )
      .expect("city | people | money\nBonn | 2 | 3.00")
      .given(feed, "id | city | balance | since | op\na | Rome | 1 | 2 | put")
      .expect("city | people | money\nBonn | 1 | 2\nRome | 1 | 1")
  }

  @Test("Rows of a typed input replace those of their key, or all of them")
  func typedInput() throws {
    try TableTest(People.cities)
      .given(People.people, "id | city | balance\na | Bonn | 1\nb | Bonn | 2.25")
      .expect("city | money\nBonn | 3.25")
      .given(People.people, "id | city | balance\na | Rome | 1")
      .expect("city | money\nBonn | 2.25\nRome | 1")
      .given(People.people, whole: "id | city | balance\nc | NULL | 4")
      .expect("city | people | money\n? | 1 | 4")
  }

  @Test("Rows that stand before the first run are merged with")
  func before() throws {
    try TableTest(People.people)
      .before("id | city | balance | since\na | Bonn | 1 | 5\nb | Rome | 2 | 5")
      .given(
        feed,
        "id | city | balance | since | op\na | Oslo | 3 | 4 | put\nb | Oslo | 3 | 6 | put"
      )
      .expect("id | city\na | Bonn\nb | Oslo")
  }

  @Test("A failure shows the rows and cells that differ, and no others")
  func failure() throws {
    let test = try TableTest(People.people)
      .given(
        feed,
        "id | city | balance | since | op\na | Bonn | 1 | 1 | put\nb | Rome | 2 | 1 | put")
    try withKnownIssue {
      try test.expect("id | city | balance\na | Bonn | 2\nb | Rome | 2")
    } matching: { issue in
      let text = "\(issue)"
      return text.contains("~ id a: balance (DECIMAL(18, 2)) is 1.00, expected 2.00")
        && !text.contains("Rome")
    }
  }

  @Test("A derived table that comes out otherwise by parts than whole fails")
  func halves() throws {
    let wrong = Table(
      "gold.shares", about: "One row per person.",
      columns: [.string("id", "The person."), .decimal("share", "Of all money.")], key: ["id"],
      write: .derived(by: .key("id")),
      query: """
        SELECT id, CAST((SELECT COUNT(*) FROM \(People.people)) AS DECIMAL(18, 2)) AS share
        FROM \(People.people)
        """)
    // The engine sees that such a table has no safe parts, and computes it whole.
    try TableTest(wrong)
      .given(People.people, "id | city\na | Bonn\nb | Bonn").expect("id | share\na | 2\nb | 2")
    let later = Table(
      "gold.days", about: "One row per day.",
      columns: [.int("since", "The day."), .int("people", "Seen until then.")], key: ["since"],
      write: .derived(by: .partition("since", lookback: 1)), partitionedBy: ["since"],
      query: """
        SELECT since, SUM(COUNT(*)) OVER (ORDER BY since ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)
          AS people
        FROM \(People.people) GROUP BY since
        """)
    let test = try TableTest(later)
    let rows = "id | since\na | 3\nb | 4\nc | 2\nd | 1"
    try withKnownIssue {
      try test.given(People.people, rows).run()
    } matching: {
      "\($0)".contains("two halves")
    }
    try test.expect("since | people\n1 | 1\n2 | 2\n3 | 3\n4 | 3")
  }

  @Test("A run that a rule stops can be expected")
  func stopped() throws {
    let strict = People.people([.row("balance is small", "balance < 5", else: .stop)])
    try TableTest(strict)
      .given(feed, "id | city | balance | since | op\na | Bonn | 9 | 1 | put")
      .expectFailure("'balance is small'")
  }

  @Test("A test that expects nothing fails")
  func nothing() throws {
    try withKnownIssue {
      _ = try TableTest(People.people)
    } matching: {
      "\($0)".contains("expects nothing")
    }
  }
}

@Suite("Mistakes in tests of tables")
struct TableTestMistakeTests {
  private func lines(_ work: () throws -> Void) -> [Substring] {
    do { try work() } catch { return "\(error)".split(separator: "\n") }
    return ["no error"]
  }

  /// The message as one line.
  private func message(_ work: () throws -> Void) -> String {
    lines(work).flatMap { $0.split(separator: " ") }.joined(separator: " ")
  }

  @Test("A column that is not there is told with the one that was meant")
  func column() {
    let text = message {
      try TableTest(People.people).given(People.feed, "id | citty\na | Bonn")
    }
    #expect(text.contains("there is no column 'citty'. Did you mean 'city'?"))
    #expect(text.contains("TableTestTests.swift:"))
  }

  @Test("A value that is none of the column's type is told with its line")
  func value() {
    let text = message {
      try TableTest(People.people)
        .given(People.feed, "id | balance | since | op\na | 1 | 1 | put")
        .expect("id | balance\na | much")
    }
    #expect(text.contains("line 2: 'much' is no DECIMAL(18, 2) (column 'balance')"))
  }

  @Test("Rows that nothing reads, and two rows with one key, are refused")
  func pointless() {
    let text = message {
      try TableTest(People.cities)
        .given(People.people, "id | city\na | Bonn")
        .given(People.feed, "id | city\na | Bonn")
        .expect("city\nBonn")
    }
    #expect(text.contains("nothing reads the rows of bronze.people, since"))
    let twice = "id | city\na | Bonn\nb | Rome\na | Oslo"
    #expect(
      message { try TableTest(People.cities).given(People.people, twice) }
        .contains("line 4: id as on line 2"))
    #expect(
      message { try TableTest(People.cities).given(People.people, whole: twice) }
        .contains("line 4: id as on line 2"))
  }

  @Test("A day that is none is refused, and so are bars around rows")
  func spelling() {
    #expect(
      message { _ = try TableTest(People.people, asOf: "2025-02-30") }
        .contains("'2025-02-30' is no date"))
    #expect(
      message { try TableTest(People.people).given(People.feed, "| id | city |") }
        .contains("not around"))
  }

  @Test("No line of a mistake or a failure is wider than a terminal")
  func width() throws {
    let lines = lines {
      try TableTest(People.people).given(
        People.feed, "identifier_that_is_long_and_not_there | city\na | Bonn")
    }
    #expect(lines.count > 1 && lines.allSatisfy { $0.count <= 78 })
    let place = String(repeating: "a long name ", count: 9)
    let test = try TableTest(People.people)
      .given(People.feed, "id | city | balance | since | op\na | \(place) | 1 | 1 | put")
    try withKnownIssue {
      try test.expect("id | city | balance\na | Bonn | 2\nb | \(place) | 3")
    } matching: { issue in
      let lines = "\(issue)".split(separator: "\n").dropFirst()
      return lines.count > 6 && lines.allSatisfy { $0.count <= 78 }
        && lines.contains("    balance (DECIMAL(18, 2)) is 1.00, expected 2.00")
    }
  }

  @Test("A table that the tested one does not read, and whole bronze, are refused")
  func inputs() {
    #expect(
      message { try TableTest(People.people).given(People.saleFeed, "id\na") }
        .contains("silver.people does not read bronze.sales"))
    #expect(
      message { try TableTest(People.people).given(People.feed, whole: "id\na") }
        .contains("bronze.people is bronze, which only grows"))
    #expect(
      message { try TableTest(People.cities).given(People.people, "city\nBonn") }
        .contains("merged by key, so name id too"))
    #expect(
      message { try TableTest(People.cities).before("city\nBonn") }
        .contains("gold.cities is derived"))
  }
}
