import Podium
import RunnerTestKit
import Testing

@Suite("An upserted table, whatever order its rows arrive in")
struct OrderingTests {
  let lake: TestLake
  let tables = People.tables

  init() throws { lake = try TestLake() }

  /// Lands one file and runs.
  private func take(
    _ file: String, _ lines: String..., is fates: String,
    sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws {
    try lake.landPeople(file, lines)
    let report = expectSuccess(try lake.run(tables), sourceLocation: sourceLocation)
    let words = report[People.people]?.counts.words
    #expect(words == fates, sourceLocation: sourceLocation)
  }

  private func expectPeople(
    _ rows: String, sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws {
    try expect(People.people, in: lake, is: rows, sourceLocation: sourceLocation)
  }

  @Test("An older update that comes late does not win")
  func late() throws {
    try take("a", "1,Ann,Rome,10.00,5,put", is: "1 inserted")
    try take("b", "1,Ann,Oslo,99.00,4,put", is: "1 superseded")
    try expectPeople(
      """
      id | city | balance | since
      1  | Rome | 10.00   | 5
      """)
  }

  @Test("Of two rows of one moment the greater file path wins, also where it came first")
  func tieByFile() throws {
    try take("b", "1,Ann,Rome,10.00,5,put", is: "1 inserted")
    try take("a", "1,Ann,Oslo,20.00,5,put", is: "1 superseded")
    try take("c", "1,Ann,Bern,30.00,5,put", is: "1 updated")
    try expectPeople(
      """
      id | city | _file
      1  | Bern | people/c.csv
      """)
  }

  @Test("Of two rows of one moment in one file the later line wins")
  func tieByLine() throws {
    try take(
      "a", "1,Ann,Rome,10.00,5,put", "1,Ann,Oslo,20.00,5,put", "1,Ann,Bern,5.00,4,put",
      is: "1 inserted, 2 superseded")
    try expectPeople(
      """
      id | city | _line
      1  | Oslo | 3
      """)
  }

  @Test("An insert older than a deletion that is known stays deleted")
  func lateInsertAfterDeletion() throws {
    try take("a", "1,Ann,Rome,10.00,5,put", is: "1 inserted")
    try take("b", "1,,,,7,delete", is: "1 deleted")
    try take("c", "1,Ann,Oslo,20.00,6,put", is: "1 superseded")
    try expectPeople("id")
    try expect(People.cities, in: lake, is: "city")
  }

  @Test("An insert newer than a deletion brings the key back")
  func revival() throws {
    try take("a", "1,Ann,Rome,10.00,5,put", is: "1 inserted")
    try take("b", "1,,,,7,delete", is: "1 deleted")
    try take("c", "1,Ann,Oslo,20.00,8,put", is: "1 inserted")
    try take("d", "1,Ann,Bern,30.00,6,put", is: "1 superseded")
    try expectPeople(
      """
      id | city | since
      1  | Oslo | 8
      """)
  }

  @Test("A deletion that comes before the row it deletes keeps that row out")
  func deletionFirst() throws {
    try take("a", "1,,,,7,delete", is: "1 deleted")
    try take(
      "b", "1,Ann,Rome,10.00,5,put", "2,Bob,Rome,1.00,5,put", is: "1 inserted, 1 superseded")
    try expectPeople("id\n2")
  }

  @Test("An older deletion that comes late does not remove a newer row")
  func lateDeletion() throws {
    try take("a", "1,Ann,Rome,10.00,9,put", is: "1 inserted")
    try take("b", "1,,,,7,delete", is: "1 superseded")
    try expectPeople("id\n1")
  }

  @Test("The newest of several deletions is remembered, in whatever order they came")
  func severalDeletions() throws {
    try take("a", "1,,,,7,delete", is: "1 deleted")
    try take("b", "1,,,,9,delete", is: "1 deleted")
    try take("c", "1,,,,5,delete", is: "1 superseded")
    try take("d", "1,Ann,Rome,10.00,8,put", is: "1 superseded")
    try take("e", "1,Ann,Rome,10.00,10,put", is: "1 inserted")
    try expectPeople("id\n1")
  }

  @Test("A delivery that is repeated, within a run and across runs, changes nothing")
  func repeated() throws {
    let lines = ["1,Ann,Rome,10.00,5,put", "2,Bob,Oslo,20.00,5,put", "3,,,,5,delete"]
    try lake.landPeople("a", lines + lines)
    let first = try lake.run(tables)
    #expect(first[People.people]?.counts.words == "2 inserted, 1 deleted, 3 deduplicated")
    try lake.landPeople("b", lines)
    let second = try lake.run(tables)
    #expect(second[People.people]?.counts.read == 3)
    #expect(second[People.people]?.counts.inserted == 0)
    try expectPeople(
      """
      id | city | balance
      1  | Rome | 10.00
      2  | Oslo | 20.00
      """)
  }

  @Test("Two files give the same table whichever comes first")
  func eitherOrder() throws {
    let a = People.header + "1,Ann,Rome,10.00,5,put\n2,Bob,Rome,1.00,6,put\n3,,,,4,delete\n"
    let b = People.header + "1,,,,5,delete\n2,Bob,Oslo,2.00,6,put\n3,Cid,Bern,3.00,4,put\n"
    let other = try TestLake()
    for (lake, order) in [(lake, ["a", "b"]), (other, ["b", "a"])] {
      for file in order {
        try lake.land("people/\(file).csv", file == "a" ? a : b)
        try lake.run(tables)
      }
    }
    try expectSame(other, lake, [People.people, People.cities])
    try expectPeople(
      """
      id | city
      2  | Oslo
      3  | Bern
      """)
  }

  @Test("Of records of one line and moment the same ones count whatever their order")
  func sameLine() throws {
    let records = (1...6).flatMap { id in
      (1...4).map { number in
        """
        {"id": "\(id)", "name": "Ann", "city": "Rome", "balance": "\(number).00", "since": "5", \
        "op": "\(id == 6 && number == 2 ? "delete" : "put")"}
        """
      }
    }
    let tables = [People.feed, People.people, WrittenShapes.states]
    let other = try TestLake()
    for (lake, order) in [(lake, records), (other, records.reversed())] {
      try lake.land("people/a.json", "[\(order.joined(separator: ", "))]\n")
      expectSuccess(try lake.run(tables))
    }
    try expectSame(other, lake, [People.people, WrittenShapes.states])
    #expect(
      try lake.ask("SELECT id FROM silver.people ORDER BY 1", tables) == (1...5).map { ["\($0)"] })
  }
}
