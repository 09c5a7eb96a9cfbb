import Basics
import CLITestKit
import Glibc
import RunnerTestKit
import TestKit
import Testing

@Suite("Where commands write, and where not")
struct PlaceTests {
  @Test(
    "A folder with something in it that is no lake is not made one",
    arguments: [["run"], ["run", "--env", "dev", "silver"], ["generate", "--members", "10"]])
  func foreignFolder(_ words: [String]) throws {
    let folder = try TemporaryFolder()
    try Files.write("mine", to: folder.file("project/README"))
    let outcome = try Program.run(words + ["--lake", folder.file("project")])
    #expect(outcome.status == 2)
    #expect(
      outcome.errors.contains(
        "\(folder.file("project")) is not empty and no lake: it has neither landing/ nor .podium/. "
          + "Nothing was changed. Name the lake with --lake, or put the sources' files into "
          + "\(folder.file("project"))/landing.\n"), "\(outcome.errors)")
    #expect(Files.all(below: folder.path) == [folder.file("project/README")])
  }

  @Test("An empty folder becomes a lake, and so does one with a landing zone")
  func ownFolder() throws {
    let folder = try TemporaryFolder()
    try Files.write("", to: folder.file(".hidden"))
    #expect(try Program.run(["run", "--lake", folder.path]).status == 0)
    let made = try TemporaryFolder()
    let generate = ["generate", "--members", "10", "--days", "1", "--lake", made.path]
    #expect(try Program.run(generate).status == 0)
    try Files.write("notes", to: made.file("notes.txt"))
    #expect(try Program.run(["run", "--lake", made.path]).status == 0)
  }

  @Test("A schedule is written anew as long as nobody changed it, and never over what others wrote")
  func schedules() throws {
    let folder = try TemporaryFolder()
    func schedule(_ words: String...) throws -> Program.Outcome {
      try Program.run(
        ["schedule"] + words + ["--to", folder.path, "--lake", folder.file("lake")])
    }
    for time in ["1h", "6h"] {
      #expect(try schedule("--as", "systemd", "--every", time).status == 0)
    }
    #expect(folder.names == ["podium.service", "podium.timer"])
    #expect(try Files.text(folder.file("podium.timer")).contains("00/6:00:00"))
    let timer = try Files.text(folder.file("podium.timer")) + "# mine\n"
    try Files.write(timer, to: folder.file("podium.timer"))
    let service = try Files.text(folder.file("podium.service"))
    let refused = try schedule("--as", "systemd", "--every", "1d", "gold")
    #expect(refused.status == 2)
    #expect(
      refused.errors.contains(
        "\(folder.file("podium.timer")) is there already, and not as this command wrote it. Nothing "
          + "was written."))
    #expect(try Files.text(folder.file("podium.timer")) == timer)
    #expect(try Files.text(folder.file("podium.service")) == service)
    try Files.write("import airflow\n", to: folder.file("podium.py"))
    #expect(try schedule("--as", "airflow", "--every", "1d").status == 2)
    #expect(symlink(folder.file("nowhere"), folder.file("podium.cron")) == 0)
    #expect(try schedule("--as", "cron", "--every", "1d").status == 2)
    #expect(try schedule("--as", "cron", "--every", "1d", "--name", "night").status == 0)
    let odd = try schedule("--as", "cron", "--every", "2d", "--name", "odd")
    #expect(odd.errors.contains("every 2d"))
  }

  @Test("A backup with a damaged point is listed with what to do, and the others are there")
  func damagedPoint() throws {
    let gym = try Gym.finished.get().copy()
    let folder = try TemporaryFolder()
    func backup(_ words: String...) throws -> Program.Outcome {
      try Program.run(["backup", folder.file("safe")] + words + ["--lake", gym.path])
    }
    #expect(try backup().status == 0)
    try gym.landMember()
    #expect(try backup().status == 0)
    let points = Files.names(folder.file("safe/points"))
    try Files.write("{", to: folder.file("safe/points/\(points[1])"))
    let list = try backup("--list", "--json")
    #expect(list.status == 1)
    #expect(try list.json.array?.map { $0["damaged"]?.bool } == [false, true])
    #expect(list.errors.contains("its list of files, \(folder.file("safe/points/\(points[1])"))"))
    #expect(try backup("--verify").status == 1)
    let restore = ["restore-lake", folder.file("safe"), "--lake", folder.file("again")]
    let newest = try Program.run(restore)
    #expect(newest.status == 1)
    #expect(newest.errors.contains("name one with --point, such as \(points[0].dropLast(5))."))
    let first = try Program.run(restore + ["--point", String(points[0].dropLast(5))])
    #expect(first.status == 0, "\(first.errors)")
    let none = try Program.run(
      ["restore-lake", folder.file("none"), "--lake", folder.file("third")])
    #expect(none.status == 2)
    #expect(none.errors.hasPrefix("error: there is no backup at \(folder.file("none")). "))
  }

  @Test("A torn commit is told with what to do, and the other tables are listed")
  func tornLog() throws {
    let gym = try Gym.finished.get().copy()
    let log = "silver/members/_delta_log/00000000000000000001.json"
    try Files.write(
      Array(try Files.read("\(gym.path)/\(log)").prefix(300)), to: "\(gym.path)/\(log)")
    let tables = try gym.podium("tables")
    #expect(tables.status == 1)
    let words =
      "00000000000000000001.json:1: the text ends inside a value, at byte 300. Put this file of the "
      + "log back from a backup; --version 0 reads what was before it"
    #expect(tables.errors.contains(words))
    #expect(!tables.errors.contains("do not exist yet"))
    #expect(tables.output.contains("silver.memberships"))
    try gym.landMember()
    let run = try gym.run()
    #expect(run.status == 1)
    let folder = "\(gym.path)/silver/members"
    #expect(
      run.errors.contains(
        "\(words). Or move \(folder) away: the next run computes silver.members anew from its inputs."
      ),
      "\(run.errors)")
    Files.remove(folder)
    #expect(try gym.run().status == 0)
    let whole = try Gym.finished.get().copy()
    try whole.landMember()
    #expect(try whole.run().status == 0)
    try expectSame(gym.lake, whole.lake, Gym.tables)
  }
}
