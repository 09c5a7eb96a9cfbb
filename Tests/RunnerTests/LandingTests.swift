import DeltaLake
import Glibc
import Lakehouse
import Landing
import Podium
@testable import Runner
import RunnerTestKit
import TestKit
import Testing

@Suite("Files of the landing zone")
struct LandingTests {
  let lake: TestLake
  let feed = People.feed

  init() throws { lake = try TestLake() }

  private func run() throws -> FileReport? { expectSuccess(try lake.run([feed]))[feed]?.files }

  @Test("Each file is taken once, with file and physical line of every row")
  func once() throws {
    try lake.land("people/a.csv", People.header + "1,\"An\nn\",Rome,1.00,5,put\n2,Bob,,,,\n")
    try lake.land("people/2025/b.ndjson", "{\"id\":\"3\"}\n\n{\"id\":\"4\"}\n")
    #expect(try run()?.taken == 2)
    #expect(try run()?.taken == 0)
    #expect(try lake.version(feed) == 1)
    try expect(
      feed, in: lake,
      is: """
        id | city | _file                | _line
        1  | Rome | people/a.csv         | 2
        2  | NULL | people/a.csv         | 4
        3  | NULL | people/2025/b.ndjson | 1
        4  | NULL | people/2025/b.ndjson | 3
        """)
  }

  @Test("A file that changes after it was taken is reported by every run and not read again")
  func changed() throws {
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    _ = try run()
    try lake.landPeople("a", "2,Bob,Rome,1.00,5,put", "3,Cid,,,,")
    for _ in 1...2 {
      #expect(try run()?.changed == ["people/a.csv"])
      #expect(
        try lake.plan([feed]).first?.warnings == ["people/a.csv changed after it was taken in"])
    }
    try expect(feed, in: lake, is: "id\n1")
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    #expect(try run()?.changed == [])
  }

  @Test("A quarantined file is not tried again until it changes, then it is taken")
  func quarantinedThenMended() throws {
    try lake.land("people/a.csv", People.header + "1,\"Ann,Rome,1.00,5,put\n")
    let first = try run()
    #expect(first?.quarantined.map(\.code) == [.torn])
    #expect(first?.quarantined.first?.place?.line == 2)
    #expect(try run()?.quarantined == [])
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    #expect(try run()?.taken == 1)
    try expect(feed, in: lake, is: "id\n1")
    try expect(
      .quarantinedFiles, in: lake,
      is: """
        source | file         | code | line
        people | people/a.csv | torn | 2
        """)
    #expect(try lake.run([feed]).committed == [])
  }

  @Test("A quarantined file that stays bad in another way is recorded again")
  func badTwice() throws {
    try lake.land("people/a.csv", People.header + "1,\"Ann\n")
    _ = try run()
    try lake.landPeople("a", "1,Ann")
    _ = try run()
    try expect(
      .quarantinedFiles, in: lake,
      is: """
        file         | code
        people/a.csv | torn
        people/a.csv | malformed
        """)
  }

  @Test("A quarantined file that was read later says when; one that stays bad does not")
  func resolved() throws {
    func files() throws -> [[String]] {
      let session = try TestLake.engine.session()
      let sql =
        "SELECT file, code, resolved_at > _quarantined_at FROM quarantine.files ORDER BY ALL"
      try Catalog(lake: lake.lake, tables: [feed]).defineViews(for: sql, in: session)
      return try session.connection.query(sql).rows().map { $0.map(\.plain) }
    }
    for name in ["a", "b"] { try lake.land("people/\(name).csv", People.header + "1,\"Ann\n") }
    _ = try run()
    #expect(try files() == [["people/a.csv", "torn", ""], ["people/b.csv", "torn", ""]])
    try lake.landPeople("a", "1,Ann")
    _ = try run()
    #expect(
      try files() == [
        ["people/a.csv", "malformed", ""], ["people/a.csv", "torn", ""],
        ["people/b.csv", "torn", ""],
      ])
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    _ = try run()
    #expect(
      try files() == [
        ["people/a.csv", "malformed", "true"], ["people/a.csv", "torn", "true"],
        ["people/b.csv", "torn", ""],
      ])
  }

  @Test("A file without records is taken, and once")
  func empty() throws {
    try lake.land("people/a.csv", People.header)
    try lake.land("people/b.ndjson", "")
    try lake.land("people/c.json", "[]")
    #expect(try run()?.taken == 3)
    #expect(try run()?.taken == 0)
    try expect(feed, in: lake, is: "id")
  }

  @Test("The same bytes under two names are two files")
  func twins() throws {
    for name in ["a", "b"] { try lake.land("people/\(name).ndjson", "{\"id\":\"1\"}\n") }
    #expect(try run()?.taken == 2)
    try expect(feed, in: lake, is: "id | _file\n1 | people/a.ndjson\n1 | people/b.ndjson")
  }

  @Test("A file that is removed leaves its rows, and is known when it comes back")
  func removed() throws {
    try lake.land("people/a.ndjson", "{\"id\":\"1\"}\n")
    _ = try run()
    lake.remove("landing/people/a.ndjson")
    #expect(try run() == FileReport(LandingPlan()))
    try lake.land("people/a.ndjson", "{\"id\":\"1\"}\n")
    #expect(try run()?.taken == 0)
    try expect(feed, in: lake, is: "id\n1")
    lake.remove("landing")
    #expect(try run()?.taken == 0)
  }

  @Test("Without its ledger a lake still knows every file")
  func lostLedger() throws {
    try lake.land("people/a.ndjson", "{\"id\":\"1\"}\n")
    try lake.land("people/b.csv", People.header + "1,\"Ann\n")
    _ = try run()
    for name in try lake.names(".podium") where name.hasPrefix("ledger") {
      lake.remove(".podium/\(name)")
    }
    #expect(try run() == FileReport(LandingPlan()))
    try lake.land("people/a.ndjson", "{\"id\":\"2\"}\n")
    #expect(try run()?.changed == ["people/a.ndjson"])
  }

  @Test("Hidden files and other folders are nobody's")
  func hidden() throws {
    for name in ["people/.a.ndjson", "people/_b.ndjson", "people/_c/d.ndjson", "others/e.ndjson"] {
      try lake.land(name, "{\"id\":\"1\"}\n")
    }
    #expect(try run()?.taken == 0)
  }

  @Test(
    "A folder, a pipe and a dead link in place of a file go to quarantine once",
    .enabled(if: TestLake.isLocal, "of files on this machine"))
  func noFiles() throws {
    let folder = "\(lake.path)/landing/people"
    try Files.makeFolder("\(folder)/a.csv")
    try #require(mkfifo("\(folder)/b.csv", 0o600) == 0)
    try lake.land("people/d.ndjson", "{\"id\":\"1\"}\n")
    try #require(symlink("\(folder)/nowhere", "\(folder)/e.csv") == 0)
    let first = try run()
    #expect(first?.taken == 1)
    #expect(
      first?.quarantined.map(\.file).sorted() == ["people/a.csv", "people/b.csv", "people/e.csv"])
    #expect(try run()?.quarantined == [])
    for name in ["a", "b", "e"] {
      Files.remove("\(folder)/\(name).csv")
      try lake.landPeople(name, "\(name),Bob,,,,")
    }
    #expect(try run()?.taken == 3)
    try expect(feed, in: lake, is: "id\n1\na\nb\ne")
  }

  @Test(
    "Each file is read once where links lead in circles, and such a link is told, once",
    .enabled(if: TestLake.isLocal, "of files on this machine"))
  func linkLoop() throws {
    let folder = "\(lake.path)/landing/people"
    try lake.land("people/2025/a.ndjson", "{\"id\":\"1\"}\n")
    try Files.write("{\"id\":\"2\"}\n", to: "\(lake.path)/elsewhere/b.ndjson")
    let links = [
      ("2025/up", ".."), ("2025/all", lake.path), ("again", "2025"), ("other", "../../elsewhere"),
      ("other/back", "../landing"), ("root", "/"),
    ]
    for (link, target) in links { try #require(symlink(target, "\(folder)/\(link)") == 0) }
    let plan = try lake.plan([feed]).first
    #expect(plan?.action == .takeFiles(files: 2, bytes: 22))
    #expect(plan?.warnings.count == 5)
    let first = try run()
    #expect(first?.taken == 2)
    #expect(
      first?.quarantined.map(\.description).sorted()
        == [
          ("2025/all", lake.path), ("2025/up", folder), ("again", "\(folder)/2025"),
          ("other/back", "\(lake.path)/landing"), ("root", "/"),
        ].map { link, target in
          "people/\(link): could not read \(folder)/\(link): it is a link back to \(target); "
            + "remove the link"
        })
    let second = try run()
    #expect(second?.taken == 0 && second?.quarantined == [])
    try expect(
      feed, in: lake,
      is: """
        id | _file
        1  | people/2025/a.ndjson
        2  | people/other/b.ndjson
        """)
  }

  @Test(
    "Two folders that lead to each other are read once each",
    .enabled(if: TestLake.isLocal, "of files on this machine"))
  func crossedLinks() throws {
    let folder = "\(lake.path)/landing/people"
    for name in ["a", "b"] { try lake.land("people/\(name)/x.ndjson", "{\"id\":\"\(name)\"}\n") }
    try #require(symlink("../b", "\(folder)/a/b") == 0)
    try #require(symlink("../a", "\(folder)/b/a") == 0)
    let report = try run()
    #expect(report?.taken == 2)
    #expect(report?.quarantined.map(\.file).sorted() == ["people/a/b", "people/b/a"])
    try expect(
      feed, in: lake, is: "id | _file\na | people/a/x.ndjson\nb | people/b/x.ndjson")
  }

  @Test("What comes into a file that was taken with 0 bytes is read, once")
  func begun() throws {
    try lake.land("people/a.ndjson", "")
    let first = try run()
    #expect(first?.taken == 1)
    #expect(first?.notes.map(\.note) == [.noBytes])
    #expect(try run()?.notes == [])
    try lake.land("people/a.ndjson", "{\"id\":\"1\"}\n")
    #expect(try run()?.taken == 1)
    try lake.land("people/a.ndjson", "{\"id\":\"1\"}\n{\"id\":\"2\"}\n")
    #expect(try run()?.changed == ["people/a.ndjson"])
    try expect(feed, in: lake, is: "id\n1")
  }

  @Test(
    "What a killed run was writing to logs and records is removed by the next one",
    .enabled(if: TestLake.isLocal, "of files on this machine"))
  func deadTemporaries() throws {
    try lake.land("people/a.ndjson", "{\"id\":\"1\"}\n")
    _ = try run()
    let kept = Files.all(below: lake.path)
    for folder in ["bronze/people/_delta_log", ".podium", ".podium/batches"] {
      try Files.write([1], to: "\(lake.path)/\(folder)/.tmp-1")
    }
    _ = try run()
    #expect(Files.all(below: lake.path) == kept)
  }

  @Test("Names fit in any case in CSV and JSON; files of other names go whole to quarantine")
  func names() throws {
    try lake.land("people/a.csv", "ID,City\n1,Rome\n")
    try lake.land("people/b.ndjson", "{\"Id\":\"2\",\"CITY\":\"Oslo\"}\n")
    try lake.land("people/c.csv", "sale,amount\ns1,1.00\n")
    try lake.land(
      "people/d.ndjson",
      String(repeating: "{\"sale_id\":\"s1\",\"amount\":\"1.00\"}\n", count: 100_000))
    try lake.land("people/e.json", "[{\"sale_id\":\"s1\"}]")
    let report = try run()
    #expect(report?.taken == 2)
    #expect(report?.quarantined.map(\.code) == [.headerMismatch, .headerMismatch, .headerMismatch])
    try expect(
      feed, in: lake,
      is: """
        id | city | _file           | _rescued
        1  | Rome | people/a.csv    | NULL
        2  | Oslo | people/b.ndjson | NULL
        """)
    #expect(try run()?.quarantined == [])
  }

  @Test("A name that tells no format goes to quarantine with the endings that do")
  func unknownFormat() throws {
    try lake.land("people/a.xlsx", "PK")
    let run = try run()
    #expect(run?.quarantined.map(\.code) == [.unknownFormat])
    #expect(run?.quarantined.first?.description.contains(".csv.gz") == true)
  }
}
