import Basics
import CLITestKit
import Glibc
import RunnerTestKit
import SQLite
import Storage
import TestKit
import Testing

@Suite("publish")
struct PublishTests {
  @Test("Gold is one database with all rows, descriptions and the age of each table")
  func content() throws {
    let gym = try Gym.finished.get().copy()
    let outcome = try gym.podium("publish", "--json")
    #expect(outcome.status == 0)
    let path = "\(gym.path)/published/gold.sqlite"
    #expect(try outcome.json["path"]?.string == path)
    let database = try Database(path, DatabaseOptions(access: .readOnly))
    let tables = try #require(try outcome.json["tables"]?.array)
    #expect(tables.count == Gym.tables.count { $0.name.layer == .gold })
    for table in Gym.tables where table.name.layer == .gold {
      let count = try gym.podium("sql", "SELECT count(*) AS n FROM \(table.name)", "--json")
      let rows = try database.first("SELECT count(*) AS n FROM \(table.name.base)")?.int("n")
      #expect(try count.json.array?.first?["n"]?.int == rows.map(Int64.init))
      let described = try database.first(
        "SELECT description AS d FROM table_descriptions WHERE table_name = ?",
        [.text(table.name.base)])
      #expect(try described?.text("d") == table.about)
      let columns = try database.first(
        "SELECT count(*) AS n FROM column_descriptions WHERE table_name = ? AND description <> ''",
        [.text(table.name.base)])
      #expect(try columns?.int("n") == table.columns.count)
      let fresh = try database.first(
        "SELECT rows, version, committed_at FROM fresh_as_of WHERE table_name = ?",
        [.text(table.name.base)])
      #expect(try fresh?.int("rows") == rows)
      #expect(try fresh?.int("version") == 1)
      #expect(try fresh?.text("committed_at").hasSuffix("Z") == true)
    }
  }

  @Test("A file that is no database, and the lake's own files, are not replaced")
  func refused() throws {
    let gym = try Gym.finished.get().copy()
    let folder = try Files.makeTemporaryFolder()
    defer { Files.remove(folder) }
    try Files.write(Array("echo hello\n".utf8), to: "\(folder)/script.sh")
    let outcome = try gym.podium("publish", "--to", "\(folder)/script.sh")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("is no SQLite database"))
    #expect(try Files.text("\(folder)/script.sh") == "echo hello\n")
    let inside = try gym.podium("publish", "--to", "\(gym.path)/landing/members/x.sqlite")
    #expect(inside.status == 2)
    #expect(inside.errors.contains("lies among the lake's own files"))
  }

  @Test("What an open client left beside the old database is not taken for the new one's")
  func writeAheadLog() throws {
    let gym = try Gym.finished.get().copy()
    let folder = try Files.makeTemporaryFolder()
    defer { Files.remove(folder) }
    let path = "\(folder)/gold.sqlite"
    #expect(try gym.podium("publish", "--to", path).status == 0)
    let client = try Database(path, DatabaseOptions(journal: .wal))
    try client.execute("CREATE TABLE note (x INTEGER); INSERT INTO note VALUES (1)")
    #expect(Files.names(folder).contains("gold.sqlite-wal"))
    #expect(try gym.podium("publish", "--to", path).status == 0)
    let reader = try Database(path, DatabaseOptions(access: .readOnly))
    #expect(try reader.first("PRAGMA integrity_check")?.text("integrity_check") == "ok")
    #expect(
      try reader.first("SELECT count(*) AS n FROM sqlite_master WHERE name = 'note'")?.int("n") == 0
    )
    try client.execute("INSERT INTO note VALUES (2)")
  }

  @Test("A reader that has the old one open keeps it, and the next one has the new one")
  func replaced() throws {
    let gym = try Gym.finished.get().copy()
    let folder = try Files.makeTemporaryFolder()
    defer { Files.remove(folder) }
    let path = "\(folder)/gold.sqlite"
    #expect(try gym.podium("publish", "--to", path).status == 0)
    let reader = try Database(path, DatabaseOptions(access: .readOnly))
    let sql = "SELECT sum(visitors) AS n FROM daily_active_members"
    let before = try reader.first(sql)?.int("n")
    try gym.lake.land(
      "gym_visits/more.ndjson",
      """
      {"visit_id":"V9","member_id":"M0000001","location_id":"L01",\
      "login_at":"2025-01-05T12:00:00Z","logout_at":"2025-01-05T13:00:00Z"}

      """)
    #expect(try gym.run("--json").status == 0)
    #expect(try gym.podium("publish", "--to", path).status == 0)
    #expect(try reader.first(sql)?.int("n") == before)
    let fresh = try Database(path, DatabaseOptions(access: .readOnly))
    #expect(
      try fresh.first("SELECT max(version) AS v FROM fresh_as_of")?.int("v") == 2)
    #expect(Files.names(folder) == ["gold.sqlite"])
  }

  @Test("Another program opens it")
  func otherProgram() throws {
    let gym = try Gym.finished.get().copy()
    #expect(try gym.podium("publish").status == 0)
    let script = """
      import sqlite3, sys
      base = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
      print(base.execute("PRAGMA integrity_check").fetchone()[0])
      print(len(base.execute("SELECT * FROM fact_daily").fetchall()) > 0)
      """
    let child = try RunningProgram(
      ["/usr/bin/env", "python3", "-c", script, "\(gym.path)/published/gold.sqlite"],
      ["PATH=\(getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin")"])
    let outcome = try child.wait()
    #expect(outcome.output == "ok\nTrue\n", "\(outcome.errors)")
  }

  @Test("It holds no personal column")
  func personal() throws {
    let columns = Gym.tables.filter { $0.name.layer == .gold }.flatMap(\.columns)
    #expect(columns.filter(\.personal) == [])
  }

  @Test("A folder in its place is told, and nothing is left behind")
  func folder() throws {
    let gym = try Gym.finished.get()
    let folder = try Files.makeTemporaryFolder()
    defer { Files.remove(folder) }
    let outcome = try gym.podium("publish", "--to", folder)
    #expect(outcome.status != 0)
    #expect(outcome.errors.contains("it is a folder, not a file"))
    #expect(Files.names(folder) == [])
  }

  @Test("Without any gold table nothing is published, and what was published stays")
  func nothingYet() throws {
    let gym = try Gym.fresh.get().copy()
    let path = "\(gym.path)/gold.sqlite"
    try Files.write([1, 2], to: path)
    let outcome = try gym.podium("publish", "--to", path)
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("no gold table has been made in \(gym.path)"))
    #expect(try Files.read(path) == [1, 2])
  }

  @Test("A gold table that is not made yet is named, and the others are published")
  func someYet() throws {
    let gym = try Gym.fresh.get().copy()
    #expect(try gym.run("+gold.fact_daily", "--json").status == 0)
    let outcome = try gym.podium("publish", "--json")
    #expect(outcome.status == 0)
    #expect(try outcome.json["tables"]?.array?.map { $0["table"]?.string } == ["fact_daily"])
    #expect(
      outcome.errors.contains("warning: gold.customer_ltv has not been made yet and is not in"))
  }
}
