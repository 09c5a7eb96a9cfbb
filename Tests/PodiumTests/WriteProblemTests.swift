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

  /// Queries that leave new rows out, with what the check says of each.
  static let filters: [(SQL, [String])] = [
    ("SELECT a FROM \(new: Sample.visits) WHERE a = 1", ["WHERE"]),
    ("SELECT a FROM \(new: Sample.visits) AS v where v.a = 1", ["WHERE"]),
    ("WITH x AS (SELECT a FROM \(new: Sample.visits)) SELECT a FROM x WHERE a = 1", ["WHERE"]),
    (
      """
      WITH x AS (SELECT a FROM \(new: Sample.visits) WHERE b), y AS (SELECT * FROM x)
      SELECT 1 FROM (SELECT * FROM y) AS z WHERE a
      """, ["WHERE", "WHERE"]
    ),
    (
      """
      SELECT a FROM \(new: Sample.visits) UNION ALL
      SELECT a FROM x JOIN \(new: Sample.visits) AS v ON x.a = v.a WHERE true
      """, ["WHERE"]
    ),
    ("SELECT a FROM \(new: Sample.visits) ANTI JOIN (VALUES (1)) AS t(a) ON true", ["ANTI"]),
    // None of these leaves a new row out.
    ("SELECT a, 'WHERE' FROM \(new: Sample.visits) -- WHERE a", []),
    (
      "SELECT (SELECT b FROM (VALUES (1, 2)) AS t(a, b) WHERE t.a = v.a) FROM \(new: Sample.visits) v",
      []
    ),
    (
      "SELECT a FROM \(new: Sample.visits) LEFT JOIN (SELECT 1 AS a FROM x WHERE x.b) AS x ON true",
      []
    ),
    ("SELECT a FROM x WHERE a UNION ALL SELECT a FROM \(new: Sample.visits)", []),
    ("WITH x AS (SELECT a FROM b) SELECT a FROM \(new: Sample.visits) LEFT JOIN x ON x.a = b", []),
    ("SELECT a AS \"where\", extract(year FROM at) FROM \(new: Sample.visits)", []),
  ]

  @Test("New rows are not left out by the query", arguments: filters.indices)
  func filter(_ index: Int) {
    let (query, words) = WriteProblemTests.filters[index]
    let found = declare(query: query).problems().filter { $0.rule == .noFilterOverNewRows }
    #expect(found.map { $0.message.prefix { $0 != " " } } == words.map { $0[...] })
    #expect(rules(declare(query: query)).count == (words.isEmpty ? 0 : 1))
  }

  @Test("A derived table may filter what it reads, and a filter stands at its own line")
  func filterPlace() {
    #expect(
      rules(
        declare(write: derived, query: "SELECT a FROM \(Sample.visits) WHERE a SEMI JOIN b")) == [])
    let above = #line
    let table = declare(
      query: """
        SELECT a
        FROM \(new: Sample.visits)
        WHERE a = 1
        """)
    #expect(table.problems().map { $0.location.line - above } == [5])
    #expect(
      table.problems().first?.message
        == "WHERE over new rows leaves rows out without a trace: leave them out by a rule "
        + "`else: .drop`, which counts them, or combine tables in a derived table.")
  }

  @Test(
    "No text asks the clock",
    arguments: [
      "now()", "NOW ()", "current_date", "Current_Timestamp", "current_date()", "today()",
      "localtimestamp", "unix_timestamp()", "CAST(now() AS DATE)", "get_current_timestamp()",
    ])
  func clock(call: String) {
    #expect(rules(resolving("SELECT \(call) AS a FROM")) == ["no-clock"])
    #expect(
      rules(declare(expect: [.row("it is past", "day < \(call)", else: .warn)])) == ["no-clock"])
    #expect(
      rules(declare(write: .upsert(newestBy: "changed_at", deleteWhen: "day < \(call)")))
        == ["no-clock"])
  }

  @Test(
    "Columns and texts that look like the clock are not",
    arguments: [
      "now", "a.current_date", "day AS current_date", "'now()'", "today + 1",
      "unix_timestamp(at)", "\"current_date\"", "max_now(at)",
    ])
  func noClock(expression: String) {
    #expect(rules(resolving("SELECT \(expression) FROM")) == [])
  }

  @Test("A call of the clock is told with its place and what to do")
  func clockWords() {
    let above = #line
    let table = declare(
      expect: [.row("it is past", "day < now()", else: .warn)],
      query: """
        SELECT a,
          current_date AS day
        FROM \(new: Sample.visits)
        """)
    #expect(
      table.problems().map { "\($0.location.line - above): \($0.message)" } == [
        "5: CURRENT_DATE asks the clock, so the same rows would come out otherwise another day: "
          + "compare with a column, or read the run's business date, `\\(.asOf)`, in a derived table.",
        "2: the rule 'it is past': NOW asks the clock, so the same rows would come out otherwise "
          + "another day: compare with a column, or read the run's business date, `\\(.asOf)`, in a "
          + "derived table.",
      ])
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

  @Test("Rows are kept by a moment at which all rows of their key are old")
  func retention() {
    func kept(_ retention: Retention, _ write: Write) -> Set<String> {
      let table = Table(
        "silver.kept", about: "One row per visit.",
        columns: [
          .string("visit", "The visit."), .date("day", "The day."),
          .timestamp("at", "The moment."), .timestamp("seen", "When it was told."),
        ], key: ["visit", "day"], write: write, retention: retention,
        query: "SELECT visit, day, at, seen, _file, _line FROM \(new: Sample.visits)")
      return Set(table.problems().map(\.rule.rawValue))
    }
    let upsert = Write.upsert(newestBy: "seen")
    for column in ["day", "seen"] { #expect(kept(.days(30, by: column), upsert) == []) }
    #expect(kept(.days(30, by: "at"), .append) == [])
    #expect(kept(.days(30, by: "at"), upsert) == ["retention"])
    #expect(kept(.days(30, by: "visit"), .append) == ["retention"])
    #expect(kept(.days(30, by: "seen"), .history(changedAt: "seen")) == ["retention"])
    #expect(kept(.days(0, by: "day"), .append) == ["retention"])
    #expect(kept(.daysAfterIngestion(30), .append) == ["retention"])
    #expect(kept(.days(30, by: "dey"), .append) == ["known-column"])
  }

  @Test("Every rule about a declaration alone has been broken by these tests")
  func complete() {
    // The others need a project or an engine.
    let needMore: Set<Problem.Rule> = [
      .registered, .queryRuns, .queryColumns, .personalValues, .portableSQL, .namedColumns,
      .identifiedPersons,
    ]
    let alone = Set(Problem.Rule.allCases).subtracting(needMore)
    #expect(alone.count == 17)
    let table = Table(
      "gold.A", about: "",
      columns: [
        .string("_a", "", nullable: true, personal: true), .date("day", "The day."),
      ],
      key: ["_a", "b"], write: .upsert(newestBy: "day"),
      expect: [.range("day", else: .warn)], retention: .daysAfterIngestion(7),
      query: """
        SELECT DISTINCT \(.asOf) FROM \(new: Sample.members), \(Sample.visits) WHERE day < now()
        """)
    let derived = declare(write: derived, query: "SELECT 1 FROM \(new: Sample.visits)")
    let distinct = declare(write: .deduplicate(by: ["member_id"], within: .seconds(1), of: "day"))
    let all = table.problems() + derived.problems() + distinct.problems()
    let found = Set(all.map(\.rule))
    #expect(found == alone)
  }
}
