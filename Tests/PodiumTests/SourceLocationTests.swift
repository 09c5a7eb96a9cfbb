import Podium
import Testing

@Suite("Places in a project's source")
struct SourceLocationTests {
  @Test("A place is told by file and folder, as the folder is written on the disk")
  func folder() {
    let location = SourceLocation(file: "/home/ann/gym/silver/Members.swift", line: 7)
    #expect(location.description == "silver/Members.swift:7")
    #expect(SourceLocation(file: "silver/Members.swift", line: 7) == location)
    #expect(SourceLocation(file: "Members.swift", line: 7).description == "Members.swift:7")
  }

  @Test("Declarations, rules and queries know their folder and line")
  func declared() {
    let table = Table(
      "silver.x", about: "One row per thing.", columns: [.string("a", "A text.")], key: ["a"],
      write: .append, expect: [.row("it is", "true", else: .warn)],
      query: "SELECT a FROM \(new: Sample.visits)")
    let here = "PodiumTests/SourceLocationTests.swift:"
    #expect(table.declaredAt.description == here + "\(#line - 5)")
    #expect(table.expectations.first?.declaredAt.description == here + "\(#line - 4)")
    #expect(table.query?.location(ofLine: 1)?.description == here + "\(#line - 4)")
  }
}
