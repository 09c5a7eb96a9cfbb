import Basics
import Engines
import Rendering
import Testing

private let names = [ResultColumn("id", .number), ResultColumn("name", .text)]

@Suite("CSV")
struct CSVTests {
  @Test("NULL is an empty field, an empty text is two quotes")
  func nulls() throws {
    #expect(
      try printed(names, [[.int(1), .null], [.null, .text("")]], as: .csv) == """
        id,name
        1,
        ,""

        """)
  }

  @Test("Commas, quotes and line breaks are quoted, and nothing else")
  func quoting() throws {
    let texts = ["a,b", "say \"hi\"", "two\nlines", "cr\r", " blank ", "tab\t", "ü東", "-1", "'"]
    #expect(
      try printed([ResultColumn("a,b", .text)], texts.map { [.text($0)] }, as: .csv)
        == "\"a,b\"\n\"a,b\"\n\"say \"\"hi\"\"\"\n\"two\nlines\"\n\"cr\r\"\n blank \ntab\t\nü東\n-1\n'\n"
    )
  }

  @Test("Every kind of value keeps all its digits")
  func kinds() throws {
    #expect(
      try printed(
        everyKind.map(\.column),
        [everyKind.map(\.value), everyKind.map { _ in Value.null }], as: .csv) == """
          bool,int,unsigned,float,double,nan,infinity,decimal,small,text,binary,date,instant,\
          local,time,list,structure
          true,-9223372036854775808,18446744073709551615,0.1,1e+16,NaN,-Infinity,\
          123456789012345678901234567890123456.78,-0.005,a,00ab,2024-02-29,\
          2023-11-14T22:13:20.123456Z,2023-11-14 22:13:20,01:00:00,"[1,null,""x,y""]",\
          "{""a"":1.50,""b"":""NaN""}"
          ,,,,,,,,,,,,,,,,

          """)
  }

  @Test("Lines end as asked for")
  func lineEnd() throws {
    var style = ResultStyle.unlimited
    style.csvLineEnd = "\r\n"
    #expect(
      try printed(names, [[.int(1), .text("a")]], as: .csv, style: style) == "id,name\r\n1,a\r\n")
  }

  @Test("On a terminal data cannot drive it; in a file nothing is changed")
  func escapes() throws {
    let rows: [[Value]] = [[.int(1), .text("\u{1B}[2Jx\ny\u{9B}")]]
    #expect(try printed(names, rows, as: .csv) == "id,name\n1,\"\u{1B}[2Jx\ny\u{9B}\"\n")
    #expect(
      try printed(names, rows, as: .csv, style: ResultStyle(terminal: terminal(80)))
        == #"id,name"# + "\n" + #"1,\u{1B}[2Jx\ny\u{9B}"# + "\n")
  }

  @Test("Names that repeat stay as they are")
  func sameNames() throws {
    let columns = [ResultColumn("a", .text), ResultColumn("a", .text)]
    #expect(try printed(columns, [], as: .csv) == "a,a\n")
  }
}

@Suite("JSON")
struct JSONTests {
  @Test("A result is an array with an object on each line")
  func array() throws {
    #expect(
      try printed(names, [[.int(1), .text("a\"\n")], [.null, .text("")]], as: .json) == #"""
        [
          {"id":1,"name":"a\"\n"},
          {"id":null,"name":""}
        ]

        """#)
    #expect(try printed(names, [], as: .json) == "[]\n")
  }

  @Test("In the other form each line is an object")
  func lines() throws {
    #expect(
      try printed(names, [[.int(1), .text("a")], [.int(2), .null]], as: .ndjson) == """
        {"id":1,"name":"a"}
        {"id":2,"name":null}

        """)
    #expect(try printed(names, [], as: .ndjson) == "")
  }

  @Test("Decimals keep all digits, NaN and infinities are texts")
  func kinds() throws {
    let text = try printed(everyKind.map(\.column), [everyKind.map(\.value)], as: .ndjson)
    #expect(
      text == """
        {"bool":true,"int":-9223372036854775808,"unsigned":18446744073709551615,"float":0.1,\
        "double":1e+16,"nan":"NaN","infinity":"-Infinity",\
        "decimal":123456789012345678901234567890123456.78,"small":-0.005,"text":"a",\
        "binary":"00ab","date":"2024-02-29","instant":"2023-11-14T22:13:20.123456Z",\
        "local":"2023-11-14 22:13:20","time":"01:00:00","list":[1,null,"x,y"],\
        "structure":{"a":1.50,"b":"NaN"}}

        """)
    #expect(throws: Never.self) { try JSON(parsing: text) }
  }

  @Test("Names that repeat become names that no other column has")
  func sameNames() throws {
    let columns = ["a", "a", "a_2", "a", "", ""].map { ResultColumn($0, .number) }
    let row = (1...6).map { Value.int($0) }
    #expect(
      try printed(columns, [row], as: .ndjson)
        == #"{"a":1,"a_3":2,"a_2":3,"a_4":4,"":5,"_2":6}"# + "\n")
  }

  @Test("On a terminal what JSON lets through is escaped too, as JSON")
  func escapes() throws {
    let value = "\u{1B}\u{7F}\u{9B}\u{202E}ü\\"
    let columns = [ResultColumn("n\u{9B}", .text), ResultColumn("l", .text)]
    let rows: [[Value]] = [[.text(value), .list([.text(value)])]]
    let shown = #"{"n\u009b":"\u001b\u007f\u009b\u202eü\\","l":["\u001b\u007f\u009b\u202eü\\"]}"#
    let text = try printed(columns, rows, as: .ndjson, style: ResultStyle(terminal: terminal(80)))
    #expect(text == shown + "\n")
    #expect(try JSON(parsing: text)["l"] == .array([.string(value)]))
    #expect(
      try printed(columns, rows, as: .ndjson)
        == "{\"n\u{9B}\":\"\\u001b\u{7F}\u{9B}\u{202E}ü\\\\\",\"l\":[\"\\u001b\u{7F}\u{9B}\u{202E}ü\\\\\"]}\n"
    )
  }

  @Test("A row that is too short or too long has the columns' number of values")
  func ragged() throws {
    #expect(
      try printed(names, [[.int(1)], [.int(2), .text("b"), .int(3)]], as: .ndjson) == """
        {"id":1,"name":null}
        {"id":2,"name":"b"}

        """)
  }
}

@Suite("Markdown")
struct MarkdownTests {
  @Test("Numbers stand at the right, and signs of Markdown are escaped")
  func whole() throws {
    let rows: [[Value]] = [
      [.int(1), .text("a|b")], [.int(-2), .null], [.null, .text("")], [.int(3), .text("NULL")],
      [.int(4), .text("*b* `c` [d](e) <f> _g_ h_i &amp; \\ ~~j~~")],
      [.int(5), .text("two\r\nlines\n")],
    ]
    #expect(
      try printed(
        [ResultColumn("id", .number), ResultColumn("class_name", .text)], rows, as: .markdown)
          == #"""
          | id | class_name |
          | ---: | --- |
          | 1 | a\|b |
          | -2 | NULL |
          | NULL |  |
          | 3 | "NULL" |
          | 4 | \*b\* \`c\` \[d\](e) \<f\> \_g_ h_i \&amp; \\ \~\~j\~\~ |
          | 5 | two<br>lines<br> |

          """#)
  }

  @Test("On a terminal data cannot drive it")
  func escapes() throws {
    #expect(
      try printed(
        [ResultColumn("a", .text)], [[.text("\u{1B}[2J\n")]], as: .markdown,
        style: ResultStyle(terminal: terminal(80))) == #"""
          | a |
          | --- |
          | \u{1B}\[2J<br> |

          """#)
  }
}
