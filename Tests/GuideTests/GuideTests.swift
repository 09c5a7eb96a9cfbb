import PackageTestKit
import Podium
import TestKit
import Testing

@Suite("The guides")
struct GuideTests {
  @Test("Every step of adding a table does what it says")
  func addingATable() throws {
    let guide = try Guide("docs/adding-a-table.md")
    let package = try PackageCopy.gym()
    try guide.walk(in: package)
    let lint = try package.lint()
    #expect(lint.status == 0, "\(lint.text)")
    let idle = try package.run(
      "run", "--lake", "try-lake", "--as-of", "2025-01-03", "+gold.feedback_by_instructor")
    #expect(idle.text.contains("up to date"))
  }

  @Test(
    "The declarations that it shows are those that are committed, the generator's writer included")
  func declarations() throws {
    var declared: [String] = []
    var excerpts: [String] = []
    for step in try Guide("docs/adding-a-table.md").steps {
      switch step {
      case .file(let path, let text) where path.hasSuffix(".swift") && !path.hasPrefix("Tests/"):
        #expect(try Files.text("\(PackageCopy.source)/\(path)") == text, "\(path)")
        declared.append(path)
      case .excerpt(let path, let text):
        #expect(try Files.text("\(PackageCopy.source)/\(path)").contains(text), "\(path)")
        excerpts.append(path)
      case .file, .command: break
      }
    }
    #expect(
      declared == [
        "bronze/ClassFeedback.swift", "silver/ClassFeedback.swift", "gold/Feedback.swift",
        "gold/PeopleTables.swift",
      ])
    #expect(
      excerpts == [
        "datagen/Gym/Options/GymSource.swift", "datagen/Gym/Sources/SourceWriter.swift",
        "datagen/Gym/Sources/FeedbackWriter.swift",
      ])
  }

  @Test("The page about tests is tried, its mistakes and failures included")
  func testingTables() throws {
    let package = try PackageCopy.gym()
    try package.build()
    try Guide("docs/testing-tables.md").walk(in: package)
  }

  @Test("It names every rule of a check, and no other")
  func rules() throws {
    let text = try Guide("docs/adding-a-table.md").text
    let named = text.split(separator: "\n").filter { $0.hasPrefix("| `") }.flatMap { line in
      line.split(separator: "|")[0].split(separator: "`").filter {
        !$0.contains { " ,".contains($0) }
      }
    }
    #expect(Set(named.map(String.init)) == Set(Problem.Rule.allCases.map(\.rawValue)))
  }
}
