import Basics
import CLITestKit
import RunnerTestKit
import TestKit
import Testing

@Suite("Lakes that are none")
struct PlaceTests {
  @Test("A lake path that is a file is wrong usage, and the file stays as it is")
  func fileAsLake() throws {
    let folder = try Files.makeTemporaryFolder()
    defer { Files.remove(folder) }
    let path = "\(folder)/lake"
    try Files.write("keep", to: path)
    let outcome = try Program.run(["run", "--json", "--lake", path])
    #expect(outcome.status == 2)
    let words = "the lake \(path) is a file. Name a folder with --lake or PODIUM_LAKE."
    #expect(outcome.errors == "error: \(words)\n")
    #expect(try outcome.json["error"]?["message"]?.string == words)
    #expect(try Files.text(path) == "keep")
    #expect(Files.all(below: folder) == [path])
  }

  @Test(
    "A file where the lake needs a folder is named, and once it is gone the next run goes on",
    arguments: ["landing/gym_visits", "silver/members"])
  func fileAsFolder(_ name: String) throws {
    let gym = try Gym.fresh.get().copy()
    let obstacle = "\(gym.path)/\(name)"
    let aside = name.hasPrefix("landing") ? "\(gym.path)/landing/_aside" : nil
    if let aside {
      try Files.copy(obstacle, to: aside)
      Files.remove(obstacle)
    }
    try Files.write("keep", to: obstacle)
    let outcome = try gym.run("--json")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains(obstacle), "\(outcome.errors)")
    #expect(outcome.errors.contains("not a folder"), "\(outcome.errors)")
    _ = try outcome.json
    #expect(try Files.text(obstacle) == "keep")
    Files.remove(obstacle)
    if let aside {
      try Files.copy(aside, to: obstacle)
      Files.remove(aside)
    }
    try gym.recover(like: try Gym.finished.get())
  }

  @Test("A damaged ledger is put aside, and a new one tells what the tables' logs tell")
  func damagedLedger() throws {
    let gym = try Gym.finished.get().copy()
    func runs() throws -> [JSON] { try gym.podium("runs", "--json").json.array ?? [] }
    let before = try #require(try runs().first)
    let run = try #require(before["run"]?.string)
    func tables() throws -> [[String?]] {
      try gym.podium("runs", "show", run, "--json").json["tables"]?.array?.map { table in
        ["table", "version", "rowsRead", "inserted", "quarantined"].map { table[$0]?.text }
      } ?? []
    }
    let known = try tables()
    let ledger = "\(gym.path)/.podium/ledger.sqlite"
    for suffix in ["-wal", "-shm"] { Files.remove(ledger + suffix) }
    try Files.write(Array(repeating: 0x78, count: 4096), to: ledger)

    let refused = try gym.podium("runs")
    #expect(refused.status == 1)
    #expect(
      refused.errors == "error: the record of runs, \(ledger), is damaged. The tables are not "
        + "affected: the next run puts it aside and makes a new one of what the tables' logs tell.\n"
    )
    #expect(try gym.podium("plan", "--as-of", gym.lastDay).status == 0)

    let outcome = try gym.run("--json")
    #expect(outcome.status == 0)
    let aside = try #require(try outcome.json["damagedLedger"]?.string)
    #expect(aside.hasPrefix("\(ledger).damaged-2"))
    #expect(try Files.read(aside) == Array(repeating: 0x78, count: 4096))
    #expect(
      outcome.errors.hasPrefix(
        "warning: the record of runs was damaged. It lies now at \(aside), and a new one has 1 "
          + "earlier run of which the tables' logs tell;"))
    let after = try runs()
    #expect(after.map { $0["status"]?.string } == ["succeeded", "rebuilt"])
    #expect(after.last?["started"] == before["started"])
    #expect(try tables() == known)
    try gym.recover(like: try Gym.finished.get())
  }
}
