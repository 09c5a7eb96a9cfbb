import Engines
import Lakehouse
import Lineage
import Testing

/// `t(a, b, c)`, `u(a, d, Mixed)` and `v(k, l)`.
let lineageTables = ["t": ["a", "b", "c"], "u": ["a", "d", "Mixed"], "v": ["k", "l"]]

@Suite("What the columns of a query depend on")
struct QueryLineageTests {
  private let parser: LineageParser

  init() throws { parser = LineageParser(try EngineProvider(lake: nil).session()) }

  /// `a: IDENTITY t.a | FILTER t.b`: a line for each column, and one for all rows.
  private func lineage(_ sql: String) throws -> String {
    let lineage = try parser.lineage(of: sql, tables: lineageTables)
    func words(_ found: Set<Dependency>) -> String {
      found.sorted { ($0.subtype, $0.input, $0.column) < ($1.subtype, $1.input, $1.column) }.map {
        "\($0.subtype.rawValue) \($0.input).\($0.column)" + ($0.isCertain ? "" : "?")
      }.joined(separator: ", ")
    }
    var lines = lineage.columns.map { "\($0.name): \(words($0.dependencies))" }
    if let others = lineage.others { lines.append("*: \(words(others))") }
    if !lineage.rows.isEmpty { lines.append("rows: \(words(lineage.rows))") }
    return lines.joined(separator: "; ")
  }

  @Test(
    "Values are followed through names, queries and expressions",
    arguments: [
      ("SELECT a, b AS x FROM t", "a: IDENTITY t.a; x: IDENTITY t.b"),
      ("SELECT t.a + c AS s FROM t", "s: TRANSFORMATION t.a, TRANSFORMATION t.c"),
      ("SELECT CAST(a AS STRING) AS s, 1 AS one FROM t", "s: TRANSFORMATION t.a; one: "),
      (
        "SELECT CASE WHEN a = 1 THEN b ELSE c END AS x FROM t",
        "x: TRANSFORMATION t.b, TRANSFORMATION t.c, CONDITIONAL t.a"
      ),
      ("SELECT * FROM t", "a: IDENTITY t.a; b: IDENTITY t.b; c: IDENTITY t.c"),
      (
        "SELECT * EXCLUDE (a) REPLACE (b + c AS c) FROM t",
        "b: IDENTITY t.b; c: TRANSFORMATION t.b, TRANSFORMATION t.c"
      ),
      ("SELECT * EXCLUDE (t.b) RENAME (c AS z) FROM t", "a: IDENTITY t.a; z: IDENTITY t.c"),
      ("WITH q(x, y) AS (SELECT a, b FROM t) SELECT y FROM q", "y: IDENTITY t.b"),
      (
        "WITH q AS (SELECT a + 1 AS n FROM t), r AS (SELECT n FROM q) SELECT n FROM r AS z",
        "n: TRANSFORMATION t.a"
      ),
      (
        "SELECT x.n FROM (SELECT a, b AS n FROM t WHERE c > 0) AS x",
        "n: IDENTITY t.b; rows: FILTER t.c"
      ),
      ("SELECT \"a\", T.B FROM \"T\"", "a: IDENTITY t.a; B: IDENTITY t.b"),
      ("SELECT mixed, \"Mixed\" AS m FROM u", "mixed: IDENTITY u.Mixed; m: IDENTITY u.Mixed"),
      (
        "SELECT a + 1 AS n, n * b AS p FROM t",
        "n: TRANSFORMATION t.a; p: TRANSFORMATION t.a, TRANSFORMATION t.b"
      ),
      ("SELECT i FROM range(0, 5) AS r(i)", "i: "),
      ("SELECT p, q FROM (VALUES (1, 2)) AS w(p, q)", "p: ; q: "),
      ("SELECT random() AS r FROM t", "r: "),
    ])
  func values(_ sql: String, _ expected: String) throws {
    #expect(try lineage(sql) == expected, "\(sql)")
  }

  @Test(
    "Joins tell which rows meet, and USING makes one column of two",
    arguments: [
      (
        "SELECT t.a, u.d FROM t JOIN u ON t.a = u.a",
        "a: IDENTITY t.a; d: IDENTITY u.d; rows: JOIN t.a, JOIN u.a"
      ),
      (
        "SELECT a, d FROM t LEFT JOIN u USING (a)",
        "a: IDENTITY t.a; d: IDENTITY u.d; rows: JOIN t.a, JOIN u.a"
      ),
      ("SELECT a FROM t RIGHT JOIN u USING (a)", "a: IDENTITY u.a; rows: JOIN t.a, JOIN u.a"),
      (
        "SELECT a FROM t FULL JOIN u USING (a)",
        "a: TRANSFORMATION t.a, TRANSFORMATION u.a; rows: JOIN t.a, JOIN u.a"
      ),
      (
        "SELECT * FROM t NATURAL JOIN u",
        "a: IDENTITY t.a; b: IDENTITY t.b; c: IDENTITY t.c; d: IDENTITY u.d; "
          + "Mixed: IDENTITY u.Mixed; rows: JOIN t.a, JOIN u.a"
      ),
      ("SELECT u.a FROM t JOIN u USING (a)", "a: IDENTITY u.a; rows: JOIN t.a, JOIN u.a"),
      ("SELECT b FROM t SEMI JOIN u ON t.a = u.a", "b: IDENTITY t.b; rows: JOIN t.a, JOIN u.a"),
      ("SELECT b FROM t ANTI JOIN u ON t.a = d", "b: IDENTITY t.b; rows: JOIN t.a, JOIN u.d"),
      ("SELECT b, d FROM t CROSS JOIN u", "b: IDENTITY t.b; d: IDENTITY u.d"),
      (
        "SELECT t.b, d FROM t ASOF JOIN u ON t.a >= u.a",
        "b: IDENTITY t.b; d: IDENTITY u.d; rows: JOIN t.a, JOIN u.a"
      ),
      (
        "SELECT y.a FROM t AS x JOIN t AS y ON x.a = y.b",
        "a: IDENTITY t.a; rows: JOIN t.a, JOIN t.b"
      ),
      (
        "SELECT n FROM v, LATERAL (SELECT k + 1 AS n) AS w",
        "n: TRANSFORMATION v.k"
      ),
      (
        "SELECT k, e FROM v, unnest(l) AS w(e)",
        "k: IDENTITY v.k; e: TRANSFORMATION v.l; rows: FILTER v.l"
      ),
      (
        "SELECT k, unnest(l) AS e FROM v",
        "k: IDENTITY v.k; e: TRANSFORMATION v.l; rows: FILTER v.l"
      ),
    ])
  func joins(_ sql: String, _ expected: String) throws {
    #expect(try lineage(sql) == expected, "\(sql)")
  }

  @Test(
    "Conditions, groups, orders and sets tell which rows there are",
    arguments: [
      ("SELECT a FROM t WHERE b > 1 AND c < 2", "a: IDENTITY t.a; rows: FILTER t.b, FILTER t.c"),
      (
        "SELECT a, SUM(b) AS s FROM t GROUP BY 1 HAVING max(c) > 3",
        "a: IDENTITY t.a; s: AGGREGATION t.b; rows: GROUP_BY t.a, FILTER t.c"
      ),
      (
        "SELECT a AS g, count(*) AS n FROM t GROUP BY ALL",
        "g: IDENTITY t.a; n: ; rows: GROUP_BY t.a"
      ),
      (
        "SELECT count(*) FILTER (WHERE b = 1) AS n, max_by(a, c) AS m FROM t",
        "n: FILTER t.b; m: AGGREGATION t.a, SORT t.c"
      ),
      (
        "SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY b) AS p FROM t",
        "p: AGGREGATION t.b"
      ),
      (
        "SELECT DISTINCT a, b FROM t",
        "a: IDENTITY t.a; b: IDENTITY t.b; rows: GROUP_BY t.a, GROUP_BY t.b"
      ),
      ("SELECT a FROM t ORDER BY b LIMIT 3", "a: IDENTITY t.a; rows: SORT t.b"),
      (
        "SELECT sum(a) OVER (PARTITION BY b ORDER BY c) AS s FROM t",
        "s: AGGREGATION t.a, WINDOW t.b, WINDOW t.c"
      ),
      (
        "SELECT a FROM (SELECT a, row_number() OVER (PARTITION BY b ORDER BY c) AS n FROM t) AS q "
          + "WHERE n = 1",
        "a: IDENTITY t.a; rows: FILTER t.b, FILTER t.c"
      ),
      ("SELECT a FROM t UNION ALL SELECT d FROM u", "a: IDENTITY t.a, IDENTITY u.d"),
      (
        "SELECT a FROM t UNION SELECT d FROM u",
        "a: IDENTITY t.a, IDENTITY u.d; rows: GROUP_BY t.a, GROUP_BY u.d"
      ),
      (
        "SELECT a, b FROM t UNION ALL BY NAME SELECT a FROM u",
        "a: IDENTITY t.a, IDENTITY u.a; b: IDENTITY t.b"
      ),
      (
        "SELECT a FROM t EXCEPT ALL SELECT d FROM u",
        "a: IDENTITY t.a; rows: FILTER t.a, FILTER u.d"
      ),
      (
        "SELECT a FROM t WHERE b IN (SELECT d FROM u WHERE u.a = t.c)",
        "a: IDENTITY t.a; rows: FILTER t.b, FILTER t.c, FILTER u.a, FILTER u.d"
      ),
      (
        "SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.d = t.b)",
        "a: IDENTITY t.a; rows: FILTER t.b, FILTER u.d"
      ),
      (
        "SELECT a, (SELECT max(d) FROM u WHERE u.a = t.b) AS m FROM t",
        "a: IDENTITY t.a; m: AGGREGATION u.d, FILTER t.b, FILTER u.a"
      ),
      (
        "WITH RECURSIVE r(n) AS (SELECT a FROM t UNION ALL SELECT n + 1 FROM r WHERE n < 9) SELECT n FROM r",
        "n: IDENTITY t.a, TRANSFORMATION t.a; rows: FILTER t.a"
      ),
    ])
  func rows(_ sql: String, _ expected: String) throws {
    #expect(try lineage(sql) == expected, "\(sql)")
  }

  @Test(
    "What is not understood depends on everything, and says that it is not certain",
    arguments: [
      ("SELECT nothing FROM v", "nothing: IDENTITY v.k?, IDENTITY v.l?"),
      ("SELECT COLUMNS('k') FROM v", "*: TRANSFORMATION v.k?, TRANSFORMATION v.l?"),
    ])
  func uncertain(_ sql: String, _ expected: String) throws {
    #expect(try lineage(sql) == expected, "\(sql)")
  }

  @Test("A text that is no query depends on everything")
  func noQuery() throws {
    let lineage = try parser.lineage(of: "PIVOT t ON a USING sum(b)", tables: lineageTables)
    #expect(lineage.columns.isEmpty)
    #expect(lineage.others?.count == 8)
    #expect(lineage.others?.allSatisfy { !$0.isCertain } == true)
    #expect(lineage.rows.count == 8)
  }
}
