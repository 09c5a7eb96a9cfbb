import Glibc
import Podium
import TestKit
@testable import Runner
import RunnerTestKit
import Testing

@Suite("What lies in the landing zone and is no table's")
struct StrayTests {
  let lake: TestLake
  let tables = [People.feed, People.people, People.saleFeed]

  init() throws { lake = try TestLake() }

  /// What a plan and the run after it tell, which is the same.
  private func strays(
    _ selectors: String = "", sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws -> [LandingStray] {
    let planned = try lake.strays(tables, selectors)
    let run = try lake.run(tables, selectors)
    expectSuccess(run, sourceLocation: sourceLocation)
    #expect(run.strays == planned, sourceLocation: sourceLocation)
    return planned
  }

  @Test("A misspelt folder is told with its files and the folder that was meant, every time")
  func misspelt() throws {
    try lake.land("peopel/a.csv", People.header + "1,Ann,Rome,1.00,5,put\n")
    try lake.land("peopel/2025/b.ndjson", "{\"id\":\"1\"}\n")
    for _ in 1...2 {
      let found = try strays()
      #expect(found == [.folder("peopel", files: 2, meant: "people")])
      #expect(
        found.map(\.description) == [
          "landing/peopel/ is no table's folder: its 2 files were not read. "
            + "Did you mean 'landing/people/'?"
        ])
    }
  }

  @Test("The case of a folder counts, and a folder that is like none is told as well")
  func others() throws {
    try lake.land("People/a.ndjson", "{\"id\":\"1\"}\n")
    try lake.land("trainers/a.ndjson", "{\"id\":\"1\"}\n")
    let found = try strays()
    #expect(
      found == [
        .folder("People", files: 1, meant: "people"), .folder("trainers", files: 1, meant: nil),
      ])
    #expect(
      found.last?.description
        == "landing/trainers/ is no table's folder: its 1 file was not read. Rename it to a "
        + "table's folder, or declare a bronze table for it; names that begin with _ are left alone."
    )
  }

  @Test("A file outside of all folders is told, with the folder that its name begins with")
  func files() throws {
    try lake.land("sales_2025-01-01.csv", People.saleHeader)
    try lake.land("peple.csv", People.header)
    try lake.land("README.txt", "Nothing to see here.\n")
    let found = try strays()
    #expect(
      found == [
        .file("README.txt", meant: nil), .file("peple.csv", meant: "people"),
        .file("sales_2025-01-01.csv", meant: "sales"),
      ])
    #expect(
      found.map(\.description) == [
        "landing/README.txt is in no table's folder and was not read. "
          + "Move it to the folder of its table.",
        "landing/peple.csv is in no table's folder and was not read. "
          + "Move it to 'landing/people/'?",
        "landing/sales_2025-01-01.csv is in no table's folder and was not read. "
          + "Move it to 'landing/sales/'?",
      ])
  }

  @Test("Hidden names, names that begin with _, and folders without files are silent")
  func silent() throws {
    for name in ["_truth/a.csv", "_note.txt", ".git/config", ".hidden", "old/_done/a.csv"] {
      try lake.land(name, "x\n")
    }
    if TestLake.isLocal { try Files.makeFolder("\(lake.path)/landing/empty") }
    try lake.land("people/a.ndjson", "{\"id\":\"1\"}\n")
    #expect(try strays() == [])
  }

  @Test("They are not told where no selected table takes in files, nor where there is no landing")
  func selected() throws {
    #expect(try strays() == [])
    try lake.land("peopel/a.ndjson", "{\"id\":\"1\"}\n")
    #expect(try strays("silver") == [])
    #expect(try strays("+silver.people").count == 1)
  }

  @Test("A table's folder may lie deeper, and what lies beside it is told")
  func deeper() throws {
    let deep = Table(
      "bronze.tills", about: "One row per sale.", landing: "shop/tills",
      columns: [.string("id", "The sale.")])
    try lake.land("shop/tills/a.ndjson", "{\"id\":\"1\"}\n")
    try lake.land("shop/till/a.ndjson", "{\"id\":\"1\"}\n")
    try lake.land("shop/b.ndjson", "{\"id\":\"1\"}\n")
    #expect(
      try lake.strays([deep], "") == [
        .file("shop/b.ndjson", meant: nil), .folder("shop/till", files: 1, meant: "shop/tills"),
      ])
  }

  @Test(
    "A landing zone that may not be listed is told, and its tables are taken in all the same",
    .enabled(if: geteuid() != 0 && TestLake.isLocal, "root lists every folder"))
  func unlisted() throws {
    try lake.land("people/a.ndjson", "{\"id\":\"1\"}\n")
    try #require(chmod("\(lake.path)/landing", 0o300) == 0)
    defer { chmod("\(lake.path)/landing", 0o700) }
    let run = try lake.run(tables)
    #expect(
      run.strays.map(\.description) == ["could not list \(lake.path)/landing: permission denied"])
    #expect(run[People.feed]?.files?.taken == 1)
  }
}
