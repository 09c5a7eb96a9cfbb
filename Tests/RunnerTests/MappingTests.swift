import Landing
import Podium
import Runner
import RunnerTestKit
import Testing

@Suite("Files that are read by a mapping")
struct MappedFilesTests {
  private let lake: TestLake

  init() throws { lake = try TestLake() }

  private func map(_ columns: String, table: String = "bronze.people") throws {
    try lake.land(
      "people/\(HeaderMapping.fileName)", "{\"table\":\"\(table)\",\"columns\":{\(columns)}}")
  }

  private let foreign = "Client,Full Name,Town,Credit,As Of\n"

  @Test("Foreign headers get in by the mapping, beside files with the declared ones")
  func read() throws {
    try map(#""Client":"id","Full Name":"name","Town":"city","Credit":"balance","As Of":"since""#)
    try lake.land("people/a.csv", foreign + "p1,Ann,Bonn,5.00,1\n")
    try lake.landPeople("b", "p2,Bo,Kiel,7.00,1,put")
    let report = expectSuccess(try lake.run(People.tables))
    #expect(report[People.feed]?.files?.taken == 2)
    #expect(report[People.feed]?.files?.mapping == nil)
    try expect(
      People.people, in: lake, is: "id | city | balance\np1 | Bonn | 5.00\np2 | Kiel | 7.00")
  }

  @Test("Another mapping is told until files come, and changes no row that was taken in")
  func changed() throws {
    try map(#""Client":"id","Town":"city","Credit":"balance","As Of":"since""#)
    try lake.land("people/a.csv", foreign + "p1,Ann,Bonn,5.00,1\n")
    expectSuccess(try lake.run(People.tables))
    try map(#""Client":"id","Full Name":"city","Credit":"balance","As Of":"since""#)
    let idle = expectSuccess(try lake.run(People.tables))
    #expect(
      idle[People.feed]?.files?.mapping?.contains("is not what files were taken in by") == true)
    #expect(
      try lake.plan(People.tables).first?.warnings.first?.contains("people/_mapping.json") == true)
    try lake.land("people/b.csv", foreign + "p2,Bo,Kiel,7.00,1\n")
    expectSuccess(try lake.run(People.tables))
    try expect(People.people, in: lake, is: "id | city\np1 | Bonn\np2 | Bo")
    #expect(try lake.run(People.tables)[People.feed]?.files?.mapping == nil)
    lake.remove("landing/people/\(HeaderMapping.fileName)")
    let gone = expectSuccess(try lake.run(People.tables))
    #expect(
      gone[People.feed]?.files?.mapping?.hasPrefix("landing/people/_mapping.json is gone") == true)
  }

  @Test("A wrong mapping stops its table before a file is read, and is told without files as well")
  func wrong() throws {
    try map(#""Client":"idd""#)
    let idle = expectSuccess(try lake.run(People.tables))
    #expect(idle[People.feed]?.files?.mapping?.contains("Did you mean 'id'?") == true)
    try lake.land("people/a.csv", foreign + "p1,Ann,Bonn,5.00,1\n")
    let report = try lake.run(People.tables)
    #expect(report.error(People.feed)?.description.contains("'Client' is mapped to 'idd'") == true)
    #expect(
      try lake.plan(People.tables).first?.warnings.first?.contains("Did you mean 'id'?") == true)
    try map(#""Client":"id","Town":"city","Credit":"balance","As Of":"since""#)
    expectSuccess(try lake.run(People.tables))
    try expect(People.people, in: lake, is: "id | city\np1 | Bonn")
  }

  @Test("A file that was refused for its headers gets in with the mapping, by a replay")
  func replayed() throws {
    try lake.land("people/a.csv", foreign + "p1,Ann,Bonn,5.00,1\n")
    #expect(try lake.run(People.tables)[People.feed]?.files?.quarantined.count == 1)
    try map(#""Client":"id","Town":"city","Credit":"balance","As Of":"since""#)
    let result = try lake.replay(People.feed, People.tables)
    #expect(result.released == 1)
    expectSuccess(try lake.run(People.tables))
    try expect(People.people, in: lake, is: "id | city\np1 | Bonn")
  }
}
