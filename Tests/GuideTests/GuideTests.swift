import Podium
import Runner
import RunnerTestKit
import Storage
import TestKit
import Testing

/// The code of the guide stands in this folder as well, where the compiler sees it.
@Suite("The guide to adding a table")
struct GuideTests {
  private let tables = Bronze.tables + Silver.tables + Gold.tables
  private let guide: Guide

  init() throws { guide = try Guide() }

  @Test("Its code is the code that these tests are compiled with")
  func code() throws {
    let files = [
      "BronzeClassFeedback", "SilverClassFeedback", "GoldClassFeedback", "ClassFeedbackTests",
    ]
    #expect(guide.blocks("swift").count == files.count)
    for (block, file) in zip(guide.blocks("swift"), files) {
      let text = try Files.text("\(Guide.package)/Tests/GuideTests/\(file).swift")
      #expect(Guide.withoutImports(text) == Guide.withoutImports(block), "\(file)")
    }
  }

  @Test("Its tables have no problems, and its file gives the rows that it shows")
  func rows() throws {
    #expect(try Checker(tables: tables, engine: TestLake.engine).problems() == [])
    let lake = try TestLake()
    try lake.land("class_feedback/2025-01-07.csv", try #require(guide.blocks("csv").first))
    let run = expectSuccess(try lake.run(tables, "+gold.class_ratings", asOf: "2025-01-07"))
    #expect(run.committed.count == tables.count)
    let shown = guide.tables
    try #require(shown.count == 2)
    try expect(Gold.classRatings, in: lake, is: shown[0])
    try expect(.quarantine(of: Silver.classFeedback), in: lake, is: shown[1])
    #expect(try lake.run(tables).committed == [])
    try lake.land(
      "class_feedback/2025-01-08.csv",
      "feedback_id,class_id,rating,submitted_at\nF3,C101,4,2025-01-08T08:00:00Z\n")
    expectSuccess(try lake.run(tables))
    try expect(
      Gold.classRatings, in: lake,
      is: "class_id | ratings | average_rating\nC100 | 2 | 3.5\nC101 | 2 | 4.5")
  }

  @Test("It names every rule of a check, and no other")
  func rules() {
    let named = guide.text.split(separator: "\n").filter { $0.hasPrefix("| `") }.flatMap { line in
      line.split(separator: "|")[0].split(separator: "`").filter {
        !$0.contains { " ,".contains($0) }
      }
    }
    #expect(Set(named.map(String.init)) == Set(Problem.Rule.allCases.map(\.rawValue)))
  }
}

/// The text of the guide, taken apart.
struct Guide {
  static let package = parentPath(parentPath(parentPath(#filePath)))
  let text: String

  init() throws { text = try Files.text("\(Guide.package)/docs/adding-a-table.md") }

  /// The blocks in a language, in order.
  func blocks(_ language: String) -> [String] {
    text.components(after: "```\(language)\n").map { block in
      String(block[..<(block.firstRange(of: "```")?.lowerBound ?? block.endIndex)])
    }
  }

  /// The tables that a console shows, as `a | b` lines.
  var tables: [String] {
    blocks("console").flatMap { block in
      block.components(after: "┐\n").map { table in
        table.split(separator: "\n").filter { $0.hasPrefix("│") }
          .map { $0.dropFirst().dropLast().replacing("│", with: "|") }.joined(separator: "\n")
      }
    }
  }

  /// Code without the lines that name modules: in the guide's project these are others.
  static func withoutImports(_ code: String) -> [Substring] {
    code.split(separator: "\n").filter { !$0.hasPrefix("import ") }
  }
}

extension String {
  /// What follows each occurrence of a text, up to the next.
  fileprivate func components(after mark: String) -> [Substring] {
    let marks = ranges(of: mark)
    let ends = marks.dropFirst().map(\.lowerBound) + [endIndex]
    return zip(marks, ends).map { self[$0.upperBound..<$1] }
  }
}
