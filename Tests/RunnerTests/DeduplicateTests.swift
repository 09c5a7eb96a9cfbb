import Podium
import RunnerTestKit
import Testing

@Suite("Events that repeat others within a window")
struct DeduplicateTests {
  let lake: TestLake
  let tables = [Swipes.feed, Swipes.swipes]

  init() throws { lake = try TestLake() }

  private func land(_ file: String, _ lines: String...) throws {
    try lake.land("swipes/\(file).csv", Swipes.header + lines.map { $0 + "\n" }.joined())
  }

  private func time(_ second: Int) -> String { Swipes.time(second) }

  private func kept() throws -> [String] {
    try lake.rows(.of(Swipes.swipes), ["swipe"]).rows.map { $0[0] }.sorted()
  }

  @Test("Only the earliest stays, up to the window's end and not beyond")
  func window() throws {
    try land(
      "a", "s1,m1,\(time(0))", "s2,m1,\(time(120))", "s3,m1,\(time(241))", "s4,m2,\(time(1))")
    let run = expectSuccess(try lake.run(tables))
    #expect(try kept() == ["s1", "s3", "s4"])
    let counts = try #require(run[Swipes.swipes]).counts
    #expect(counts.read == 4 && counts.inserted == 3 && counts.deduplicated == 1, "\(counts)")
  }

  @Test("Repeats reach on from a repeat that a former run left out")
  func across() throws {
    try land("a", "s1,m1,\(time(0))", "s2,m1,\(time(100))")
    expectSuccess(try lake.run(tables))
    try land("b", "s3,m1,\(time(200))")
    expectSuccess(try lake.run(tables))
    #expect(try kept() == ["s1"])
    try land("c", "s4,m1,\(time(321))")
    expectSuccess(try lake.run(tables))
    #expect(try kept() == ["s1", "s4"])
  }

  @Test("A late event makes one of two that were apart, and may be the earliest itself")
  func late() throws {
    try land("a", "s2,m1,\(time(100))", "s4,m1,\(time(300))", "s6,m1,\(time(900))")
    expectSuccess(try lake.run(tables))
    #expect(try kept() == ["s2", "s4", "s6"])
    try land("b", "s3,m1,\(time(200))")
    expectSuccess(try lake.run(tables))
    #expect(try kept() == ["s2", "s6"])
    try land("c", "s1,m1,\(time(50))")
    let run = expectSuccess(try lake.run(tables))
    #expect(try kept() == ["s1", "s6"])
    #expect(run[Swipes.swipes]?.counts.inserted == 1)
  }

  @Test("Of events at one time the lowest key stays, whichever comes first")
  func ties() throws {
    try land("a", "s5,m1,\(time(0))")
    expectSuccess(try lake.run(tables))
    try land("b", "s3,m1,\(time(0))", "s4,m1,\(time(0))")
    expectSuccess(try lake.run(tables))
    #expect(try kept() == ["s3"])
  }

  @Test("Events of nobody repeat none")
  func unknown() throws {
    try land("a", "s1,,\(time(0))", "s2,,\(time(0))")
    expectSuccess(try lake.run(tables))
    try land("b", "s3,,\(time(0))")
    expectSuccess(try lake.run(tables))
    #expect(try kept() == ["s1", "s2", "s3"])
  }

  @Test("A file that holds no event within reach is not read")
  func pruned() throws {
    try land("a", "s1,m1,\(time(0))", "s2,m2,\(time(0))")
    expectSuccess(try lake.run(tables))
    try land("b", "s3,m1,\(time(86_400))")
    let snapshot = try #require(try lake.snapshot(.of(Swipes.swipes)))
    lake.remove("silver/swipes/" + snapshot.orderedFiles[0].path)
    expectSuccess(try lake.run(tables))
  }
}

/// Swipes of cards at a turnstile, as readers send them.
enum Swipes {
  static let feed = Table(
    "bronze.swipes", about: "One row per swipe.", landing: "swipes",
    columns: [
      .string("swipe", "The swipe."), .string("member", "Whose card."),
      .string("swiped_at", "When, UTC."),
    ])

  static let header = "swipe,member,swiped_at\n"

  static let swipes = Table(
    "silver.swipes", about: "One row per swipe; those repeated within 120 seconds count once.",
    columns: [
      .string("swipe", "The swipe."), .string("member", "Whose card.", nullable: true),
      .timestamp("swiped_at", "When, UTC."),
    ], key: ["swipe"],
    write: .deduplicate(by: ["member"], within: .seconds(120), of: "swiped_at"), share: .none,
    query: """
      SELECT \(.text("swipe")) AS swipe, \(.text("member")) AS member, \(.timestamp("swiped_at")) AS swiped_at,
        _file, _line
      FROM \(new: feed)
      """)

  /// A time so many seconds after noon.
  static func time(_ second: Int) -> String {
    let days = 1 + (second + 43_200) / 86_400
    let rest = (second + 43_200) % 86_400
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "2025-01-\(two(days))T\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))Z"
  }
}
