import CLITestKit
import RunnerTestKit
import Storage
import TestKit
import Testing

@Suite("generate")
struct GenerateTests {
  private func generate(_ folder: String, _ options: String...) throws -> Program.Outcome {
    try Program.run(["generate", "--members", "30", "--lake", folder] + options)
  }

  private func landing(_ folder: String) throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for path in Files.all(below: "\(folder)/landing") where !path.contains("/_") {
      files[String(path.dropFirst(folder.count))] = try Files.read(path)
    }
    return files
  }

  @Test("The same options give the same bytes, and another seed gives others")
  func seeds() throws {
    let folders = try (0..<3).map { _ in try Files.makeTemporaryFolder() }
    defer { for folder in folders { Files.remove(folder) } }
    for (folder, seed) in zip(folders, ["1", "1", "2"]) {
      #expect(try generate(folder, "--days", "2", "--seed", seed).status == 0)
    }
    #expect(try landing(folders[0]) == landing(folders[1]))
    #expect(try landing(folders[0]) != landing(folders[2]))
  }

  @Test("A landing zone that holds something is refused, and stays as it is")
  func notEmpty() throws {
    let gym = try Gym.fresh.get()
    let before = try landing(gym.path)
    let outcome = try generate(gym.path, "--days", "1")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("is not empty"))
    #expect(outcome.errors.contains("--continue"))
    #expect(try landing(gym.path) == before)
  }

  @Test("--continue adds the days that one longer gym would have had")
  func continued() throws {
    let folders = try (0..<2).map { _ in try Files.makeTemporaryFolder() }
    defer { for folder in folders { Files.remove(folder) } }
    #expect(try generate(folders[0], "--days", "5").status == 0)
    #expect(try generate(folders[1], "--days", "2").status == 0)
    let more = try Program.run(
      ["generate", "--days", "3", "--continue", "--lake", folders[1]])
    #expect(more.status == 0, "\(more.errors)")
    #expect(try landing(folders[0]) == landing(folders[1]))
  }

  @Test("There is nothing to continue in an empty folder")
  func nothingToContinue() throws {
    let folder = try Files.makeTemporaryFolder()
    defer { Files.remove(folder) }
    let outcome = try generate(folder, "--continue", "--days", "1")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("there is no gym to continue"))
    #expect(Files.all(below: folder) == [])
  }

  @Test("It ends with the command that goes on")
  func next() throws {
    let folder = try Files.makeTemporaryFolder()
    defer { Files.remove(folder) }
    let outcome = try generate(folder, "--days", "2")
    #expect(
      outcome.errors.hasSuffix("next: podium run --lake \(folder) --as-of 2025-01-02\n"))
  }

  @Test("Only the sources asked for are written, and a misspelt one is refused")
  func sources() throws {
    let folder = try Files.makeTemporaryFolder()
    defer { Files.remove(folder) }
    let wrong = try generate(folder, "--days", "1", "--sources", "leads,heartrate")
    #expect(wrong.status == 2)
    #expect(wrong.errors.contains("Did you mean 'heart_rate'?"))
    #expect(Files.all(below: folder) == [])
    let outcome = try generate(folder, "--days", "1", "--sources", "members,schedule", "--json")
    #expect(outcome.status == 0)
    let written = try outcome.json["sources"]?.array?.compactMap { $0["source"]?.string }
    #expect(written == ["members", "schedule"])
    #expect(
      try landing(folder).keys.sorted() == [
        "/landing/members/members_2025-01-01.ndjson",
        "/landing/schedule/schedule_2025-01-01.ndjson",
      ])
  }

  @Test("Heart rates are as many as asked for, and continuing takes what the gym began with")
  func heartRates() throws {
    let folder = try Files.makeTemporaryFolder()
    defer { Files.remove(folder) }
    let options = ["--heart-rate-every", "30", "--heart-rate-share", "0.3"]
    let first = try Program.run(
      ["generate", "--members", "30", "--lake", folder, "--days", "3", "--json"] + options)
    let rows = try first.json["sources"]?.array?.last?["rows"]?.int ?? 0
    #expect(rows > 50 && rows < 5000)
    let other = try Program.run(
      ["generate", "--continue", "--heart-rate-every", "5", "--lake", folder])
    #expect(other.status == 2)
    #expect(other.errors.contains("--heart-rate-every 5 contradicts the gym"))
    let wrong = try generate(folder, "--heart-rate-share", "0.4")
    #expect(wrong.status == 2)
  }

  @Test("Exports go into a folder without others, which is found out before anything is written")
  func exportsThere() throws {
    let folder = try Files.makeTemporaryFolder()
    defer { Files.remove(folder) }
    try Files.write("my own", to: "\(folder)/out/class_attendance.json")
    let held = try generate("\(folder)/lake", "--days", "1", "--exports", "\(folder)/out")
    #expect(held.status == 2)
    #expect(held.errors.contains("holds class_attendance.json already"))
    #expect(try Files.read("\(folder)/out/class_attendance.json").elementsEqual("my own".utf8))
    let file = "\(folder)/out/class_attendance.json"
    let noFolder = try generate("\(folder)/lake", "--days", "1", "--exports", file)
    #expect(noFolder.status == 2)
    #expect(noFolder.errors.contains("is a file: name a folder"))
    #expect(kindOfFile("\(folder)/lake/landing") == .missing)
  }

  @Test("Exports go into their own folder, never into the landing zone, and only where asked for")
  func exports() throws {
    let folder = try Files.makeTemporaryFolder()
    defer { Files.remove(folder) }
    let inside = try generate(folder, "--days", "2", "--exports", "\(folder)/landing/exports")
    #expect(inside.status == 2)
    #expect(inside.errors.contains("lies in the landing zone"))
    #expect(Files.all(below: folder) == [])
    let plain = try generate(folder, "--days", "2")
    #expect(plain.status == 0)
    #expect(!Files.all(below: folder).contains { $0.hasSuffix("mindbody_user_snapshot.csv") })
    let more = try Program.run(
      ["generate", "--days", "1", "--continue", "--lake", folder, "--exports", "\(folder)/out"])
    #expect(more.status == 0, "\(more.errors)")
    let names = Files.all(below: "\(folder)/out").map { $0.split(separator: "/").last ?? "" }
    #expect(
      names.sorted() == [
        "class_attendance.json", "mindbody_user_snapshot.csv", "schedule_sample.csv",
      ])
  }
}
