import Landing
import Storage
import Testing

@Suite("One JSON object on each line")
struct LinesTests {
  @Test("Members become the columns of their names, in any order")
  func members() throws {
    let reading = try read(
      #"{"a":"1","b":"x"}"# + "\n" + #"{"b":"y","a":"2"}"# + "\n" + #"{"b":"z"}"# + "\n",
      as: "x.ndjson", ["a", "b"])
    #expect(
      reading.rows == [
        Row(["1", "x"], line: 1), Row(["2", "y"], line: 2), Row([nil, "z"], line: 3),
      ])
    #expect(reading.summary.records == 3)
    #expect(reading.summary.notes == [])
  }

  @Test("A field is read from its source, and several may share one")
  func sources() throws {
    let store = MemoryStore()
    try store.put("x.jsonl", Array(#"{"Member Id":7}"#.utf8))
    let fields = [
      LandingField("member_id", source: "Member Id"), LandingField("id", source: "Member Id"),
      LandingField("other"),
    ]
    let reader = LandingFileReader(store: store, file: "x.jsonl", fields: fields)
    let batch = try #require(try reader.next())
    #expect(batch.names == ["member_id", "id", "other", "_rescued", "_file_number", "_line"])
    #expect(batch.columns[..<3].map { $0.text(0) } == ["7", "7", nil])
  }

  @Test(
    "Values are kept as their text",
    arguments: [
      ("1", "1"), ("-0", "-0"), ("1.50", "1.50"), ("1e3", "1e3"), ("-12.0E+05", "-12.0E+05"),
      ("123456789012345678901234567890", "123456789012345678901234567890"),
      ("true", "true"), ("false", "false"), ("null", nil), (#""""#, ""), (#""null""#, "null"),
      (#"{"x":[1,{"y":null}]}"#, #"{"x":[1,{"y":null}]}"#), ("[]", "[]"), ("{}", "{}"),
      (#"[ 1 , "a\nb" ]"#, #"[ 1 , "a\nb" ]"#), (#""a/b""#, "a/b"),
      (#""gr\u00fc\u00DFe""#, "grüße"), (#""grüße""#, "grüße"),
      (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
      (#""\ud83d\ude00""#, "😀"), (#""\uD83D\uDE00!""#, "😀!"),
      (#""\ud83d""#, "\u{FFFD}"), (#""\ude00x""#, "\u{FFFD}x"),
      (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"), (#""\ud83dA""#, "\u{FFFD}A"),
      (#""\ud83d\u0041""#, "\u{FFFD}A"), (#""\ud83d\n""#, "\u{FFFD}\n"),
    ] as [(String, String?)])
  func values(json: String, text: String?) throws {
    for options in [LandingOptions(), tiny] {
      let reading = try read(
        #"{"a":"# + json + #","b":"end"}"#, as: "x.ndjson", ["a", "b"], options: options)
      #expect(reading.rows == [Row([text, "end"], line: 1)])
    }
  }

  @Test("Halves of surrogate pairs are replaced inside nested and rescued values too")
  func nestedSurrogates() throws {
    let text = #"{"a":["\ud800",{"\udc00":"\ud83d\ude00"}],"new":"\uDBFFx","\ud801":1}"#
    for options in [LandingOptions(), tiny] {
      let reading = try read(text, as: "x.ndjson", ["a"], options: options)
      #expect(reading.values == [[#"["\ufffd",{"\ufffd":"\ud83d\ude00"}]"#]])
      #expect(reading.rescued == [#"{"new":"\ufffdx","\ufffd":1}"#])
    }
  }

  @Test("Of members with one name the last counts")
  func duplicates() throws {
    let text = #"{"a":1,"n":1,"a":2,"m":0,"n":[2],"\u0061":3}"# + "\n" + #"{"a":1,"a":null}"#
    let reading = try read(text, as: "x.ndjson", ["a"])
    #expect(
      reading.rows == [
        Row(["3"], rescued: #"{"n":[2],"m":0}"#, line: 1), Row([nil], line: 2),
      ])
  }

  @Test("Members that are not declared are rescued as they stand")
  func rescued() throws {
    let text = """
      {"x":1.0,"a":"1","y": "\\u0041\\n" , "z":{"k":[ ]}}
      {"a":"2"}
      {"a":"3","x":null}
      {"a":"4","x":true,"new name":"ü"}
      """
    for options in [LandingOptions(), tiny] {
      let reading = try read(text, as: "x.ndjson", ["a"], options: options)
      #expect(reading.values == [["1"], ["2"], ["3"], ["4"]])
      #expect(
        reading.rescued == [
          #"{"x":1.0,"y":"\u0041\n","z":{"k":[ ]}}"#, nil, #"{"x":null}"#,
          #"{"x":true,"new name":"ü"}"#,
        ])
      #expect(
        reading.summary.notes == [
          .unknownColumn("x", records: 2, meant: nil), .unknownColumn("y", records: 1, meant: nil),
          .unknownColumn("z", records: 1, meant: nil),
          .unknownColumn("new name", records: 1, meant: nil),
        ])
    }
  }

  @Test("Names with quotes and backslashes are found however they are written")
  func escapedNames() throws {
    let text = #"{"a\"b":1,"c\\d":2,"\u0065f":3}"# + "\n" + #"{"a\u0022b":4,"c\u005cd":5,"ef":6}"#
    let reading = try read(text, as: "x.ndjson", [#"a"b"#, #"c\d"#, "ef"])
    #expect(reading.values == [["1", "2", "3"], ["4", "5", "6"]])
    #expect(reading.rescued == [nil, nil])
  }

  @Test("Names that begin alike are told apart")
  func similarNames() throws {
    let names = ["a", "ab", "abcdefg", "abcdefgh", "abcdefghi", "abcdefgh_abcdefgh", ""]
    let record =
      "{" + names.enumerated().map { "\"\($1)\":\($0)" }.joined(separator: ",") + "}\n"
    let reversed =
      "{" + names.enumerated().reversed().map { "\"\($1)\":\($0)" }.joined(separator: ",") + "}\n"
    let expected = names.indices.map { String($0) as String? }
    for options in [LandingOptions(), tiny] {
      let reading = try read(
        record + reversed + record, as: "x.ndjson", names, options: options)
      #expect(reading.values == [expected, expected, expected])
      #expect(reading.rescued == [nil, nil, nil])
    }
  }

  @Test("Spaces, blank lines, CRLF, a byte order mark and a missing last newline are accepted")
  func layout() throws {
    let text =
      "\u{FEFF}\r\n  \n{\"a\" : 1 }\r\n\t\n \t{ \"a\"\t:\t2\r,\"b\":\"x\" }  \r\n\n{}\n{\"a\":3}"
    for options in [LandingOptions(), tiny] {
      let reading = try read(text, as: "x.ndjson", ["a", "b"], options: options)
      #expect(
        reading.rows == [
          Row(["1", nil], line: 3), Row(["2", "x"], line: 5), Row([nil, nil], line: 7),
          Row(["3", nil], line: 8),
        ])
    }
  }

  @Test(
    "A file without a record gives no rows, and a note if it has no byte",
    arguments: [("", [LandingNote.noBytes]), ("\n", []), (" \r\n\n", []), ("\u{FEFF}", [])])
  func noRecords(text: String, notes: [LandingNote]) throws {
    let reading = try read(text, as: "x.ndjson", ["a"])
    #expect(reading.rows == [])
    #expect(reading.summary.records == 0)
    #expect(reading.summary.notes == notes)
  }

  @Test(
    "A line that is not one whole object refuses the file, with line and byte",
    arguments: [
      (#"{"a":"cu"# + "\n{}", .invalidJSON(.lineEnds, place(2, 9))),
      (#"{"a":1"# + "\n", .invalidJSON(.lineEnds, place(2, 7))),
      (#"{"a":1,"# + "\n", .invalidJSON(.lineEnds, place(2, 8))),
      (#"{"a":1"#, .cut(place(2, 7))),
      (#"{"a":"x"#, .cut(place(2, 8))),
      (#"{"a":tr"#, .cut(place(2, 8))),
      (#"{"a":"\ud83d"#, .cut(place(2, 13))),
      ("{", .cut(place(2, 2))),
      (#"{"a":1} x"#, .invalidJSON(.trailingBytes, place(2, 9))),
      (#"{"a":1}{"a":2}"#, .invalidJSON(.trailingBytes, place(2, 8))),
      ("[1]", .invalidJSON(.notAnObject, place(2, 1))),
      ("  12", .invalidJSON(.notAnObject, place(2, 3))),
      ("null", .invalidJSON(.notAnObject, place(2, 1))),
      (#""x""#, .invalidJSON(.notAnObject, place(2, 1))),
      ("}", .invalidJSON(.unexpectedByte, place(2, 1))),
      (#"{"a":1,}"#, .invalidJSON(.unexpectedByte, place(2, 8))),
      (#"{"a" 1}"#, .invalidJSON(.unexpectedByte, place(2, 6))),
      (#"{a:1}"#, .invalidJSON(.unexpectedByte, place(2, 2))),
      (#"{"a":'x'}"#, .invalidJSON(.unexpectedByte, place(2, 6))),
      (#"{"a":tru}"#, .invalidJSON(.unexpectedByte, place(2, 9))),
      (#"{"a":1 "b":2}"#, .invalidJSON(.unexpectedByte, place(2, 8))),
      (#"{"a":[1,]}"#, .invalidJSON(.unexpectedByte, place(2, 9))),
      (#"{"a":[1}}"#, .invalidJSON(.unexpectedByte, place(2, 8))),
      (#"{"a":{"b"}}"#, .invalidJSON(.unexpectedByte, place(2, 10))),
      (#"{"a":{1:2}}"#, .invalidJSON(.unexpectedByte, place(2, 7))),
      ("{\"a\":\"x\ty\"}", .invalidJSON(.unexpectedByte, place(2, 8))),
      (#"{"a":"\x"}"#, .invalidJSON(.invalidEscape, place(2, 8))),
      (#"{"a":"\u12g4"}"#, .invalidJSON(.invalidEscape, place(2, 11))),
      (#"{"a":01}"#, .invalidJSON(.invalidNumber, place(2, 7))),
      (#"{"a":-}"#, .invalidJSON(.invalidNumber, place(2, 7))),
      (#"{"a":1.}"#, .invalidJSON(.invalidNumber, place(2, 8))),
      (#"{"a":1e+}"#, .invalidJSON(.invalidNumber, place(2, 9))),
      (#"{"a":+1}"#, .invalidJSON(.unexpectedByte, place(2, 6))),
      (#"{"a":NaN}"#, .invalidJSON(.unexpectedByte, place(2, 6))),
    ] as [(String, LandingError.Reason)])
  func malformed(text: String, expected: LandingError.Reason) {
    #expect(reason("{\"a\":0}\n" + text, as: "x.ndjson", ["a"]) == expected)
  }

  @Test("A file cut anywhere inside its last record is torn")
  func torn() {
    let text = #"{"a":"grü\u00dfe","b":[1,{"c":null}],"n":-1.5e3}"#
    let bytes = Array((text + "\n" + text).utf8)
    for count in text.utf8.count + 2..<bytes.count {
      let code = refusal(Array(bytes[..<count]), as: "x.ndjson", ["a", "b"])?.code
      // Inside the two bytes of a letter the last character is no UTF-8.
      #expect(code == .torn || (bytes[count] & 0xC0 == 0x80 && code == .malformed), "\(count)")
    }
  }

  @Test("Objects and arrays may be 500 deep, the record included")
  func depth() throws {
    func record(_ depth: Int) -> String {
      let (arrays, objects) = (depth / 2, depth - 1 - depth / 2)
      return #"{"a":"# + String(repeating: "[", count: arrays)
        + String(repeating: #"{"x":"#, count: objects) + "1"
        + String(repeating: "}", count: objects)
        + String(repeating: "]", count: arrays) + "}"
    }
    for field in ["a", "other"] {
      let known = "\n{\"\(field)\":1}"
      #expect(try read(record(500) + known, as: "x.ndjson", [field]).rows.count == 2)
      #expect(
        reason(record(501), as: "x.ndjson", [field])
          == .invalidJSON(.tooDeep(limit: 500), place(1, 1501)))
    }
  }

  @Test("More names than are remembered are rescued all the same")
  func manyNames() throws {
    let count = 2500
    let members = (0..<count).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
    let text = "{\"a\":1,\(members),\"k7\":\"last\",\"k2400\":\"last\"}\n{\"k2450\":1}"
    let reading = try read(text, as: "x.ndjson", ["a"])
    let expected = (0..<count).map { index in
      "\"k\(index)\":" + (index == 7 || index == 2400 ? "\"last\"" : "\(index)")
    }
    #expect(
      reading.rescued == ["{" + expected.joined(separator: ",") + "}", #"{"k2450":1}"#])
    #expect(reading.summary.notes.count == 21)
    #expect(reading.summary.notes.last == .moreUnknownColumns(980))
  }

  @Test("Without declared fields everything is rescued")
  func noFields() throws {
    let reading = try read(#"{"a":1}"# + "\n{}\n", as: "x.ndjson", [])
    #expect(reading.rows == [Row([], rescued: #"{"a":1}"#, line: 1), Row([], line: 2)])
  }
}
