import Basics
import CLITestKit
import Glibc
import RunnerTestKit
import SQLite
import Storage
import TestKit
import Testing

@Suite("Lakes that may only be read, or not even that")
struct RightsTests {
  /// A gym that everybody may read and nobody write; `change` may change it before.
  private func readOnly(_ change: (Gym) throws -> Void = { _ in }) throws -> Gym {
    let gym = try Gym.finished.get().copy()
    try change(gym)
    Stranger.setRights(of: gym.path, mayWrite: false)
    return gym
  }

  private func open(_ gym: Gym) { Stranger.setRights(of: gym.path, mayWrite: true) }

  @Test("Commands that only read do so where nothing may be written, and leave all as it is")
  func reading() throws {
    let gym = try readOnly()
    defer { open(gym) }
    let stranger = try Stranger()
    let before = Files.all(below: gym.path)
    let id = try #require(try gym.podium("runs", "--json").json.array?.first?["run"]?.string)
    let commands = [
      ["runs"], ["runs", "--stats"], ["runs", "show", id], ["alerts"], ["logs"], ["tables"],
      ["plan", "--as-of", Gym.lastDay], ["maintain", "--dry-run"], ["backfill", "list"],
      ["rollback", "latest", "--dry-run"], ["backup", "\(gym.path)-safe", "--dry-run"],
      ["quarantine", "list"], ["sql", "SELECT count(*) FROM gold.fact_daily"],
    ]
    for words in commands {
      let outcome = try stranger.podium(words + ["--lake", gym.path])
      #expect(outcome.status == 0, "\(words): \(outcome.errors)")
      // A question says what it cost.
      #expect(words[0] == "sql" || outcome.errors == "", "\(words): \(outcome.errors)")
    }
    let runs = try stranger.podium(["runs", "--json", "--lake", gym.path])
    #expect(try runs.json.array?.compactMap { $0["run"]?.string } == [id])
    let idle = try stranger.podium(["plan", "--as-of", Gym.lastDay, "--lake", gym.path])
    #expect(idle.output == "Nothing is new: \(Gym.tables.count) tables up to date.\n")
    #expect(Files.all(below: gym.path) == before)
  }

  @Test(
    "Nobody is half forgotten where landing files may not be rewritten; with rights all is done")
  func forgetting() throws {
    let gym = try Gym.finished.get().copy()
    defer { open(gym) }
    #expect(try Program.runLine("chmod -R a+rwX .", in: gym.path).status == 0)
    Stranger.setRights(of: "\(gym.path)/landing", mayWrite: false)
    let refused = try Stranger().podium(["forget", "M0000001", "--yes", "--lake", gym.path])
    #expect(refused.status == 1)
    #expect(refused.errors.contains("Nothing was changed."), "\(refused.errors)")
    #expect(try !gym.podium("tables").errors.contains("half done"))
    open(gym)
    let rows = "SELECT count(*) FROM silver.members WHERE member_id = 'M0000001'"
    #expect(try gym.podium("sql", rows, "--format", "csv").output.hasSuffix("\n1\n"))
    let done = try gym.podium("forget", "M0000001", "--yes")
    #expect(done.status == 0, "\(done.errors)")
    #expect(try gym.podium("sql", rows, "--format", "csv").output.hasSuffix("\n0\n"))
    #expect(!done.output.contains("M0000001") && !done.errors.contains("M0000001"))
    let again = try gym.podium("forget", "M0000001", "--yes")
    #expect(again.status == 2)
    #expect(again.errors.contains("no record, row or landing file names"))
    #expect(Set(try gym.run("--json").statuses) == ["up to date"])
  }

  @Test("Commands that write say that they may not, where, and that nothing was changed")
  func writing() throws {
    let gym = try readOnly()
    defer { open(gym) }
    let stranger = try Stranger()
    for words in [
      ["run"], ["maintain"], ["runs", "resume"], ["table", "optimize", "silver.members"],
    ] {
      let outcome = try stranger.podium(words + ["--lake", gym.path])
      #expect(outcome.status == 1)
      #expect(
        outcome.errors.hasPrefix(
          "error: the lake \(gym.path) cannot be changed: could not lock \(gym.path)/.podium/lock: "
            + "permission denied. Nothing was changed. It belongs to user "), "\(outcome.errors)")
    }
    let check = try stranger.podium(["alerts", "check", "--lake", gym.path])
    #expect(check.status == 1)
    #expect(check.errors.contains("ledger.sqlite: permission denied. Nothing was changed."))
  }

  @Test("A run that was killed is shown as interrupted also where that cannot be written down")
  func killed() throws {
    let gym = try readOnly { gym in
      let ledger = try Database("\(gym.path)/.podium/ledger.sqlite")
      try ledger.execute("UPDATE runs SET status = 'running', ended = NULL")
    }
    defer { open(gym) }
    let outcome = try Stranger().podium(["runs", "--json", "--lake", gym.path])
    #expect(try outcome.json.array?.first?["status"]?.string == "interrupted")
    let ledger = try Database(
      "\(gym.path)/.podium/ledger.sqlite", DatabaseOptions(access: .atRest))
    #expect(try ledger.first("SELECT status FROM runs")?.text(0) == "running")
  }

  @Test("The record of an older program is read, and stays as it is")
  func older() throws {
    let gym = try readOnly { gym in
      let ledger = try Database("\(gym.path)/.podium/ledger.sqlite")
      try ledger.execute(
        """
        DROP TABLE alerts; DROP TABLE file_lags; DROP INDEX run_tables_by_table;
        ALTER TABLE runs DROP COLUMN resumes; ALTER TABLE runs DROP COLUMN jobs;
        ALTER TABLE runs DROP COLUMN discard_history; ALTER TABLE runs DROP COLUMN kind;
        ALTER TABLE runs DROP COLUMN subset;
        PRAGMA user_version = 1
        """)
    }
    defer { open(gym) }
    let stranger = try Stranger()
    #expect(
      try stranger.podium(["runs", "--json", "--lake", gym.path]).json.array?.count == 1)
    #expect(
      try stranger.podium(["alerts", "--lake", gym.path]).output == "There was no alert.\n")
    let ledger = try Database(
      "\(gym.path)/.podium/ledger.sqlite", DatabaseOptions(access: .atRest))
    #expect(try ledger.userVersion() == 1)
  }

  @Test("A lake whose folder may not be entered is no empty lake")
  func closed() throws {
    let gym = try Gym.finished.get().copy()
    chmod(gym.path, 0o000)
    defer { open(gym) }
    let stranger = try Stranger()
    for words in [["runs"], ["alerts"], ["logs"], ["runs", "show", "2"], ["tables"], ["run"]] {
      let outcome = try stranger.podium(words + ["--lake", gym.path])
      #expect(outcome.status == 1, "\(words)")
      #expect(outcome.output == "")
      #expect(
        outcome.errors.hasPrefix(
          "error: the lake \(gym.path) cannot be read: permission denied. It belongs to user "),
        "\(words): \(outcome.errors)")
    }
  }

  @Test("A file or folder inside that may not be read is named, and is not taken for missing")
  func closedInside() throws {
    let gym = try readOnly()
    defer { open(gym) }
    let stranger = try Stranger()
    func refused(_ words: String..., at path: String) throws {
      let outcome = try stranger.podium(words + ["--lake", gym.path])
      #expect(outcome.status == 1, "\(words)")
      #expect(
        outcome.errors.contains("\(gym.path)/\(path): permission denied"),
        "\(words): \(outcome.errors)")
    }
    chmod("\(gym.path)/.podium/ledger.sqlite", 0o000)
    try refused("runs", at: ".podium/ledger.sqlite")
    try refused("alerts", at: ".podium/ledger.sqlite")
    chmod("\(gym.path)/.podium/logs", 0o000)
    try refused("logs", at: ".podium/logs")
    let log = "silver/members/_delta_log/00000000000000000001.json"
    chmod("\(gym.path)/\(log)", 0o000)
    try refused("tables", at: log)
    chmod("\(gym.path)/.podium", 0o000)
    try refused("runs", at: ".podium/ledger.sqlite")
    try refused("logs", at: ".podium/logs")
    // What has nothing to do with it is told all the same.
    let tables = try stranger.podium(["tables", "--json", "--lake", gym.path])
    #expect(try (tables.json["tables"]?.array?.count ?? 0) >= Gym.tables.count)
    let sql = try stranger.podium(
      ["sql", "SELECT count(*) FROM gold.fact_daily", "--lake", gym.path])
    #expect(sql.status == 0, "\(sql.errors)")
  }

  @Test("An engine that may put nothing on disk says so, and what to do")
  func spill() throws {
    let gym = try readOnly()
    defer { open(gym) }
    let big = """
      SELECT max(m) FROM (SELECT md5(i::VARCHAR) AS m, row_number() OVER (ORDER BY md5(i::VARCHAR)) \
      AS r FROM range(3000000) AS t(i)) WHERE r > 5
      """
    let outcome = try Stranger().podium(
      ["sql", big, "--lake", gym.path], environment: ["PODIUM_MEMORY_LIMIT": "60MB"])
    #expect(outcome.status == 1)
    #expect(
      outcome.errors.contains("Let it use more with PODIUM_MEMORY_LIMIT"), "\(outcome.errors)")
  }

  @Test("A library that is none is one error before anything is done")
  func library() throws {
    let gym = try Gym.fresh.get().copy()
    let outcome = try gym.run(environment: ["PODIUM_DUCKDB": "/etc/passwd"])
    #expect(outcome.status == 1)
    #expect(
      outcome.errors
        == "error: the engine's library could not be loaded: /etc/passwd: it is no library. Type "
        + "'make setup', or name another one with PODIUM_DUCKDB.\n")
    #expect(try gym.podium("runs", "--json").json.array == [])
    let maintain = try Gym.finished.get().podium(
      "maintain", "--dry-run", environment: ["PODIUM_DUCKDB": "/etc/passwd"])
    #expect(maintain.status == 1)
    #expect(maintain.errors.split(separator: "\n").count == 1)
  }
}
