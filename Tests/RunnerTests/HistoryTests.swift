import Podium
import RunnerTestKit
import Testing

@Suite("A table that keeps the history of its keys")
struct HistoryTests {
  let lake: TestLake
  let states = People.people(
    write: .history(changedAt: "since", deleteWhen: "_op = 'delete'"))
  var tables: [Table] { [People.feed, states] }

  init() throws { lake = try TestLake() }

  private func expectStates(
    _ rows: String..., sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws {
    try expect(
      states, in: lake,
      is: (["id | city | since | valid_from | valid_to | is_current"] + rows)
        .joined(separator: "\n"), sourceLocation: sourceLocation)
  }

  @Test("A state holds until the next one begins, and the last one holds")
  func bounds() throws {
    try lake.landPeople("a", "1,Ann,Rome,1,5,put", "1,Ann,Oslo,1,9,put", "2,Bob,Bern,1,5,put")
    expectSuccess(try lake.run(tables))
    try expectStates(
      "1 | Rome | 5 | 5 | 9 | false", "1 | Oslo | 9 | 9 | NULL | true",
      "2 | Bern | 5 | 5 | NULL | true")
  }

  @Test("A row that says the same again begins no state")
  func same() throws {
    try lake.landPeople("a", "1,Ann,Rome,1,5,put", "1,Ann,Rome,1,7,put")
    expectSuccess(try lake.run(tables))
    try lake.landPeople("b", "1,Ann,Rome,1,9,put")
    let run = expectSuccess(try lake.run(tables))
    try expectStates("1 | Rome | 5 | 5 | NULL | true")
    let counts = try #require(run[states]).counts
    #expect(counts.read == 1 && counts.unchanged == 1, "\(counts)")
  }

  @Test("A late row changes the middle of a history, also between rows that said the same")
  func late() throws {
    try lake.landPeople("a", "1,Ann,Rome,1,5,put", "1,Ann,Rome,1,9,put", "2,Bob,Bern,1,1,put")
    expectSuccess(try lake.run(tables))
    try lake.landPeople("b", "1,Ann,Oslo,1,7,put")
    let run = expectSuccess(try lake.run(tables))
    try expectStates(
      "1 | Rome | 5 | 5 | 7 | false", "1 | Oslo | 7 | 7 | 9 | false",
      "1 | Rome | 9 | 9 | NULL | true", "2 | Bern | 1 | 1 | NULL | true")
    let counts = try #require(run[states]).counts
    #expect(counts.read == 1 && counts.inserted == 1, "\(counts)")
    #expect(try lake.operations(.of(states)) == ["CREATE TABLE", "OVERWRITE", "MERGE"])
  }

  @Test("A row before all others begins the history")
  func earliest() throws {
    try lake.landPeople("a", "1,Ann,Rome,1,5,put")
    expectSuccess(try lake.run(tables))
    try lake.landPeople("b", "1,Ann,Oslo,1,2,put")
    expectSuccess(try lake.run(tables))
    try expectStates("1 | Oslo | 2 | 2 | 5 | false", "1 | Rome | 5 | 5 | NULL | true")
  }

  @Test("A deletion ends a state, whenever it arrives, and a later row begins anew")
  func deletion() throws {
    try lake.landPeople("a", "1,Ann,Rome,1,5,put", "1,Ann,Rome,1,9,put")
    expectSuccess(try lake.run(tables))
    try expectStates("1 | Rome | 5 | 5 | NULL | true")
    try lake.landPeople("b", "1,,,,7,delete", "2,,,,7,delete")
    let run = expectSuccess(try lake.run(tables))
    try expectStates("1 | Rome | 5 | 5 | 7 | false", "1 | Rome | 9 | 9 | NULL | true")
    #expect(run[states]?.counts.deleted == 2)
    try lake.landPeople("c", "1,,,,10,delete")
    expectSuccess(try lake.run(tables))
    try expectStates("1 | Rome | 5 | 5 | 7 | false", "1 | Rome | 9 | 9 | 10 | false")
  }

  @Test("Of rows at one time the last by file and line counts, whichever comes first")
  func ties() throws {
    try lake.landPeople("b", "1,Ann,Rome,1,5,put", "1,Ann,Bern,1,5,put", "1,Ann,Rome,1,5,put")
    let first = expectSuccess(try lake.run(tables))
    try expectStates("1 | Rome | 5 | 5 | NULL | true")
    let counts = try #require(first[states]).counts
    #expect(counts.superseded == 1 && counts.deduplicated == 1 && counts.inserted == 1)
    try lake.landPeople("a", "1,Ann,Oslo,1,5,put")
    let second = expectSuccess(try lake.run(tables))
    try expectStates("1 | Rome | 5 | 5 | NULL | true")
    #expect(second[states]?.counts.superseded == 1)
  }

  @Test("A bad row begins no state and waits in quarantine, with the columns that it has")
  func quarantine() throws {
    try lake.landPeople("a", "1,Ann,Rome,1,5,put", "1,Ann,Oslo,-1,9,put")
    expectSuccess(try lake.run(tables))
    try expectStates("1 | Rome | 5 | 5 | NULL | true")
    try expect(
      .quarantine(of: states), in: lake,
      is: """
        id | city | _failed_rules           | _line
        1  | Oslo | balance is not negative | 3
        """)
    try lake.landPeople("b", "1,Ann,Bern,1,7,put")
    expectSuccess(try lake.run(tables))
    try expectStates("1 | Rome | 5 | 5 | 7 | false", "1 | Bern | 7 | 7 | NULL | true")
    #expect(try lake.rows(.quarantine(of: states), ["id"]).rows == [["1"]])
  }

  @Test("Keys without new rows are not written again")
  func onlyTouched() throws {
    try lake.landPeople("a", (1...50).map { "\($0),Ann,Rome,1,5,put" })
    expectSuccess(try lake.run(tables))
    try lake.landPeople("b", "7,Ann,Oslo,1,9,put")
    expectSuccess(try lake.run(tables))
    let snapshot = try #require(try lake.snapshot(.of(states)))
    #expect(snapshot.files.count == 2)
    #expect(try lake.run(tables).committed == [])
  }
}
