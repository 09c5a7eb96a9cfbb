import Documentation
import Podium
import TestKit
import Testing

@Suite("Folders of pages")
struct FolderTests {
  private func paths(
    _ differences: [ReferenceFolder.Difference], _ kind: ReferenceFolder.Difference.Kind
  ) -> [String] {
    differences.filter { $0.kind == kind }.map(\.path)
  }

  @Test("What was written is found to be as it should be, until somebody changes a page")
  func written() throws {
    let path = try Files.makeTemporaryFolder()
    defer { Files.remove(path) }
    let folder = ReferenceFolder("\(path)/reference")
    let files = try SmallProject.reference().files(.markdown)
    #expect(try paths(folder.differences(from: files), .missing) == files.map(\.path))
    #expect(try folder.write(files).count == files.count)
    #expect(try folder.differences(from: files).isEmpty)
    #expect(try folder.write(files).isEmpty)
    let page = "\(path)/reference/silver/visits.md"
    try Files.write(try Files.text(page) + "By hand.\n", to: page)
    #expect(try paths(folder.differences(from: files), .changed) == ["silver/visits.md"])
  }

  @Test("The page of a table that is gone is deleted; other people's pages stay")
  func leftOver() throws {
    let path = try Files.makeTemporaryFolder()
    defer { Files.remove(path) }
    let folder = ReferenceFolder(path)
    _ = try folder.write(SmallProject.reference().files(.markdown))
    try Files.write("# Ours\n", to: "\(path)/silver/notes.md")
    let fewer = try SmallProject.reference([
      SmallProject.rawVisits, SmallProject.rawClubs, SmallProject.clubs, SmallProject.guests,
    ]).files(.markdown)
    #expect(
      try paths(folder.write(fewer), .leftOver) == ["gold/visits_by_club.md", "silver/visits.md"])
    #expect(try folder.differences(from: fewer).isEmpty)
    #expect(try Files.text("\(path)/silver/notes.md") == "# Ours\n")
  }

  @Test("A page of somebody else is not written over")
  func foreign() throws {
    let path = try Files.makeTemporaryFolder()
    defer { Files.remove(path) }
    try Files.write("# Our project\n", to: "\(path)/README.md")
    let files = try SmallProject.reference().files(.markdown)
    #expect(throws: ReferenceError.foreignFile(folder: path, path: "README.md")) {
      _ = try ReferenceFolder(path).write(files)
    }
    #expect(Files.names(path) == ["README.md"])
  }

  @Test("Example rows are read as they were written, without columns that are gone")
  func examples() throws {
    let path = try Files.makeTemporaryFolder()
    defer { Files.remove(path) }
    var rows = ExampleRows()
    rows.add(SmallProject.guests, ["visit_id": "V \"1\"", "guest_name": "Somebody"])
    rows.add(SmallProject.clubs, ["club_id": "C1"])
    let folder = ReferenceFolder(path)
    _ = try folder.write(SmallProject.reference(examples: rows).files(.markdown))
    #expect(try folder.examples(SmallProject.tables()) == rows)
    var fewer = ExampleRows()
    fewer.add(SmallProject.clubs, ["club_id": "C1"])
    #expect(try folder.examples([SmallProject.clubs]) == fewer)
    try Files.write("{}", to: "\(path)/examples.json")
    #expect(throws: ReferenceError.unreadableExamples("examples.json")) {
      try folder.examples(SmallProject.tables())
    }
  }
}
