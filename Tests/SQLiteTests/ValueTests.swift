import SQLite
import Testing

@Suite("Values and rows")
struct ValueTests {
  @Test("Every value comes back as it was bound, the empty ones too")
  func roundTrip() throws {
    let database = try Database.inMemory()
    let values: [DatabaseValue] = [
      .null, .integer(.min), .integer(.max), 0, .real(-1.5), .real(.infinity), .text(""),
      .text("ü 東 \u{0} end"),
      .blob([]), .blob([0, 255, 1]),
    ]
    for value in values {
      #expect(try database.first("SELECT ?", .positional([value]))?.values == [value])
    }
    #expect(try database.first("SELECT ?", [.real(.nan)])?.values == [.null])
  }

  @Test("Optional values become NULL")
  func optionals() throws {
    #expect(
      [DatabaseValue.int(nil), .bool(nil), .double(nil), .string(nil), .int(3), .bool(true)]
        == [nil, nil, nil, nil, 3, true])
    #expect(DatabaseValue.string("a") == "a")
    #expect(DatabaseValue.double(2.5) == 2.5)
  }

  @Test("Columns are read by name or index, as what they are")
  func reading() throws {
    let database = try Database.inMemory()
    let row = try #require(
      try database.first("SELECT 7 AS i, 2.5 AS d, 'a' AS t, x'0102' AS b, NULL AS n, 0 AS f"))
    #expect(row.columns == ["i", "d", "t", "b", "n", "f"])
    #expect(try row.int("i") == 7)
    #expect(try row.int(0) == 7)
    #expect(try row.double("i") == 7)
    #expect(try row.double("d") == 2.5)
    #expect(try row.text("t") == "a")
    #expect(try row.blob("b") == [1, 2])
    #expect(try row.bool("i"))
    #expect(try !row.bool("f"))
    #expect(try row.intOrNil("n") == nil)
    #expect(try row.doubleOrNil("n") == nil)
    #expect(try row.textOrNil(4) == nil)
    #expect(try row.blobOrNil("n") == nil)
  }

  @Test("A wrong name, index or kind is an error that says so without the value")
  func wrongReading() throws {
    let database = try Database.inMemory()
    let row = try #require(
      try database.first("SELECT 'secret' AS member_id, NULL AS visits, 1.5 AS share"))
    func text(_ body: () throws(SQLiteError) -> Void) -> String {
      do throws(SQLiteError) {
        try body()
        return "no error"
      } catch {
        return error.description
      }
    }
    #expect(
      text { () throws(SQLiteError) in _ = try row.text("membr_id") }
        == "The result has no column 'membr_id'. Did you mean 'member_id'?")
    #expect(
      text { () throws(SQLiteError) in _ = try row.text(3) } == "The result has no column '3'.")
    #expect(
      text { () throws(SQLiteError) in _ = try row.int("member_id") }
        == "Column 'member_id' holds text where a whole number was expected.")
    #expect(
      text { () throws(SQLiteError) in _ = try row.int(1) }
        == "Column 'visits' holds NULL where a whole number was expected.")
    #expect(
      text { () throws(SQLiteError) in _ = try row.intOrNil("share") }
        == "Column 'share' holds a number where a whole number was expected.")
    #expect(
      text { () throws(SQLiteError) in _ = try row.blob("member_id") }
        == "Column 'member_id' holds text where bytes was expected.")
  }

  @Test("Parameters are bound by position or by name")
  func bindings() throws {
    let database = try Database.inMemory()
    #expect(
      try database.first("SELECT ? || ?", ["a", "b"])?.text(0) == "ab")
    #expect(
      try database.first("SELECT :x || @y || $x", ["x": "a", "y": "b"])?.text(0) == "aba")
    #expect(try database.first("SELECT ?2 || ?1", ["a", "b"])?.text(0) == "ba")
  }

  @Test("Too many, too few, unknown and missing values are told")
  func wrongBindings() throws {
    let database = try Database.inMemory()
    func error(_ sql: String, _ values: Bindings) -> SQLiteError? {
      do throws(SQLiteError) {
        _ = try database.rows(sql, values)
        return nil
      } catch {
        return error
      }
    }
    #expect(error("SELECT ?", []) == .wrongCount(expected: 1, given: 0, sql: "SELECT ?"))
    #expect(
      error("SELECT ?", [1, 2])?.description
        == "The statement needs 1 values and was given 2: SELECT ?")
    #expect(error("SELECT :a", ["b": 1, "a": 1]) == .unknownParameter("b", sql: "SELECT :a"))
    #expect(
      error("SELECT :a,\n  :b", ["a": 1])?.description
        == "The statement's parameter ':b' has no value: SELECT :a, :b")
    #expect(
      error("SELECT ?", ["a": 1]) == .unknownParameter("a", sql: "SELECT ?"))
    #expect(
      error("SELECT :a, ?", ["a": 1])?.description
        == "The statement has a '?' but its values are given by name: SELECT :a, ?")
  }

  @Test("A name is quoted so that it can be nothing else")
  func quoting() throws {
    let database = try Database.inMemory()
    let name = #"odd "table"; DROP"#
    #expect(Database.quoted(name) == #""odd ""table""; DROP""#)
    try database.execute("CREATE TABLE \(Database.quoted(name)) (a)")
    #expect(try database.first("SELECT name FROM sqlite_schema")?.text("name") == name)
  }
}
