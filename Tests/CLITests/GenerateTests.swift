import CLITestKit
import RunnerTestKit
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
}
