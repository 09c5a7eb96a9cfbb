import DeltaLake
import Lakehouse
import Podium
import Runner
import RunnerTestKit
import Storage
import TestKit
import Testing

@Suite("A lake that lost files")
struct LostFilesTests {
  let lake: TestLake

  init() throws {
    lake = try TestLake()
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    expectSuccess(try lake.run(People.tables))
  }

  private func log(_ table: Table, _ version: Int64, _ kind: String) throws -> String {
    let number = String(repeating: "0", count: 19) + "\(version)"
    let folder = table.name.description.split(separator: ".").joined(separator: "/")
    return "\(folder)/_delta_log/\(number).\(kind)"
  }

  @Test("Rows that come after an input lost its newest version reach the tables below it")
  func lostCommit() throws {
    try lake.landPeople("b", "2,Bob,Oslo,2.00,5,put")
    expectSuccess(try lake.run(People.tables))
    for kind in ["json", "crc"] { lake.remove(try log(People.feed, 2, kind)) }
    try lake.landPeople("c", "3,Cid,Bern,3.00,5,put")
    expectSuccess(try lake.run(People.tables))
    // The second file's rows are taken in again, since nothing says that they were.
    try expect(
      People.people, in: lake, is: "id | city\n1 | Rome\n2 | Oslo\n3 | Bern")
    #expect(try lake.run(People.tables).committed.isEmpty)
  }

  @Test("A commit without a byte is an error and no empty version", arguments: [0, 20])
  func brokenCommit(bytes: Int) throws {
    let path = try log(People.people, 1, "json")
    try lake.write(Array(try lake.read(path).prefix(bytes)), to: path)
    let run = try lake.run(People.tables)
    #expect(run.error(People.people)?.code == "delta")
    #expect("\(try #require(run.error(People.people)))".contains("00000000000000000001.json"))
  }

  @Test("A missing data file is named with its table, which a full refresh makes anew")
  func lostData() throws {
    let folder = "silver/people"
    let names = try lake.names(folder).filter { $0.hasSuffix(".parquet") }
    #expect(names.count == 1)
    for name in names { lake.remove("\(folder)/\(name)") }
    try lake.landPeople("b", "2,Bob,Oslo,2.00,5,put")
    let run = try lake.run(People.tables, fullRefresh: false)
    let failed = try #require(run.error(People.people) ?? run.error(People.cities))
    #expect(failed.code == "data-file")
    #expect("\(failed)".contains("run silver.people --full-refresh"))
    expectSuccess(try lake.run(People.tables, fullRefresh: true))
    try expect(People.people, in: lake, is: "id | city\n1 | Rome\n2 | Oslo")
  }
}
