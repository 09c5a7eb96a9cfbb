import CLITestKit
import RunnerTestKit
import Testing

@Suite("Lakes that are none")
struct PlaceTests {
  @Test("A lake path that is a file is wrong usage, and the file stays as it is")
  func fileAsLake() throws {
    let folder = try Files.makeTemporaryFolder()
    defer { Files.remove(folder) }
    let path = "\(folder)/lake"
    try Files.write(Array("keep".utf8), to: path)
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
    try Files.write(Array("keep".utf8), to: obstacle)
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

  @Test("A ledger that is no database is named, and without it the next run knows what was taken")
  func noLedger() throws {
    let gym = try Gym.finished.get().copy()
    let ledger = "\(gym.path)/.podium/ledger.sqlite"
    try Files.write(Array(repeating: 0x78, count: 4096), to: ledger)
    let outcome = try gym.run("--json")
    #expect(outcome.status == 1)
    #expect(
      outcome.errors.hasPrefix(
        "error: '\(ledger)': file is not a database (SQLite code 26). The path leads to another "
          + "kind of file: move it away."))
    _ = try outcome.json
    Files.remove(ledger)
    try gym.recover(like: try Gym.finished.get())
  }
}
