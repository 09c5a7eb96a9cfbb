import Basics
import CLITestKit
import RunnerTestKit
import TestKit
import Testing

@Suite("sql")
struct SQLTests {
  private func ask(_ query: String, _ options: String...) throws -> Program.Outcome {
    try Program.run(["sql", query] + options + ["--lake", try Gym.finished.get().path])
  }

  @Test(
    "Whatever only reads is answered",
    arguments: [
      "SELECT 1", "select 1;", "WITH a AS (SELECT 1 AS x) SELECT x FROM a", "FROM silver.locations",
      "DESCRIBE silver.locations", "EXPLAIN SELECT * FROM silver.members",
      "EXPLAIN ANALYZE SELECT 1", "EXPLAIN (FORMAT json) SELECT 1", "EXPLAIN (SELECT 1)",
      "/* a */ EXPLAIN /* b */ ANALYZE SELECT 1", "VALUES (1), (2)", "SUMMARIZE silver.locations",
      "SELECT 'DROP TABLE x; INSERT' AS \"COPY\"", "  SELECT 1 -- ; DROP TABLE x",
      "SELECT count(*) FROM bronze.members JOIN silver.members USING (member_id)",
      "SELECT * FROM \"silver\".\"locations\"", "SELECT 1 UNION SELECT 2",
    ])
  func reads(_ query: String) throws {
    let outcome = try ask(query)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output != "")
  }

  @Test(
    "Whatever could change something is refused, and several statements are",
    arguments: [
      "INSERT INTO silver.members SELECT * FROM silver.members", "DROP TABLE silver.members",
      "UPDATE silver.members SET city = ''", "DELETE FROM silver.members", "CREATE TABLE t (a INT)",
      "CREATE OR REPLACE TEMP VIEW v AS SELECT 1", "COPY (SELECT 1) TO 'FILE'",
      "EXPORT DATABASE 'FILE'", "ATTACH 'FILE'", "PRAGMA version", "PRAGMA threads = 1",
      "SET threads = 1", "INSTALL httpfs", "LOAD httpfs", "CALL pragma_version()", "CHECKPOINT",
      "VACUUM", "USE main", "BEGIN", "PREPARE a AS SELECT 1", "SELECT 1; SELECT 2",
      "SELECT 1; DROP TABLE silver.members", "SELECT 1; COPY (SELECT 1) TO 'FILE'",
      "EXPLAIN ANALYZE COPY (SELECT 1) TO 'FILE'",
      "/* SELECT */ EXPLAIN ANALYZE COPY (SELECT 1) TO 'FILE'",
      "EXPLAIN/**/ANALYZE/**/COPY (SELECT 1) TO 'FILE'",
      "EXPLAIN (ANALYZE, FORMAT json) COPY (SELECT 1) TO 'FILE'",
      "EXPLAIN (FORMAT json, ANALYZE) COPY (SELECT 1) TO 'FILE'",
      "EXPLAIN ANALYZE\nCOPY (SELECT 1) TO 'FILE'", "eXpLaIn aNaLyZe copy (select 1) to 'FILE'",
      "EXPLAIN ANALYZE SELECT 1; COPY (SELECT 1) TO 'FILE'",
      "EXPLAIN ANALYZE CREATE TABLE t AS SELECT 1",
      "WITH a AS (SELECT 1) INSERT INTO b SELECT * FROM a",
    ])
  func refused(_ query: String) throws {
    let folder = try Files.makeTemporaryFolder()
    defer { Files.remove(folder) }
    let text = query.replacing("FILE", with: "\(folder)/written")
    let outcome = try ask(text)
    #expect(outcome.status == 2)
    #expect(outcome.errors.hasPrefix("error: 'podium sql' "), "\(outcome.errors)")
    #expect(outcome.output == "")
    #expect(Files.names(folder) == [])
  }

  @Test("A mistake is told by the engine, with its caret")
  func mistakes() throws {
    let outcome = try ask("SELECT nope FROM silver.locations")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("Referenced column \"nope\" not found"))
    #expect(
      outcome.errors.hasSuffix(
        "\n\nLINE 1: SELECT nope FROM silver.locations\n               ^\n"))
    #expect(try ask("SELCT 1").errors.contains("syntax error at or near \"SELCT\""))
    #expect(try ask("EXPLAIN SELCT 1").status == 2)
    for empty in ["", " ", ";", "-- nothing"] {
      let outcome = try Program.run(
        ["sql", "--lake", try Gym.finished.get().path, "--", empty])
      #expect(outcome.status == 2)
      #expect(outcome.errors == "error: the query is empty: give one SELECT.\n")
    }
  }

  @Test("A table without its layer, or misspelt, is told with the one that was meant")
  func unknownTables() throws {
    #expect(try ask("SELECT * FROM members").errors.contains(".members'?"))
    #expect(
      try ask("SELECT * FROM gold.customer_lvt").errors.contains(
        "there is no table 'gold.customer_lvt'. Did you mean 'gold.customer_ltv'?"))
  }

  @Test("Formats and the limit are as asked for")
  func formats() throws {
    let query = "SELECT i AS n, 'a,b' AS t FROM range(3) AS r(i)"
    #expect(try ask(query, "--format", "csv").output == "n,t\n0,\"a,b\"\n1,\"a,b\"\n2,\"a,b\"\n")
    #expect(try ask(query, "--format", "ndjson").output.split(separator: "\n").count == 3)
    #expect(
      try ask(query, "--json").output
        == "[\n  {\"n\":0,\"t\":\"a,b\"},\n  {\"n\":1,\"t\":\"a,b\"},\n  {\"n\":2,\"t\":\"a,b\"}\n]\n"
    )
    #expect(try ask(query, "--format", "cvs").errors.contains("Did you mean 'csv'?"))
  }

  @Test("A limit that is given holds for every format, on a terminal or not")
  func limit() throws {
    let query = "SELECT i AS n FROM range(5000) AS r(i)"
    #expect(try ask(query, "--limit", "2", "--format", "csv").output == "n\n0\n1\n")
    #expect(try ask(query, "--limit", "1", "--json").output == "[\n  {\"n\":0}\n]\n")
    #expect(try ask(query, "--limit", "2").output.hasSuffix("┘\n… 4,998 more rows\n"))
    for all in [["--limit", "0"], []] {
      let words = ["sql", query, "--format", "csv", "--lake", try Gym.finished.get().path] + all
      #expect(try Program.run(words).output.split(separator: "\n").count == 5001)
    }
  }

  @Test("--json beside another format is wrong usage")
  func contradiction() throws {
    let outcome = try ask("SELECT 1", "--json", "--format", "csv")
    #expect(outcome.status == 2)
    #expect(
      outcome.errors.hasPrefix(
        "error: --json and --format csv contradict each other: leave one out.\n"))
    #expect(try ask("SELECT 1 AS a", "--json", "--format", "json").status == 0)
  }

  @Test("A query may come from a file or standard input, and begin with a comment")
  func sources() throws {
    let gym = try Gym.finished.get()
    let folder = try Files.makeTemporaryFolder()
    defer { Files.remove(folder) }
    let text = "-- how many?\nSELECT count(*) AS n\nFROM silver.locations;\n"
    try Files.write([0xEF, 0xBB, 0xBF] + Array(text.utf8), to: "\(folder)/q.sql")
    func ask(_ words: String...) throws -> Program.Outcome {
      try Program.run(["sql", "--format", "csv", "--lake", gym.path] + words, in: folder)
    }
    for words in [["-f", "q.sql"], ["--file=q.sql"], [text], ["--limit", "5", text]] {
      let outcome = try Program.run(
        ["sql", "--format", "csv", "--lake", gym.path] + words, in: folder)
      #expect(outcome.output == "n\n3\n", "\(words) \(outcome.errors)")
    }
    for words in ["-f -", "-", "--file=/dev/stdin"] {
      let line = "cat q.sql | \"$podium\" sql \(words) --format csv --lake '\(gym.path)'"
      let piped = try Program.runLine(line, in: folder)
      #expect(piped.output == "n\n3\n", "\(piped.errors)")
    }
    let missing = try ask("-f", "none.sql")
    #expect(missing.status == 2)
    #expect(
      missing.errors
        == "error: the query cannot be read from 'none.sql': No such file or directory.\n")
    #expect(try ask("-f", ".").errors.contains("Is a directory"))
    #expect(
      try ask("SELECT 1", "-f", "q.sql").errors.hasPrefix(
        "error: 'QUERY' and '--file' exclude each other."))
    #expect(
      try ask().errors.hasPrefix(
        "error: QUERY is missing: a SELECT in quotes, or --file with its path.\n"))
    try Files.write([0xFF, 0x41], to: "\(folder)/latin.sql")
    #expect(try ask("-f", "latin.sql").errors.contains("is not text in UTF-8"))
  }

  @Test("SHOW TABLES lists the lake's tables, and the engine's catalog knows their columns")
  func showTables() throws {
    let all = try ask("show tables;", "--json").json.array ?? []
    let names = all.compactMap { $0["name"]?.string }
    #expect(names.prefix(Gym.tables.count).sorted() == Gym.tables.map(\.name.description).sorted())
    #expect(names.contains("quarantine.facility_usage"))
    #expect(all.allSatisfy { $0["about"]?.string != "" })
    let gold = try ask("SHOW TABLES FROM gold", "--json").json.array ?? []
    #expect(gold.count == Gym.tables.count { $0.name.layer == .gold })
    #expect(try ask("SHOW TABLES FROM nothing", "--json").output == "[]\n")
    let columns = try ask(
      "SELECT column_name AS c FROM information_schema.columns "
        + "WHERE table_schema = 'silver' AND table_name = 'locations' ORDER BY ordinal_position",
      "--json")
    #expect(columns.errors == "")
    #expect(try columns.json.array?.first?["c"]?.string == "location_id")
  }

  @Test("Money comes out with all its digits")
  func decimals() throws {
    let query = "SELECT CAST('12345678901234567890.10' AS DECIMAL(38, 2)) AS m"
    #expect(try ask(query, "--json").output == "[\n  {\"m\":12345678901234567890.10}\n]\n")
    #expect(try ask(query, "--format", "csv").output == "m\n12345678901234567890.10\n")
  }

  @Test("The quarantine of a table without rejects is empty and has its columns")
  func noRejects() throws {
    let outcome = try ask("SELECT * FROM quarantine.locations", "--format", "csv")
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    #expect(outcome.output.hasPrefix("location_id,"))
    #expect(outcome.output.hasSuffix(",_failed_rules,_file,_line,_run,_quarantined_at\n"))
    let files = try ask("SELECT count(*) AS n FROM quarantine.files WHERE resolved_at IS NULL")
    #expect(files.status == 0, "\(files.errors)")
  }

  @Test("A table that does not exist yet is empty, with a warning")
  func notYet() throws {
    let gym = try Gym.fresh.get()
    let outcome = try gym.podium("sql", "SELECT count(*) AS n FROM gold.customer_ltv", "--json")
    #expect(outcome.status == 0)
    #expect(
      outcome.errors == "warning: gold.customer_ltv has not been made yet, so it has no rows; "
        + "'podium run --lake \(gym.path)' makes it\n")
    #expect(outcome.output == "[\n  {\"n\":0}\n]\n")
  }

  @Test(
    "A question ends with files, rows and bytes read and passed over, and what Athena would take")
  func cost() throws {
    let all = try ask("SELECT count(DISTINCT member_id) AS n FROM silver.class_attendance")
    let one = try ask(
      "SELECT count(DISTINCT member_id) AS n FROM silver.class_attendance "
        + "WHERE class_date = DATE '2025-01-03'")
    let pattern = /read ([0-9]+) of ([0-9]+) files?, ([0-9,]+) of ([0-9,]+) rows, (.+) of (.+), in/
    let whole = try #require(try pattern.firstMatch(in: all.errors.joinedLines))
    let part = try #require(try pattern.firstMatch(in: one.errors.joinedLines))
    #expect(whole.output.1 == whole.output.2)
    #expect(whole.output.3 == whole.output.4)
    #expect(part.output.1 == "1")
    #expect(part.output.2 == whole.output.2)
    #expect(part.output.4 == whole.output.4)
    #expect(all.errors.joinedLines.contains("Athena would have charged 0.000050 USD"))
    #expect(!all.output.contains("read"))
    // What reads no table costs nothing.
    #expect(try ask("SELECT 1").errors == "")
  }
}

extension String {
  fileprivate var joinedLines: String { split(separator: "\n").joined(separator: " ") }
}
