import Basics
import CLITestKit
import RunnerTestKit
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
        + "'podium run' makes it\n")
    #expect(outcome.output == "[\n  {\"n\":0}\n]\n")
  }
}
