import Bronze
import CLITestKit
import Documentation
import Gold
import Lakehouse
import Lineage
import Podium
import Silver
import Storage
import TestKit
import Testing

@Suite("The gym's reference")
struct GymReferenceTests {
  private static let root = parentPath(parentPath(parentPath(#filePath)))

  @Test("What is committed is what the declarations say")
  func committed() throws {
    let tables = Bronze.tables + Silver.tables + Gold.tables
    let graph = try Graph(tables)
    let folder = ReferenceFolder("\(GymReferenceTests.root)/docs/reference")
    let reference = try Reference(
      tool: "podium", graph: graph,
      lineage: ColumnLineage(graph, EngineProvider(lake: nil).session()),
      examples: folder.examples(graph.ordered))
    let files = reference.files(.markdown)
    #expect(files.count == graph.ordered.count + 5)
    let differences = try folder.differences(from: files).map(\.path)
    #expect(differences == [], "type 'podium docs' in the project's folder")
  }

  @Test("docs --check ends with 1, names what differs and what to type, and changes nothing")
  func check() throws {
    let path = try Files.makeTemporaryFolder()
    defer { Files.remove(path) }
    func docs(_ words: String...) throws -> Program.Outcome {
      try Program.run(["docs", "--to", "pages"] + words, in: path)
    }
    let missing = try docs("--check")
    #expect(missing.status == 1)
    #expect(missing.errors.contains("files are missing (README.md, "))
    #expect(Files.names(path).isEmpty)
    #expect(try docs().status == 0)
    let page = "\(path)/pages/silver/members.md"
    try Files.write("<!-- Generated from the declarations -->\n", to: page)
    let changed = try docs("--check")
    #expect(changed.status == 1)
    let words = changed.errors.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(
      words.hasSuffix(
        "pages is not what the declarations say: 1 file differs (silver/members.md). "
          + "Type 'podium docs --to pages'."), "\(words)")
    #expect(try Files.text(page) == "<!-- Generated from the declarations -->\n")
  }

  @Test("Personal columns are not shown, and no page has a value of one")
  func personal() throws {
    let folder = "\(GymReferenceTests.root)/docs/reference"
    var shown = 0
    for table in Bronze.tables + Silver.tables + Gold.tables {
      let layer = try #require(table.name.layer)
      let page = try Files.text("\(folder)/\(layer.rawValue)/\(table.name.base).md")
      guard let example = page.split(separator: "## A row, as an example").dropFirst().first else {
        continue
      }
      shown += 1
      #expect(!example.contains("@"), "\(table.name)")
      for column in table.columns where column.personal {
        #expect(
          example.contains("| `\(column.name)` | ••• |")
            || example.contains("| `\(column.name)` | *none* |"), "\(table.name).\(column.name)")
      }
    }
    #expect(shown > 100)
  }
}
