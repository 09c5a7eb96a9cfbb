import Engines
import Gold
import Lakehouse
import Podium
import Silver
import TestKit
import Testing

@testable import Runner

@Suite("Which input rows a result row comes from")
struct KeyLineageTests {
  private let session: EngineSession
  private static let tables = [
    "visits": ["id", "member", "club", "dated", "mins"], "members": ["member", "city", "club"],
    "clubs": ["club", "tz"],
  ]

  init() throws { session = try EngineProvider(lake: nil).session() }

  private func lineage(_ sql: String) throws -> KeyLineage? {
    try KeyLineage(sql, tables: Self.tables, session)
  }

  /// For each reading of an input, in their order, its expressions for columns of the result.
  private func direct(_ sql: String) throws -> [String] {
    let lineage = try #require(try lineage(sql), "\(sql)")
    return try lineage.readings.map { reading in
      let parts = try reading.direct.sorted { $0.key < $1.key }.map {
        "\($0.key)=\(try $0.value.sql(session))"
      }
      return ([reading.input] + parts).joined(separator: " ")
    }
  }

  @Test(
    "Columns and expressions of one row are traced",
    arguments: [
      ("SELECT id, dated AS d, upper(club) AS c FROM visits", "visits c=upper(club) d=dated id=id"),
      (
        "SELECT v.* FROM visits AS v WHERE mins > 3",
        "visits club=club dated=dated id=id member=member mins=mins"
      ),
      (
        "SELECT * EXCLUDE (id, dated) REPLACE (1 AS club) FROM visits",
        "visits member=member mins=mins"
      ),
      ("SELECT DISTINCT club FROM visits ORDER BY club", "visits club=club"),
      (
        "SELECT x.k FROM (SELECT club || member AS k FROM visits) AS x",
        "visits k=(club || member)"
      ),
      (
        "WITH a(k) AS (SELECT club FROM visits), b AS (SELECT k || '!' AS k FROM a) SELECT k FROM b",
        "visits k=(club || '!')"
      ),
      (
        "SELECT CASE WHEN club IS NULL THEN 'none' ELSE club END AS c, random() AS r FROM visits",
        "visits c=CASE  WHEN ((club IS NULL)) THEN ('none') ELSE club END"
      ),
      ("SELECT 1 AS one, club FROM visits", "visits club=club one=1"),
    ])
  func expressions(sql: String, expected: String) throws {
    #expect(try direct(sql) == [expected])
  }

  @Test(
    "A group is traced by what it is grouped by, and by nothing else",
    arguments: [
      ("SELECT club, count(*) AS n FROM visits GROUP BY club", "visits club=club"),
      (
        "SELECT club, date_trunc('week', dated) AS w, sum(mins) AS n FROM visits GROUP BY 1, 2",
        "visits club=club w=date_trunc('week', dated)"
      ),
      (
        "SELECT date_trunc('week', dated) AS w, max(dated) AS d FROM visits GROUP BY w",
        "visits w=date_trunc('week', dated)"
      ),
      ("SELECT club, count(*) AS n FROM visits GROUP BY ALL", "visits club=club"),
      (
        "SELECT upper(club) AS c, count(*) AS n FROM visits GROUP BY club HAVING count(*) > 2",
        "visits c=upper(club)"
      ),
      ("SELECT count(*) AS n, 1 AS one FROM visits", "visits"),
      ("SELECT club, member FROM visits GROUP BY ROLLUP (club, member)", "visits"),
      (
        "SELECT club, n FROM (SELECT club, max(dated) AS n FROM visits GROUP BY club) AS x",
        "visits club=club"
      ),
      (
        "SELECT n, count(*) AS m FROM (SELECT club, max(dated) AS n FROM visits GROUP BY club) AS x "
          + "GROUP BY n", "visits"
      ),
    ])
  func groups(sql: String, expected: String) throws {
    #expect(try direct(sql) == [expected])
  }

  @Test(
    "Windows and limits cut the trace of all that they do not keep apart",
    arguments: [
      (
        "SELECT club, member, row_number() OVER (PARTITION BY club ORDER BY dated) AS r FROM visits",
        "visits club=club"
      ),
      (
        "SELECT club, member, rank() OVER (PARTITION BY club, member) AS r, "
          + "sum(mins) OVER (PARTITION BY member) AS s FROM visits", "visits member=member"
      ),
      ("SELECT club, lag(dated) OVER (ORDER BY dated) AS l FROM visits", "visits"),
      (
        "SELECT club, member FROM visits QUALIFY row_number() OVER (PARTITION BY club) = 1",
        "visits club=club"
      ),
      (
        "SELECT w, n FROM (SELECT w, n, rank() OVER (PARTITION BY w) AS r FROM (SELECT "
          + "date_trunc('week', dated) AS w, club, count(*) AS n FROM visits GROUP BY 1, 2)) WHERE r < 3",
        "visits w=date_trunc('week', dated)"
      ),
      ("SELECT club FROM visits LIMIT 3", "visits"),
      ("SELECT DISTINCT ON (club) club, member FROM visits", "visits"),
      ("SELECT club FROM (SELECT club FROM visits ORDER BY dated LIMIT 3) AS x", "visits"),
    ])
  func windows(sql: String, expected: String) throws {
    #expect(try direct(sql) == [expected])
  }

  @Test(
    "Joins trace to both sides what an equality says",
    arguments: [
      (
        "SELECT v.id, v.club, c.tz FROM visits AS v JOIN clubs AS c ON v.club = c.club",
        ["visits club=club id=id", "clubs club=club tz=tz"]
      ),
      (
        "SELECT v.id, v.club, c.tz FROM visits AS v LEFT JOIN clubs AS c ON v.club = c.club",
        ["visits club=club id=id", "clubs club=club"]
      ),
      (
        "SELECT v.club AS a, c.club AS b FROM visits AS v JOIN clubs AS c ON v.club = c.club",
        ["visits a=club b=club", "clubs a=club b=club"]
      ),
      (
        "SELECT v.id, c.tz FROM visits AS v RIGHT JOIN clubs AS c ON v.club = c.club",
        ["visits", "clubs tz=tz"]
      ),
      (
        "SELECT v.id, c.tz FROM visits AS v FULL JOIN clubs AS c ON v.club = c.club",
        ["visits", "clubs"]
      ),
      (
        "SELECT id, club FROM visits SEMI JOIN members USING (club)",
        ["visits club=club id=id", "members club=club"]
      ),
      (
        "SELECT v.id, v.club FROM visits AS v ANTI JOIN clubs AS c ON upper(c.club) = v.club "
          + "AND v.dated > DATE '2025-01-01'", ["visits club=club id=id", "clubs club=upper(club)"]
      ),
      (
        "SELECT v.id, d.x FROM visits AS v CROSS JOIN (VALUES ('a'), ('b')) AS d(x)",
        ["visits id=id"]
      ),
      (
        "SELECT club, n FROM clubs LEFT JOIN (SELECT club, count(*) AS n FROM visits GROUP BY club) "
          + "AS v USING (club)", ["clubs club=club", "visits club=club"]
      ),
      (
        "SELECT c.club FROM clubs AS c, visits AS v WHERE c.club = v.club AND v.mins > 3",
        ["clubs club=club", "visits club=club"]
      ),
      (
        "SELECT c.club, m.member FROM clubs AS c, visits AS v, members AS m "
          + "WHERE c.club = v.club AND v.member = m.member",
        ["clubs club=club", "visits club=club member=member", "members member=member"]
      ),
      (
        "SELECT v.id, v.club, c.tz FROM visits AS v LEFT JOIN clubs AS c ON c.tz = v.member "
          + "WHERE v.club = c.club", ["visits club=club id=id", "clubs"]
      ),
      (
        "SELECT c.club FROM clubs AS c, visits AS v WHERE c.club = v.club OR v.mins > 3",
        ["clubs club=club", "visits"]
      ),
    ])
  func joins(sql: String, expected: [String]) throws {
    #expect(try direct(sql) == expected)
  }

  @Test(
    "Subqueries are traced by what an equality with the row around them says",
    arguments: [
      (
        "SELECT club FROM clubs WHERE club IN (SELECT upper(club) FROM visits) AND tz > 'a'",
        ["clubs club=club", "visits club=upper(club)"]
      ),
      (
        "SELECT c.club FROM clubs AS c WHERE NOT EXISTS "
          + "(SELECT 1 FROM visits AS v WHERE v.club = c.club AND v.mins > 3)",
        ["clubs club=club", "visits club=club"]
      ),
      (
        "SELECT m.city, (SELECT max(v.mins) FROM visits AS v WHERE m.member = v.member) AS most, "
          + "m.member FROM members AS m",
        ["members city=city member=member", "visits member=member"]
      ),
      (
        "SELECT c.club FROM clubs AS c WHERE EXISTS (SELECT 1 FROM visits AS v, members AS m "
          + "WHERE v.club = c.club AND m.member = v.member)",
        ["clubs club=club", "visits club=club", "members"]
      ),
      // An unknown value among those of NOT IN leaves no row at all.
      (
        "SELECT club FROM clubs WHERE club NOT IN (SELECT club FROM visits)",
        ["clubs club=club", "visits"]
      ),
      (
        "SELECT club, club IN (SELECT club FROM visits) AS visited FROM clubs",
        ["clubs club=club", "visits"]
      ),
      (
        "SELECT club FROM clubs WHERE club IN (SELECT club FROM visits LIMIT 3)",
        ["clubs club=club", "visits"]
      ),
      // The names inside are looked for inside first.
      (
        "SELECT c.club FROM clubs AS c WHERE EXISTS (SELECT 1 FROM visits WHERE member = club)",
        ["clubs club=club", "visits"]
      ),
      (
        "SELECT c.club FROM clubs AS c WHERE EXISTS "
          + "(SELECT 1 FROM visits AS v WHERE v.club = c.club OR v.mins > 3)",
        ["clubs club=club", "visits"]
      ),
    ])
  func subqueries(sql: String, expected: [String]) throws {
    #expect(try direct(sql) == expected)
  }

  @Test("A union traces each branch by itself")
  func unions() throws {
    #expect(
      try direct("SELECT club AS k FROM visits UNION ALL SELECT upper(club) FROM members")
        == ["visits k=club", "members k=upper(club)"])
    #expect(
      try direct(
        "SELECT k, count(*) AS n FROM (SELECT club AS k FROM visits UNION SELECT max(club) "
          + "FROM members) AS u GROUP BY k") == ["visits k=club", "members"])
    #expect(
      try direct("SELECT club FROM visits EXCEPT SELECT club FROM clubs")
        == ["visits club=club", "clubs club=club"])
  }

  @Test(
    "What is not understood is not traced",
    arguments: [
      "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n FROM r, visits",
      "SELECT * FROM visits POSITIONAL JOIN clubs", "SELECT * FROM nobody", "SELECT", "",
      "SELECT v.id FROM visits AS v ASOF JOIN clubs AS c ON v.club >= c.club",
    ])
  func unknown(sql: String) throws {
    #expect(try lineage(sql) == nil)
  }

  /// The touched columns, and for each reading of a changed input its steps to their values.
  private func touch(_ sql: String, _ key: [String], _ changed: Set<String>) throws -> [String] {
    let lineage = try #require(try lineage(sql))
    let (touch, silent) = lineage.touch(key, changed: changed)
    guard let touch else { return ["no: " + silent.joined(separator: " ")] }
    return [touch.columns.joined(separator: " ")]
      + (try touch.paths.map { path in
        let links = try path.links.map { link in
          try link.pairs.map { try "\($0.own.sql(session))=\(link.input).\($0.other.sql(session))" }
            .joined(separator: ",")
        }
        let values = try path.values.map { try $0.sql(session) }.joined(separator: ",")
        return ([path.input] + links + [values]).joined(separator: " > ")
      })
  }

  @Test("Changed rows tell the key themselves, or by those that they are joined with")
  func touches() throws {
    let joined = """
      SELECT v.id, v.dated, c.tz, m.city FROM visits AS v LEFT JOIN clubs AS c ON v.club = c.club
      LEFT JOIN members AS m ON m.member = v.member
      """
    #expect(try touch(joined, ["dated"], ["visits"]) == ["dated", "visits > dated"])
    #expect(
      try touch(joined, ["DATED"], ["clubs", "members"])
        == [
          "dated", "clubs > club=visits.club > dated", "members > member=visits.member > dated",
        ])
    #expect(try touch(joined, ["tz"], ["visits"]) == ["no: visits"])
    let partly = """
      SELECT d.kind, v.club, count(*) AS n FROM visits AS v
      CROSS JOIN (VALUES ('a'), ('b')) AS d(kind) GROUP BY 1, 2
      """
    #expect(try touch(partly, ["kind", "club"], ["visits"]) == ["club", "visits > club"])
    let grouped = """
      SELECT m.city, count(*) AS n FROM visits AS v JOIN members AS m ON v.member = m.member
      GROUP BY m.city
      """
    #expect(
      try touch(grouped, ["city"], ["visits", "members"])
        == ["city", "visits > member=members.member > city", "members > city"])
    #expect(try touch("SELECT count(*) AS n FROM visits", ["n"], ["visits"]) == ["no: visits"])
    let met = """
      SELECT m.city, count(*) AS n FROM visits AS v, members AS m
      WHERE v.member = m.member AND EXISTS (SELECT 1 FROM clubs AS c WHERE c.club = v.club)
      GROUP BY m.city
      """
    #expect(
      try touch(met, ["city"], ["visits", "clubs"])
        == [
          "city", "visits > member=members.member > city",
          "clubs > club=visits.club > member=members.member > city",
        ])
  }

  @Test("Inputs are cut down to rows with touched values only where all that is read has them")
  func limits() throws {
    func limits(_ sql: String, _ columns: [String]) throws -> [String: [String]] {
      try #require(try lineage(sql)).limits(columns).mapValues { readings in
        try readings.map { try $0.map { try $0.sql(session) }.joined(separator: ",") }
      }
    }
    #expect(
      try limits(
        "SELECT v.club, v.dated FROM visits AS v JOIN clubs AS c ON v.club = c.club", ["club"])
        == ["visits": ["club"], "clubs": ["club"]])
    #expect(
      try limits(
        "SELECT v.club, v.dated FROM visits AS v JOIN clubs AS c ON v.club = c.club", ["dated"])
        == ["visits": ["dated"]])
    #expect(
      try limits(
        "SELECT a.club FROM visits AS a LEFT JOIN visits AS b ON a.id = b.id + 1", ["club"]) == [:])
    #expect(
      try limits("SELECT club AS k FROM visits UNION SELECT upper(club) FROM visits", ["k"])
        == ["visits": ["club", "upper(club)"]])
  }

  @Test(
    "The gym's derived tables are touched by their keys",
    arguments: (Silver.tables + Gold.tables).filter {
      if case .derived = $0.write { true } else { false }
    })
  func gym(_ table: Table) throws {
    guard case .derived(let derivation) = table.write, derivation != .whole else { return }
    let query = try #require(table.query)
    let (key, lookback): ([String], Int) =
      switch derivation {
      case .key(let columns): (columns, 0)
      case .partition(let column, let lookback): ([column], lookback)
      case .whole: ([], 0)
      }
    let lineage = try #require(
      try KeyLineage(query, asOf: "2025-01-01", session, looksBack: lookback > 0))
    let changed = Set(query.inputs.map(\.alias))
    let (touch, silent) = lineage.touch(key, changed: changed)
    #expect(touch != nil, "\(table.name): \(silent)")
  }
}
