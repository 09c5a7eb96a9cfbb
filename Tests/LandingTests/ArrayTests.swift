import Landing
import Storage
import Testing

@Suite("One JSON array of objects")
struct ArrayTests {
  @Test("Each object is a row, with the line of its opening brace")
  func rows() throws {
    let text = """

      [ {"a": 1, "b": "x"},
        {
          "a": 2,
          "b": [1,
                2]
        }, {"a":
      3}

      ,
      {"c":"new",
       "a":4}
      ]

      """
    for options in [LandingOptions(), tiny] {
      let reading = try read(text, as: "x.json", ["a", "b"], options: options)
      #expect(
        reading.rows == [
          Row(["1", "x"], line: 2), Row(["2", "[1,\n          2]"], line: 3),
          Row(["3", nil], line: 7), Row(["4", nil], rescued: #"{"c":"new"}"#, line: 11),
        ])
    }
  }

  @Test("One object alone is one row", arguments: ["{\"a\":\n1}", "\u{FEFF} {\"a\":1}\r\n\r\n"])
  func single(text: String) throws {
    let reading = try read(text, as: "x.json", ["a"])
    #expect(reading.rows == [Row(["1"], line: 1)])
  }

  @Test("An empty array has no rows", arguments: ["[]", " [\n\n] \n"])
  func empty(text: String) throws {
    let reading = try read(text, as: "x.json", ["a"], options: tiny)
    #expect(reading.rows == [])
    #expect(reading.summary.notes == [])
  }

  @Test("A file without any value is torn", arguments: ["", " \n", "\u{FEFF}"])
  func nothing(text: String) {
    #expect(reason(text, as: "x.json", ["a"]) == .empty)
    #expect(LandingError("x.json", .empty).code == .torn)
  }

  @Test("Every beginning of a file is torn, but for spaces at its end")
  func torn() throws {
    let bytes = Array(#"[{"a":"x\u00e9","b":{"c":[true,-1.5e2]}}, {"a":null} ]"#.utf8)
    for count in 0..<bytes.count {
      let cut = Array(bytes[..<count])
      #expect(refusal(cut, as: "x.json", ["a"])?.code == .torn, "\(count) bytes")
      #expect(refusal(cut, as: "x.json", ["a"], options: tiny)?.code == .torn, "\(count) bytes")
    }
    #expect(try read(bytes + Array(" \n".utf8), as: "x.json", ["a"]).rows.count == 2)
  }

  @Test(
    "What is not one array of objects is refused, with line and byte",
    arguments: [
      ("[{},\n 1]", .invalidJSON(.notAnObject, place(2, 2))),
      ("[[]]", .invalidJSON(.notAnObject, place(1, 2))),
      ("12", .invalidJSON(.notAnObject, place(1, 1))),
      ("null", .invalidJSON(.notAnObject, place(1, 1))),
      ("[{},]", .invalidJSON(.unexpectedByte, place(1, 5))),
      ("[,{}]", .invalidJSON(.unexpectedByte, place(1, 2))),
      ("[{} {}]", .invalidJSON(.unexpectedByte, place(1, 5))),
      ("]", .invalidJSON(.unexpectedByte, place(1, 1))),
      ("[{}]\n\n x", .invalidJSON(.trailingBytes, place(3, 2))),
      ("[{}][{}]", .invalidJSON(.trailingBytes, place(1, 5))),
      ("{\"a\":1}\n{\"a\":2}\n", .invalidJSON(.severalObjects, place(2, 1))),
      ("{\"a\":1},", .invalidJSON(.trailingBytes, place(1, 8))),
      ("[{\"a\":\n\n  tru }]", .invalidJSON(.unexpectedByte, place(3, 6))),
      ("[{\"a\":\"x\ny\"}]", .invalidJSON(.unexpectedByte, place(1, 9))),
      ("[{},", .cut(place(1, 5))),
      ("[\n{\"a\":\n\"x", .cut(place(3, 3))),
    ] as [(String, LandingError.Reason)])
  func malformed(text: String, expected: LandingError.Reason) {
    #expect(reason(text, as: "x.json", ["a"]) == expected)
  }
}
