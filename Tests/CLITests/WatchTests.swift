import Basics
import CLITestKit
import Glibc
import RunnerTestKit
import Storage
import TestKit
import Testing

@Suite("Watching runs")
struct WatchTests {
  private let broken = "/silver/retail_sales/_delta_log/00000000000000000002.json"

  /// A gym whose next run fails at `silver.retail_sales`.
  private func failing() throws -> Gym {
    let gym = try Gym.finished.get().copy()
    try gym.lake.land("retail/more.ndjson", "{\"receipt_id\":\"R1\",\"line\":\"1\"}\n")
    try Files.write("{", to: gym.path + broken)
    return gym
  }

  @Test("A failed run tells a webhook and by mail, and its exit status stays 1")
  func alert() throws {
    let gym = try failing()
    let (web, mail) = (try Receiver(), try Receiver("smtp", "auth"))
    let secrets = try TemporaryFolder()
    try Files.write("right\n", to: secrets.file("password"))
    let outcome = try gym.podium(
      "run", "--as-of", Gym.lastDay,
      environment: [
        "PODIUM_ALERT_WEBHOOK": web.url("/hook"), "PODIUM_SMTP_URL": mail.url(),
        "PODIUM_SMTP_USER": "gym", "PODIUM_SMTP_PASSWORD_FILE": secrets.file("password"),
        "PODIUM_ALERT_FROM": "podium@gym.example", "PODIUM_ALERT_TO": "ops@gym.example",
      ])
    #expect(outcome.status == 1)
    let body = try JSON(parsing: #require(web.wait(for: 1).first?["body"]?.string))
    let alert = try #require(body["alerts"]?.array?.first)
    #expect(alert["table"]?.string == "silver.retail_sales")
    let next = try #require(alert["next"]?.string)
    #expect(next.hasPrefix("podium runs resume 2"))
    #expect(next.hasSuffix(" --lake \(gym.path)"))
    #expect(outcome.errors.contains("'\(next)' goes on from here."))
    let text = try #require(mail.wait(for: 1).first?["text"]?.string)
    #expect(text.contains("silver.retail_sales: it failed: "))
    let listed = try gym.podium("alerts", "--json").json
    #expect(listed.array?.first?["kind"]?.string == "table-failed")
    #expect(listed.array?.first?["pending"] == .array([]))
  }

  @Test("A receiver that is down is said once, without secrets, and the status stays as it was")
  func down() throws {
    let gym = try failing()
    let outcome = try gym.podium(
      "run", "--as-of", Gym.lastDay,
      environment: ["PODIUM_ALERT_WEBHOOK": "http://127.0.0.1:1/very-secret"])
    #expect(outcome.status == 1)
    #expect(
      outcome.errors.contains("warning: 1 alert could not be sent by webhook: http://127.0.0.1:1"))
    #expect(!outcome.errors.contains("very-secret"))
    let logs = try gym.podium("logs", "--json")
    #expect(logs.output.contains("\"event\":\"alert.unsent\""))
    #expect(!logs.output.contains("very-secret"))
    // A good run is not failed by it either.
    Files.remove(gym.path + broken)
    let good = try gym.podium(
      "run", "--as-of", Gym.lastDay,
      environment: ["PODIUM_ALERT_WEBHOOK": "http://127.0.0.1:1/very-secret"])
    #expect(good.status == 0)
    #expect(good.errors.contains("could not be sent"))
  }

  @Test("alerts test sends a message, and ends with 1 where one does not arrive, 2 where none goes")
  func test() throws {
    let gym = try Gym.fresh.get().copy()
    let web = try Receiver()
    let good = try gym.podium(
      "alerts", "test", environment: ["PODIUM_ALERT_WEBHOOK": web.url()])
    #expect(good.status == 0)
    #expect(good.output == "webhook: a test message was sent.\n")
    #expect(try web.wait(for: 1).first?["body"]?.string?.contains("this is a test") == true)
    let bad = try gym.podium(
      "alerts", "test", environment: ["PODIUM_ALERT_WEBHOOK": web.url("/status/404")])
    #expect(bad.status == 1)
    #expect(bad.errors == "error: webhook: \(web.url()) answered 404\n")
    #expect(try gym.podium("alerts", "test").status == 2)
  }

  @Test("A lake that is in use is told as a run that could not begin")
  func busy() throws {
    let gym = try Gym.fresh.get().copy()
    let web = try Receiver()
    try Files.makeFolder("\(gym.path)/.podium")
    let lock = open("\(gym.path)/.podium/lock", O_RDWR | O_CREAT, 0o600)
    defer { close(lock) }
    #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
    let outcome = try gym.podium(
      "run", "--wait", "0s", environment: ["PODIUM_ALERT_WEBHOOK": web.url()])
    #expect(outcome.status == 1)
    let body = try JSON(parsing: #require(web.wait(for: 1).first?["body"]?.string))
    #expect(body["alerts"]?.array?.first?["kind"]?.string == "run-failed")
  }

  @Test("runs resume runs what did not commit, and then has nothing to resume")
  func resume() throws {
    let gym = try failing()
    #expect(try gym.run("silver", "bronze").status == 1)
    let failed = try #require(gym.podium("runs", "--json").json.array?.first?["run"]?.string)
    Files.remove(gym.path + broken)
    let resumed = try gym.podium("runs", "resume", "--json")
    #expect(resumed.status == 0, "\(resumed.errors)")
    let tables = try #require(resumed.json["tables"]?.array)
    // What was selected and reads it comes after it.
    let names = tables.compactMap { $0["table"]?.string }
    #expect(names.first == "silver.retail_sales" && names.contains("silver.fact_transactions"))
    #expect(names.allSatisfy { $0.hasPrefix("silver.") } && !names.contains("silver.members"))
    let statuses = Dictionary(zip(names, try resumed.statuses)) { first, _ in first }
    #expect(statuses["silver.retail_sales"] == "committed")
    // The new row went to quarantine, so there is nothing to do for readers.
    #expect(Set(statuses.values).isSubset(of: ["committed", "up to date"]), "\(statuses)")
    #expect(try resumed.json["asOf"]?.string == Gym.lastDay)
    let runs = try #require(gym.podium("runs", "--json").json.array)
    #expect(runs.first?["resumes"]?.string == failed)
    for words in [[], [failed], [String(failed.prefix(20))]] {
      let again = try Program.run(["runs", "resume"] + words + ["--lake", gym.path])
      #expect(again.status == 0)
      #expect(again.output.contains("succeeded: there is nothing to resume."))
    }
    #expect(try gym.podium("runs", "resume", "nonsense").status == 2)
  }

  @Test("A resumed run that fails again is gone on with from there")
  func resumeTwice() throws {
    let gym = try failing()
    #expect(try gym.run().status == 1)
    #expect(try gym.podium("runs", "resume").status == 1)
    Files.remove(gym.path + broken)
    let resumed = try gym.podium("runs", "resume", "--json")
    #expect(resumed.status == 0)
    let tables = try #require(resumed.json["tables"]?.array?.compactMap { $0["table"]?.string })
    #expect(tables.first == "silver.retail_sales")
    #expect(!tables.contains("silver.members"))
    #expect(tables.contains("gold.customer_ltv"))
  }

  @Test("logs shows each step of the newest run, and runs show names the file")
  func logs() throws {
    let gym = try Gym.finished.get().copy()
    try gym.landMember()
    #expect(try gym.run().status == 0)
    let logs = try gym.podium("logs")
    #expect(logs.status == 0)
    #expect(logs.output.contains(" table.step silver.members step=stage rows=1 "))
    #expect(logs.output.contains(" run.ended status=succeeded "))
    let run = try #require(gym.podium("runs", "--json").json.array?.first?["run"]?.string)
    let shown = try gym.podium("runs", "show", run)
    #expect(shown.output.contains("log: \(gym.path)/.podium/logs/\(run).jsonl\n"))
    let followed = try gym.podium("logs", "--follow", run)
    #expect(followed.output == logs.output)
    #expect(try gym.podium("logs", "nothing").status == 2)
  }
}
