import Basics
import Lakehouse
@testable import Observability
import Podium
import Runner
import RunnerTestKit
import TestKit
import Testing

@Suite("How somebody is told")
struct AlertDeskTests {
  let lake: TestLake

  init() throws {
    lake = try TestLake()
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    try lake.run(People.tables)
  }

  private func desk(_ variables: [String: String]) throws -> AlertDesk {
    AlertDesk(
      try Ledger.reading(lake.lake), try WatchSettings { variables[$0] }, tool: "podium",
      lake: "/lake", clock: lake.lake.clock)
  }

  private func alert(_ kind: Alert.Kind = .tableFailed, _ run: String = "r1") -> Alert {
    Alert(
      kind, table: "silver.people", run: run, rule: "a rule", message: "it failed: because.",
      numbers: [("rows", 3), ("share", 0.25)], next: "podium runs resume \(run)")
  }

  @Test("A webhook gets one POST with text for people and facts for programs")
  func webhook() throws {
    let receiver = try Receiver()
    let desk = try desk([
      "PODIUM_ALERT_WEBHOOK": receiver.url("/hook?token=secret"),
      "PODIUM_ALERT_WEBHOOK_TOKEN": "bearer-secret",
    ])
    let sent = try desk.send([alert(), alert(.fewRows)])
    #expect(sent.new.count == 2)
    #expect(sent.failures.isEmpty)
    let post = try #require(try receiver.wait(for: 1).first)
    #expect(post["method"]?.string == "POST")
    #expect(post["path"]?.string == "/hook?token=secret")
    #expect(post["headers"]?["Content-Type"]?.string == "application/json")
    #expect(post["headers"]?["Authorization"]?.string == "Bearer bearer-secret")
    let body = try JSON(parsing: #require(post["body"]?.string))
    #expect(body["lake"]?.string == "/lake")
    let first = try #require(body["alerts"]?.array?.first)
    #expect(first["kind"]?.string == "table-failed")
    #expect(first["table"]?.string == "silver.people")
    #expect(first["run"]?.string == "r1")
    #expect(first["rule"]?.string == "a rule")
    #expect(first["numbers"]?["rows"]?.int == 3)
    #expect(first["numbers"]?["share"]?.double == 0.25)
    #expect(first["next"]?.string == "podium runs resume r1")
    #expect(
      body["text"]?.string?.hasPrefix("podium: silver.people failed, and 1 more\nLake /lake on ")
        == true)
  }

  @Test("Mail and webhook each get an alert once, however often it comes up")
  func once() throws {
    let (web, mail) = (try Receiver(), try Receiver("smtp"))
    let desk = try desk([
      "PODIUM_ALERT_WEBHOOK": web.url(), "PODIUM_SMTP_URL": mail.url(),
      "PODIUM_ALERT_FROM": "podium@gym.example", "PODIUM_ALERT_TO": "a@gym.example,b@gym.example",
    ])
    #expect(try desk.send([alert()]).new.count == 1)
    #expect(try desk.send([alert()]).new.isEmpty)
    #expect(try desk.send([alert(.tableFailed, "r2")]).new.count == 1)
    #expect(try web.wait(for: 2).count == 2)
    let mails = try mail.wait(for: 2)
    #expect(mails.count == 2)
    #expect(mails[0]["headers"]?["Subject"]?.string == "podium: silver.people failed")
    #expect(mails[0]["to"]?.array?.count == 2)
    let text = try #require(mails[0]["text"]?.string)
    for part in ["it failed: because.", "run: r1", "rule: a rule", "rows: 3", "next: podium runs"] {
      #expect(text.contains(part))
    }
  }

  @Test("What a channel did not take is told without secrets, and goes with the next alerts")
  func kept() throws {
    let broken = try desk(["PODIUM_ALERT_WEBHOOK": "http://u:pw@127.0.0.1:1/secret?token=secret"])
    let failure = try #require(try broken.send([alert()]).failures.first)
    #expect(
      failure.description == "1 alert could not be sent by webhook: http://127.0.0.1:1 takes no "
        + "connection: Connection refused (tried 3 times). The next run tries again.")
    let receiver = try Receiver()
    let mended = try desk(["PODIUM_ALERT_WEBHOOK": receiver.url()])
    #expect(try mended.send([]).failures.isEmpty)
    let body = try JSON(parsing: #require(receiver.wait(for: 1).first?["body"]?.string))
    #expect(body["alerts"]?.array?.map { $0["run"]?.string } == ["r1"])
    #expect(try mended.send([]).new.isEmpty)
    #expect(receiver.received.count == 1)
  }

  @Test(
    "A receiver that says no, hangs or cuts is tried again and told",
    arguments: [
      ("/status/500", "answered 500 ", 3), ("/status/403", "answered 403.", 1), ("/cut", "cut", 3),
    ])
  func faults(path: String, words: String, attempts: Int) throws {
    let receiver = try Receiver()
    let desk = try desk(["PODIUM_ALERT_WEBHOOK": receiver.url(path)])
    let failure = try #require(try desk.send([alert()]).failures.first)
    #expect("\(failure) ".contains(words), "\(failure)")
    #expect(try receiver.wait(for: attempts).count == attempts)
  }

  @Test(
    "Settings that make no sense are told by name, secrets never by value",
    arguments: [
      (["PODIUM_ALERT_WEBHOOK": "secret"], "PODIUM_ALERT_WEBHOOK takes a URL that begins with"),
      (["PODIUM_ALERT_TO": "nobody"], "PODIUM_ALERT_TO takes mail addresses"),
      (["PODIUM_ALERT_TO": "a@b"], "PODIUM_SMTP_URL takes the mail server for PODIUM_ALERT_TO"),
      (
        ["PODIUM_ALERT_TO": "a@b", "PODIUM_SMTP_URL": "http://secret"],
        "PODIUM_SMTP_URL takes a URL"
      ),
      (["PODIUM_ALERT_TO": "a@b", "PODIUM_SMTP_URL": "smtp://h"], "PODIUM_ALERT_FROM takes"),
      (["PODIUM_STALE_AFTER": "soon"], "PODIUM_STALE_AFTER is 'soon'; it takes a length of time"),
      (["PODIUM_LOG_DAYS": "-1"], "PODIUM_LOG_DAYS is '-1'; it takes a number of days"),
      (
        [
          "PODIUM_SMTP_PASSWORD_FILE": "/missing", "PODIUM_ALERT_TO": "a@b",
          "PODIUM_SMTP_URL": "smtp://h",
          "PODIUM_ALERT_FROM": "a@b",
        ], "PODIUM_SMTP_PASSWORD_FILE is '/missing'; it takes the path"
      ),
    ])
  func settings(variables: [String: String], words: String) throws {
    let error = #expect(throws: SettingError.self) { try WatchSettings { variables[$0] } }
    #expect(error?.description.hasPrefix(words) == true, "\(String(describing: error))")
    #expect(error?.description.contains("secret") == false)
  }

  @Test("A secret may stand in a file, with a line's end behind it")
  func secretFile() throws {
    let receiver = try Receiver()
    let folder = try TemporaryFolder()
    try Files.write(receiver.url("/from-file") + "\n", to: folder.file("hook"))
    let desk = try desk(["PODIUM_ALERT_WEBHOOK_FILE": folder.file("hook")])
    #expect(try desk.send([alert()]).failures.isEmpty)
    #expect(try receiver.wait(for: 1).first?["path"]?.string == "/from-file")
  }
}
