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
      "run", "--lake", "try-lake", "--as-of", "2025-01-08", "+gold.coach_ratings")
    #expect(idle.text.contains("up to date"))
  }

  @Test("The page about tests is tried, its mistakes and failures included")
  func testingTables() throws {
    let package = try PackageCopy.gym()
    let adding = try Guide("docs/adding-a-table.md")
    for step in adding.steps {
      if case .file(let path, let text) = step, !path.contains("Tests") {
        try Files.write(text, to: "\(package.path)/\(path)")
      }
    }
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
