import Basics
import Lakehouse
import Portability
import RunnerTestKit
import Storage
import TestKit
import Testing

@Suite("SQL that gives the same rows on every engine")
struct PortabilityTests {
  /// Of each rule a text that breaks it alone, and one that says the same portably.
  static let examples: [PortabilityRule: (broken: String, portable: String)] = [
    .qualify: (
      "SELECT a FROM t QUALIFY CAST(row_number() OVER (ORDER BY a ASC NULLS LAST) AS BIGINT) = 1",
      """
      SELECT a FROM (SELECT a, row_number() OVER (ORDER BY a ASC NULLS LAST) AS rn FROM t) AS r
      WHERE rn = 1
      """
    ),
    .rankType: (
      "SELECT rank() OVER (ORDER BY a ASC NULLS LAST) AS place FROM t",
      "SELECT CAST(rank() OVER (ORDER BY a ASC NULLS LAST) AS BIGINT) AS place FROM t"
    ),
    .rangeFrame: (
      """
      SELECT count(*) OVER (ORDER BY d ASC NULLS LAST RANGE BETWEEN INTERVAL '7' DAY PRECEDING AND
        CURRENT ROW) AS n FROM t
      """,
      """
      SELECT count(*) OVER (ORDER BY CAST(d AS TIMESTAMP) ASC NULLS LAST RANGE BETWEEN INTERVAL '7'
        DAY PRECEDING AND CURRENT ROW) AS n FROM t
      """
    ),
    .dateTruncType: (
      "SELECT date_trunc('month', d) AS m FROM t",
      "SELECT CAST(date_trunc('month', d) AS DATE) AS m FROM t"
    ),
    .zonedType: (
      "SELECT CAST(x AS TIMESTAMPTZ) AS c FROM t", "SELECT CAST(x AS TIMESTAMP) AS c FROM t"
    ),
    .textToDate: ("SELECT strptime(x, '%Y') AS c FROM t", "SELECT TRY_CAST(x AS DATE) AS c FROM t"),
    .tryCastInteger: (
      "SELECT TRY_CAST(x AS BIGINT) AS c FROM t",
      "SELECT CAST(TRY_CAST(x AS DECIMAL(18, 0)) AS BIGINT) AS c FROM t"
    ),
    .castFraction: (
      "SELECT CAST(CAST(a AS DOUBLE) / 2 AS BIGINT) AS c FROM t",
      "SELECT CAST(floor(CAST(a AS DOUBLE) / 2) AS BIGINT) AS c FROM t"
    ),
    .daysBetween: (
      "SELECT date_diff('day', d, e) AS c FROM t", "SELECT CAST(e - d AS INT) AS c FROM t"
    ),
    .intervalType: (
      "SELECT d + INTERVAL '1' MONTH AS c FROM t",
      "SELECT CAST(d + INTERVAL '1' MONTH AS DATE) AS c FROM t"
    ),
    .weekday: (
      "SELECT CAST(isodow(d) AS INT) AS c FROM t",
      "SELECT mod(CAST(d - DATE '1970-01-05' AS INT), 7) AS c FROM t"
    ),
    .datePartType: (
      "SELECT extract(hour FROM ts) AS c FROM t",
      "SELECT CAST(extract(hour FROM ts) AS INT) AS c FROM t"
    ),
    .dateAsText: (
      "SELECT strftime(d, '%Y-%m') AS c FROM t",
      "SELECT substr(CAST(d AS STRING), 1, 7) AS c FROM t"
    ),
    .regexpGroup: (
      "SELECT regexp_extract(x, 'a(b)') AS c FROM t",
      "SELECT regexp_extract(x, 'a(b)', 1) AS c FROM t"
    ),
    .regexpMatch: (
      "SELECT regexp_matches(x, 'a') AS c FROM t", "SELECT regexp_like(x, 'a') AS c FROM t"
    ),
    .backslash: (
      #"SELECT regexp_like(x, '\d') AS c FROM t"#, "SELECT regexp_like(x, '[0-9]') AS c FROM t"
    ),
    .apostrophe: ("SELECT 'it''s' AS c FROM t", "SELECT 'it' || chr(39) || 's' AS c FROM t"),
    .concat: ("SELECT concat(x, y) AS c FROM t", "SELECT x || y AS c FROM t"),
    .conditionalCount: (
      "SELECT count_if(a > 1) AS c FROM t", "SELECT count(*) FILTER (WHERE a > 1) AS c FROM t"
    ),
    .sumType: ("SELECT sum(a) AS c FROM t", "SELECT CAST(sum(a) AS BIGINT) AS c FROM t"),
    .sumFraction: (
      "SELECT CAST(SUM(CASE WHEN a > 1 THEN f END) AS DOUBLE) AS s FROM t",
      "SELECT CAST(SUM(CAST(f AS DECIMAL(18, 6))) AS DOUBLE) / nullif(COUNT(f), 0) AS m FROM t WHERE f > 0"
    ),
    .averageType: ("SELECT avg(a) AS c FROM t", "SELECT avg(CAST(a AS DOUBLE)) AS c FROM t"),
    .divisionType: ("SELECT a / 2 AS c FROM t", "SELECT CAST(a AS DOUBLE) / 2 AS c FROM t"),
    .integerDivision: (
      "SELECT a // 2 AS c FROM t", "SELECT CAST(floor(CAST(a AS DOUBLE) / 2) AS BIGINT) AS c FROM t"
    ),
    .divisionByZero: (
      "SELECT CAST(a AS DOUBLE) / b AS c FROM t",
      "SELECT CAST(a AS DOUBLE) / nullif(b, 0) AS c FROM t"
    ),
    .percentile: (
      "SELECT median(a) AS c FROM t",
      "SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY CAST(a AS DOUBLE)) AS c FROM t"
    ),
    .maxBy: ("SELECT arg_max(x, a) AS c FROM t", "SELECT max_by(x, a) AS c FROM t"),
    .anyValue: ("SELECT any_value(x) AS c FROM t", "SELECT min(x) AS c FROM t"),
    .hash: ("SELECT md5(x) AS c FROM t", "SELECT CAST(md5(x) AS STRING) AS c FROM t"),
    .dateSpine: (
      "SELECT i FROM generate_series(0, 9) AS r(i)",
      "SELECT DATE '2023-01-01' + CAST(i AS INT) AS d FROM range(0, 9) AS r(i)"
    ),
    .nullOrder: ("SELECT a FROM t ORDER BY a DESC", "SELECT a FROM t ORDER BY a DESC NULLS LAST"),
    .usingKey: ("SELECT t.a FROM t JOIN u USING (a)", "SELECT a, t.x FROM t JOIN u USING (a)"),
    .textType: ("SELECT CAST(a AS VARCHAR) AS c FROM t", "SELECT CAST(a AS STRING) AS c FROM t"),
    .json: ("SELECT x ->> 'a' AS c FROM t", "SELECT get_json_object(x, '$.a') AS c FROM t"),
    .groupByAll: (
      "SELECT a, count(*) AS n FROM t GROUP BY ALL", "SELECT a, count(*) AS n FROM t GROUP BY a"
    ),
    .orderByAll: ("SELECT a FROM t ORDER BY ALL", "SELECT a FROM t ORDER BY a ASC NULLS LAST"),
    .starList: ("SELECT * EXCLUDE (a) FROM t", "SELECT x FROM t"),
    .unionByName: (
      "SELECT a FROM t UNION ALL BY NAME SELECT a FROM u",
      "SELECT a FROM t UNION ALL SELECT a FROM u"
    ),
    .lateralAlias: (
      "SELECT a + 1 AS n, n + 1 AS m FROM t",
      "SELECT n, n + 1 AS m FROM (SELECT a + 1 AS n FROM t) AS s"
    ),
    .recursive: (
      """
      WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r WHERE i < 3) SELECT i FROM r
      """, "SELECT i FROM range(0, 3) AS r(i)"
    ),
    .pivot: (
      "PIVOT t ON x USING count(*)", "SELECT count(*) FILTER (WHERE x = 'a') AS a FROM t"
    ),
    .arrays: ("SELECT l[1] AS c FROM t", "SELECT x FROM t"),
    .quotedIdentifier: (#"SELECT "a" FROM t"#, "SELECT a FROM t"),
    .approximateCount: (
      "SELECT approx_count_distinct(a) AS c FROM t", "SELECT count(DISTINCT a) AS c FROM t"
    ),
    .castSign: ("SELECT a::DOUBLE AS c FROM t", "SELECT CAST(a AS DOUBLE) AS c FROM t"),
    .join: ("SELECT a FROM t POSITIONAL JOIN u", "SELECT t.a FROM t JOIN u ON t.a = u.a"),
    .distinctOn: ("SELECT DISTINCT ON (a) a FROM t", "SELECT DISTINCT a FROM t"),
    .function: ("SELECT jaro_similarity(x, y) AS c FROM t", "SELECT lower(x) AS c FROM t"),
  ]

  private let columns = ["t": ["a", "b", "d", "e", "ts", "x", "y", "l", "f", "p"], "u": ["a"]]
  private let fractions: [String: [String: PortableSQL.Fraction]] = [
    "t": ["f": .double, "p": .decimal]
  ]

  private func rules(_ text: String) throws -> [PortabilityRule] {
    let session = try TestLake.engine.session()
    return try PortableSQL(text, tables: columns, fractions: fractions)
      .findings(session.syntaxTree(of: text)).map(\.rule)
  }

  @Test(
    "Each rule finds what breaks it, and what it tells to write instead breaks none",
    arguments: PortabilityRule.allCases)
  func each(_ rule: PortabilityRule) throws {
    let example = try #require(PortabilityTests.examples[rule])
    #expect(try rules(example.broken) == [rule], "\(example.broken)")
    #expect(try rules(example.portable) == [], "\(example.portable)")
  }

  @Test("A finding tells its place, in subqueries, common tables, windows and joins too")
  func places() throws {
    let text = """
      WITH c AS (
        SELECT median(a) AS m FROM t
      )
      SELECT m FROM c JOIN u ON m = (SELECT mode(a) FROM u) AND u.a IN (SELECT strftime(d, 'x') FROM t)
      """
    let session = try TestLake.engine.session()
    let found = try PortableSQL(text, tables: columns).findings(session.syntaxTree(of: text))
    #expect(found.map(\.rule) == [.percentile, .percentile, .dateAsText])
    #expect(found.map(\.name) == ["median", "mode", "strftime"])
    let starts = found.map { finding in
      finding.offset.map { String(decoding: Array(text.utf8)[$0...].prefix(4), as: UTF8.self) }
    }
    #expect(starts == ["medi", "mode", "strf"])
    #expect(
      found[2].description
        == "strftime is not portable: write `substr(CAST(d AS STRING), 1, 7)`, or "
        + "`date_format(d, 'yyyy-MM')`.")
  }

  @Test("A name that a table has too is no alias, and an alias may order and group")
  func aliases() throws {
    #expect(try rules("SELECT a + 1 AS b, b + 1 AS c FROM t") == [])
    #expect(try rules("SELECT a + 1 AS n FROM t ORDER BY n ASC NULLS LAST") == [])
    #expect(try rules("SELECT a + 1 AS n, count(*) AS c FROM t GROUP BY n") == [])
    #expect(try rules("SELECT a + 1 AS n FROM t WHERE n > 1") == [.lateralAlias])
    // Of what it does not know it says nothing.
    #expect(try rules("SELECT a + 1 AS n, n + 1 AS c FROM unknown_table") == [])
  }

  @Test("Sums of fractions are exact where each is a decimal, or none is added")
  func sums() throws {
    #expect(try rules("SELECT AVG(CAST(p AS DOUBLE)) AS m FROM t") == [.sumFraction])
    #expect(
      try rules("SELECT AVG(CAST(t.F AS DOUBLE)) AS m FROM t JOIN u ON t.a = u.a") == [.sumFraction]
    )
    #expect(
      try rules("SELECT CAST(SUM(f) OVER (PARTITION BY a) AS DOUBLE) AS s FROM t") == [.sumFraction]
    )
    #expect(
      try rules("SELECT a FROM t GROUP BY a HAVING CAST(SUM(f) AS DOUBLE) > 1") == [.sumFraction])
    #expect(try rules("SELECT CAST(SUM(p) AS DECIMAL(18, 2)) AS s FROM t") == [])
    #expect(try rules("SELECT CAST(SUM(p) AS DOUBLE) / nullif(COUNT(p), 0) AS m FROM t") == [])
    #expect(
      try rules("SELECT CAST(SUM(CASE WHEN f > 1 THEN 1 ELSE 0 END) AS BIGINT) AS n FROM t") == [])
    #expect(try rules("SELECT AVG(CAST(a AS DOUBLE)) AS m FROM t") == [])
    #expect(try rules("WITH t AS (SELECT 1 AS f) SELECT CAST(SUM(f) AS DOUBLE) AS s FROM t") == [])
  }

  @Test("What is certainly not zero may divide")
  func divisors() throws {
    for divisor in ["count(*)", "CAST(count(*) AS DOUBLE)", "100", "nullif(count(b), 0)"] {
      #expect(try rules("SELECT CAST(count(a) AS DOUBLE) / \(divisor) AS c FROM t") == [])
    }
    #expect(
      try rules("SELECT CAST(count(a) AS DOUBLE) / count(b) AS c FROM t") == [.divisionByZero])
    #expect(try rules("SELECT CAST(a AS DOUBLE) / 0 AS c FROM t") == [.divisionByZero])
  }

  @Test("The page about portable SQL tells every rule in its words")
  func page() throws {
    let package = parentPath(parentPath(parentPath(#filePath)))
    let page = String(decoding: try Files.read("\(package)/docs/portable-sql.md"), as: UTF8.self)
    for rule in PortabilityRule.allCases {
      let (spelling, portable) = rule.words
      let row = [rule.rawValue, spelling, portable].map { $0.replacing("|", with: "\\|") }
      #expect(page.contains("| \(row.joined(separator: " | ")) |\n"), "\(rule.rawValue)")
    }
  }
}
