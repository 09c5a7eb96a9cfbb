import Landing
import Storage
import Testing

@Suite("CSV headers and the names of JSON members")
struct HeaderTests {
  @Test("Columns that are not declared are rescued as JSON strings, unless they are empty")
  func rescued() throws {
    let text = """
      id,extra,"odd ""name""\"
      1,x,"a ""b"", \\ \u{1}\u{1F}	end"
      2,,
      3,"",5" pipe
      """
    for options in [LandingOptions(), tiny] {
      let reading = try read(text, as: "x.csv", ["id"], options: options)
      #expect(reading.values == [["1"], ["2"], ["3"]])
      #expect(
        reading.rescued == [
          #"{"extra":"x","odd \"name\"":"a \"b\", \\ \u0001\u001f\tend"}"#, nil,
          #"{"extra":"","odd \"name\"":"5\" pipe"}"#,
        ])
    }
  }

  @Test("A column that the file lacks is NULL in all rows, and noted with what it may be")
  func missing() throws {
    let reading = try read(
      "id,e_mail,note\n1,x,\n2,y,\n", as: "x.csv", ["id", "email", "city"])
    #expect(reading.values == [["1", nil, nil], ["2", nil, nil]])
    #expect(
      reading.summary.notes == [
        .missingColumn("email", meant: "e_mail"), .missingColumn("city", meant: nil),
        .unknownColumn("e_mail", records: 2, meant: "email"),
        .unknownColumn("note", records: 0, meant: nil),
      ])
  }

  @Test("JSON members that never occur are noted likewise")
  func missingMembers() throws {
    let reading = try read(
      "{\"id\":1,\"e_mail\":\"x\",\"city\":null}\n{}", as: "x.ndjson", ["id", "email", "city"])
    #expect(
      reading.summary.notes == [
        .missingColumn("email", meant: "e_mail"),
        .unknownColumn("e_mail", records: 1, meant: "email"),
      ])
  }

  @Test("A header fits by its exact name, or else but for case and spaces around it")
  func loose() throws {
    let reading = try read(
      " ID ,Name,name,CITY\n1,x,y,z\n", as: "x.csv", ["id", "name", "city"])
    #expect(reading.values == [["1", "y", "z"]])
    #expect(reading.rescued == [#"{"Name":"x"}"#])
    #expect(
      reading.summary.notes == [
        .looseMatch(declared: "id", header: " ID "),
        .looseMatch(declared: "city", header: "CITY"),
        .unknownColumn("Name", records: 1, meant: nil),
      ])
  }

  @Test("A loose match that could mean several columns is not taken")
  func ambiguous() throws {
    let several = try read("id,City,CITY\n1,x,y\n", as: "x.csv", ["id", "city"])
    #expect(several.values == [["1", nil]])
    #expect(several.rescued == [#"{"City":"x","CITY":"y"}"#])
    #expect(several.summary.notes.first == .ambiguousColumn("city"))
    let rivals = try read("id,City\n1,x\n", as: "x.csv", ["id", "city", "CITY"])
    #expect(rivals.values == [["1", nil, nil]])
    #expect(
      Array(rivals.summary.notes.prefix(2)) == [.ambiguousColumn("city"), .ambiguousColumn("CITY")])
  }

  @Test("A header without any declared column refuses the file")
  func mismatch() {
    #expect(
      reason("member_id,full_name\n1,x\n", as: "x.csv", ["id", "city"])
        == .headerMismatch(
          expected: ["id", "city"], found: ["member_id", "full_name"], columns: 2))
    #expect(
      LandingError("x.csv", .headerMismatch(expected: [], found: [], columns: 0)).code
        == .headerMismatch)
  }

  @Test(
    "What may be a record is not shown where a header was expected",
    arguments: [
      "17,Ann Smith,Austin\n", "Ann Smith,Austin\n", "ann@example.com,x\n", ",Ann\n",
      "2024-01-01,Ann\n", "Ed,Smith\n",
    ])
  func headerless(text: String) {
    let columns = text.split(separator: ",", omittingEmptySubsequences: false).count
    #expect(
      reason(text + text, as: "x.csv", ["id", "name"])
        == .headerMismatch(expected: ["id", "name"], found: [], columns: columns))
  }

  @Test("A header that names a column twice refuses the file")
  func duplicate() {
    #expect(
      reason("id,city,x,city\n", as: "x.csv", ["id"])
        == .duplicateHeader(name: "city", columns: [2, 4]))
    #expect(
      reason("id,,\n", as: "x.csv", ["id"]) == .duplicateHeader(name: "", columns: [2, 3]))
  }

  @Test("Of a first line that may be a record, a text that stands there twice is not told")
  func duplicateValue() {
    #expect(
      reason("Jane Doe,7,Jane Doe\n", as: "x.csv", [])
        == .duplicateHeader(name: nil, columns: [1, 3]))
    #expect(
      reason("Jane,Doe,Jane\n", as: "x.csv", []) == .duplicateHeader(name: nil, columns: [1, 3]))
    #expect(
      reason("id,city,id\n", as: "x.csv", []) == .duplicateHeader(name: "id", columns: [1, 3]))
  }

  @Test("A header of more columns than a table can have refuses the file")
  func tooMany() throws {
    func header(_ count: Int) -> String {
      "id," + (1..<count).map { "c\($0)" }.joined(separator: ",") + "\n"
    }
    let wide = try read(
      header(300) + String(repeating: "7,", count: 299) + "8\n", as: "x.csv", ["id", "c299"])
    #expect(wide.values == [["7", "8"]])
    #expect(wide.summary.notes.last == .moreUnknownColumns(278))
    #expect(
      refusal(Array(header(65_537).utf8), as: "x.csv", ["id"])?.reason
        == .tooManyColumns(limit: 65_536))
  }

  @Test("JSON members fit by their exact names, or else but for case and spaces, in each record")
  func looseMembers() throws {
    let text = """
      {"ID":1,"Name":"x","name":"y","x":0}
      {" id ":"\\n2","CITY":null,"NAME":"z"}
      {"ID":3,"ID":4,"id":null,"name":"n"}
      {"id":5,"city":"c"}
      """
    for (name, text) in [
      ("x.ndjson", text), ("x.json", "[\(text.split(separator: "\n").joined(separator: ","))]"),
    ] {
      for options in [LandingOptions(), tiny] {
        let reading = try read(text, as: name, ["id", "name", "city"], options: options)
        #expect(
          reading.values == [
            ["1", "y", nil], ["\n2", "z", nil], [nil, "n", nil], ["5", nil, "c"],
          ])
        #expect(reading.rescued == [#"{"x":0,"Name":"x"}"#, nil, #"{"ID":4}"#, nil])
        #expect(
          reading.summary.notes == [
            .looseMatch(declared: "id", header: "ID"), .looseMatch(declared: "id", header: " id "),
            .looseMatch(declared: "name", header: "NAME"),
            .looseMatch(declared: "city", header: "CITY"),
            .unknownColumn("ID", records: 1, meant: nil),
            .unknownColumn("Name", records: 1, meant: nil),
            .unknownColumn("x", records: 1, meant: nil),
          ])
      }
    }
  }

  @Test("A loose match of a record's members that could mean several is not taken")
  func ambiguousMembers() throws {
    let several = try read(
      #"{"id":1,"City":"x","CITY":"y"}"#, as: "x.ndjson", ["id", "city"])
    #expect(several.values == [["1", nil]])
    #expect(several.rescued == [#"{"City":"x","CITY":"y"}"#])
    #expect(
      several.summary.notes.prefix(2) == [
        .ambiguousColumn("city"), .missingColumn("city", meant: "CITY"),
      ])
    let rivals = try read(#"{"id":1,"City":"x"}"#, as: "x.ndjson", ["id", "city", "CITY"])
    #expect(rivals.values == [["1", nil, nil]])
    #expect(rivals.rescued == [#"{"City":"x"}"#])
  }

  @Test("JSON records none of which has a declared member refuse the file, as a header does")
  func memberMismatch() {
    for text in [
      "{\"member_id\":1}\n{\"full_name\":\"x\"}\n", "{\"member_id\":1,\"full_name\":{\"id\":2}}",
    ] {
      for name in ["x.ndjson", "x.json"] where name == "x.ndjson" || !text.contains("\n") {
        #expect(
          reason(text, as: name, ["id", "city"])
            == .memberMismatch(
              expected: ["id", "city"], found: ["member_id", "full_name"], members: 2))
      }
    }
    #expect(
      reason("{}\n{}\n", as: "x.ndjson", ["id"])
        == .memberMismatch(expected: ["id"], found: [], members: 0))
    #expect(
      reason("{\"Ann Smith\":1}\n", as: "x.ndjson", ["id"])
        == .memberMismatch(expected: ["id"], found: [], members: 1))
    for (text, name) in [("", "x.ndjson"), ("[]", "x.json"), ("{\"ID\":null}", "x.ndjson")] {
      #expect(reason(text, as: name, ["id"]) == nil)
    }
    #expect(reason("{\"a\":1}", as: "x.ndjson", []) == nil)
  }

  @Test("Without declared fields every header will do")
  func noFields() throws {
    let reading = try read("a,b\n1,2\n", as: "x.csv", [])
    #expect(reading.rows == [Row([], rescued: #"{"a":"1","b":"2"}"#, line: 2)])
  }
}
