import Landing
import Storage
import Testing

@Suite("CSV records")
struct CSVTests {
  @Test("Fields become the columns of their headers")
  func fields() throws {
    for end in ["\n", "\r\n"] {
      for options in [LandingOptions(), tiny] {
        let reading = try read(
          ["a,b", "1,x", "2,y", ""].joined(separator: end), as: "x.csv", ["b", "a"],
          options: options)
        #expect(reading.rows == [Row(["x", "1"], line: 2), Row(["y", "2"], line: 3)])
        #expect(reading.summary.records == 2)
        #expect(reading.summary.notes == [])
      }
    }
  }

  @Test(
    "Quotes, blanks and empty fields",
    arguments: [
      ("x", "x"), ("", nil), (#""""#, ""), (#""x""#, "x"), (#""a,b""#, "a,b"),
      (#""a""b""#, "a\"b"), (#""""""#, "\""), (#""""""""#, "\"\""), ("\"a\nb\"", "a\nb"),
      ("\"a\r\nb\"", "a\r\nb"), ("\"\n\n\"", "\n\n"), (" x ", " x "), (#" "x""#, #" "x""#),
      (#"5" pipe"#, #"5" pipe"#), (#"a""b"#, #"a""b"#), ("grüße 😀", "grüße 😀"),
      ("\t", "\t"), ("a\u{B}b\u{1}", "a\u{B}b\u{1}"), (";|", ";|"),
      ("a long text of more than thirty-two bytes", "a long text of more than thirty-two bytes"),
      (
        "\"a long \"\"quoted\"\" text of more than thirty-two bytes\"",
        "a long \"quoted\" text of more than thirty-two bytes"
      ),
    ] as [(String, String?)])
  func values(field: String, value: String?) throws {
    for options in [LandingOptions(), tiny] {
      let first = try read("a,b\n\(field),end\n", as: "x.csv", ["a", "b"], options: options)
      #expect(first.values == [[value, "end"]])
      let last = try read("a,b\nbegin,\(field)", as: "x.csv", ["a", "b"], options: options)
      #expect(last.values == [["begin", value]])
    }
  }

  @Test("A record has the physical line on which it begins")
  func lines() throws {
    let text = "\r\n\n\"a\nheader\",b\r\n1,\"x\ny\r\nz\"\n2,\"\"\"\n\"\r\n3,\n"
    for options in [LandingOptions(), tiny] {
      let reading = try read(text, as: "x.csv", ["b"], options: options)
      #expect(reading.lines == [5, 8, 10])
      #expect(reading.values == [["x\ny\r\nz"], ["\"\n"], [nil]])
      #expect(
        reading.rescued == [
          #"{"a\nheader":"1"}"#, #"{"a\nheader":"2"}"#, #"{"a\nheader":"3"}"#,
        ])
    }
  }

  @Test("A byte order mark, blank lines before the header and after the last record are skipped")
  func blanks() throws {
    for text in ["\u{FEFF}a,b\n1,2", "\n\r\n\na,b\n1,2\n\r\n\n", "\u{FEFF}\na,b\n1,2\r\n\r\n"] {
      for options in [LandingOptions(), tiny] {
        #expect(
          try read(text, as: "x.csv", ["a", "b"], options: options).values == [["1", "2"]])
      }
    }
  }

  @Test(
    "Nothing at all, blank lines and a header alone have no rows",
    arguments: ["", "\n\r\n", "\u{FEFF}", "a\n", "a", "a\r\n\r\n\n"])
  func noRecords(text: String) throws {
    let reading = try read(text, as: "x.csv", ["a"], options: tiny)
    #expect(reading.rows == [])
    #expect(reading.summary.records == 0)
  }

  @Test("A blank line between records is a record of one empty field, or none")
  func blankBetween() throws {
    let reading = try read("a\n1\n\n\r\n2\n\n\n", as: "x.csv", ["a"], options: tiny)
    #expect(
      reading.rows == [
        Row(["1"], line: 2), Row([nil], line: 3), Row([nil], line: 4), Row(["2"], line: 5),
      ])
    for options in [LandingOptions(), tiny] {
      let several = try read(
        "a,b\n1,2\n\n\r\n3,4\n", as: "x.csv", ["a", "b"], options: options)
      #expect(several.rows == [Row(["1", "2"], line: 2), Row(["3", "4"], line: 5)])
    }
  }

  @Test(
    "The only other separator in a header without commas is used, and noted",
    arguments: [(";", ";"), ("\t", "\t"), ("|", "|")] as [(String, Character)])
  func separators(separator: String, noted: Character) throws {
    let text =
      ["a", "\"b,c\"", "d"].joined(separator: separator) + "\n"
      + ["1,5", "", "\"x\(separator)\""].joined(separator: separator) + "\n"
    for options in [LandingOptions(), tiny] {
      let reading = try read(text, as: "x.csv", ["a", "b,c", "d"], options: options)
      #expect(reading.values == [["1,5", nil, "x\(separator)"]])
      #expect(reading.summary.notes == [.delimiter(noted)])
    }
  }

  @Test("A header with commas, with two other kinds or with none is separated by commas")
  func commas() throws {
    #expect(try read("a;b,c\n1,2\n", as: "x.csv", ["a;b", "c"]).values == [["1", "2"]])
    #expect(try read("a;b|c\n1\n", as: "x.csv", ["a;b|c"]).values == [["1"]])
    #expect(try read("\"a;b\"\n1\n", as: "x.csv", ["a;b"]).values == [["1"]])
    #expect(try read("a\n1;2\n", as: "x.csv", ["a"]).values == [["1;2"]])
  }

  @Test(
    "A record with other fields than the header refuses the file",
    arguments: [
      ("1\n", 4, 1), ("1,2\n", 4, 2), ("1,2,3,4\n", 4, 4), ("1,2", 4, 2), ("1,2,3,\n", 4, 4),
      ("\"x\ny\",2\n", 4, 2),
    ])
  func ragged(record: String, line: Int64, found: Int) {
    #expect(
      reason("a,b,c\n\"1\n\",2,3\n" + record, as: "x.csv", ["a"])
        == .ragged(line: line, expected: 3, found: found))
  }

  @Test("Text after a closing quote refuses the file, with line and byte")
  func stray() {
    #expect(
      reason("a,b\n1,\"x\ny\"z\n", as: "x.csv", ["a"]) == .strayAfterQuote(place(3, 3)))
    #expect(reason("a,b\n\"x\" ,2\n", as: "x.csv", ["a"]) == .strayAfterQuote(place(2, 4)))
    #expect(reason("\"a\"x,b\n", as: "x.csv", ["a"]) == .strayAfterQuote(place(1, 4)))
  }

  @Test("A quote that is never closed is torn, at the place where it was opened")
  func unterminated() {
    #expect(
      reason("a,b\n1,2\n3,\"x\ny,5\n6,7\n", as: "x.csv", ["a"])
        == .unterminatedQuote(place(3, 3)))
    #expect(reason("a,b\n1,\"", as: "x.csv", ["a"]) == .unterminatedQuote(place(2, 3)))
    #expect(reason("a,b\n1,\"x\"\"", as: "x.csv", ["a"]) == .unterminatedQuote(place(2, 3)))
    #expect(reason("a,\"b\n", as: "x.csv", ["a"]) == .unterminatedQuote(place(1, 3)))
    #expect(LandingError("x.csv", .unterminatedQuote(place(1, 1))).code == .torn)
  }

  @Test("A carriage return alone outside quotes refuses the file")
  func carriageReturn() throws {
    #expect(reason("a,b\n1,x\ry\n", as: "x.csv", ["a"]) == .strayCarriageReturn(place(2, 4)))
    #expect(reason("a,b\r1,2\r", as: "x.csv", ["a"]) == .strayCarriageReturn(place(1, 4)))
    #expect(reason("a,b\n1,2\r", as: "x.csv", ["a"]) == .strayCarriageReturn(place(2, 4)))
    #expect(reason("\ra,b\n", as: "x.csv", ["a"]) == .strayCarriageReturn(place(1, 1)))
    #expect(try read("a\n\"x\ry\"\n", as: "x.csv", ["a"]).values == [["x\ry"]])
  }

  @Test("A last line without a newline is noted")
  func finalNewline() throws {
    #expect(try read("a\n1\n2", as: "x.csv", ["a"]).summary.notes == [.noFinalNewline])
    #expect(try read("a", as: "x.csv", ["a"]).summary.notes == [.noFinalNewline])
    #expect(try read("a\n1\n2\r\n", as: "x.csv", ["a"], options: tiny).summary.notes == [])
  }
}
