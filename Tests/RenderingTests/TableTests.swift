import Basics
import Engines
import Rendering
import Testing

private let columns = [
  ResultColumn("id", .number), ResultColumn("name", .text), ResultColumn("joined", .date),
]

private func day(_ day: Int) -> Value { .date(CivilDate(year: 2024, month: 1, day: day)) }

@Suite("Tables")
struct TableTests {
  @Test("Numbers stand at the right, all else at the left")
  func whole() throws {
    #expect(
      try printed(
        columns, [[.int(1), .text("Ada"), day(5)], [.int(1234), .text("Grace"), .null]], as: .table)
          == """
          ┌──────┬───────┬────────────┐
          │   id │ name  │ joined     │
          ├──────┼───────┼────────────┤
          │    1 │ Ada   │ 2024-01-05 │
          │ 1234 │ Grace │ NULL       │
          └──────┴───────┴────────────┘

          """)
  }

  @Test("Without Unicode lines are made of ASCII, and cuts of three dots")
  func ascii() throws {
    var style = ResultStyle(terminal: terminal(38, unicode: false), rowLimit: 1)
    style.terminal.unicode = false
    #expect(
      try printed(
        columns, [[.int(1), .text("Ada Lovelace-Byron"), day(5)], [.int(2), .null, .null]],
        as: .table, style: style) == """
          +----+------------------+------------+
          | id | name             | joined     |
          +----+------------------+------------+
          |  1 | Ada Lovelace-... | 2024-01-05 |
          +----+------------------+------------+
          ... 1 more row

          """)
  }

  @Test("Prose goes on in further lines where room is short; only a longer word is cut")
  func prose() throws {
    #expect(
      try printed(
        [ResultColumn("n", .number), ResultColumn("about", .prose), ResultColumn("z", .fixed)],
        [
          [.int(1), .text("One row per member and day."), .text("x")],
          [.int(2), .text("Short."), .text("y")],
          [.int(3), .text("A donaudampfschifffahrt"), .text("z")],
        ], as: .table, style: ResultStyle(terminal: terminal(26))) == """
          ┌───┬────────────────┬───┐
          │ n │ about          │ z │
          ├───┼────────────────┼───┤
          │ 1 │ One row per    │ x │
          │   │ member and     │   │
          │   │ day.           │   │
          │ 2 │ Short.         │ y │
          │ 3 │ A              │ z │
          │   │ donaudampfsch… │   │
          └───┴────────────────┴───┘

          """)
  }

  @Test("NULL, the empty text and the text NULL look different")
  func nulls() throws {
    let texts: [Value] = [.null, .text(""), .text("NULL"), .text("\"NULL\""), .text("null")]
    #expect(
      try printed([ResultColumn("a", .text)], texts.map { [$0] }, as: .table) == """
        ┌──────────┐
        │ a        │
        ├──────────┤
        │ NULL     │
        │          │
        │ "NULL"   │
        │ ""NULL"" │
        │ null     │
        └──────────┘

        """)
  }

  @Test("Wide and joined characters keep the lines straight")
  func wide() throws {
    let texts = ["東京", "Zoe\u{308}", "👨‍👩‍👧", "한국어", "ascii"]
    #expect(
      try printed([ResultColumn("名", .text)], texts.map { [.text($0)] }, as: .table) == """
        ┌────────┐
        │ 名     │
        ├────────┤
        │ 東京   │
        │ Zoe\u{308}    │
        │ 👨‍👩‍👧     │
        │ 한국어 │
        │ ascii  │
        └────────┘

        """)
  }

  @Test("Control characters in names and values are shown, not obeyed")
  func escapes() throws {
    #expect(
      try printed([ResultColumn("a\u{1B}c", .text)], [[.text("x\ny\u{202E}")]], as: .table) == #"""
        ┌──────────────┐
        │ a\u{1B}c     │
        ├──────────────┤
        │ x\ny\u{202E} │
        └──────────────┘

        """#)
  }

  @Test("On a narrow screen the widest texts are cut first, and numbers and dates never")
  func cut() throws {
    let rows: [[Value]] = [
      [.int(1_234_567), .text("short"), .text("a text that is far too long for the room"), day(1)],
      [.int(2), .text("a little more"), .text("fits"), day(2)],
    ]
    let columns = [
      ResultColumn("visits_in_total", .number), ResultColumn("first", .text),
      ResultColumn("second", .text), ResultColumn("day", .date),
    ]
    #expect(
      try printed(columns, rows, as: .table, style: ResultStyle(terminal: terminal(60))) == """
        ┌───────────────┬──────────────┬──────────────┬────────────┐
        │ visits_in_to… │ first        │ second       │ day        │
        ├───────────────┼──────────────┼──────────────┼────────────┤
        │       1234567 │ short        │ a text that… │ 2024-01-01 │
        │             2 │ a little mo… │ fits         │ 2024-01-02 │
        └───────────────┴──────────────┴──────────────┴────────────┘

        """)
  }

  @Test("Columns that do not fit are left out and named")
  func leftOut() throws {
    let columns = (1...9).map { ResultColumn("column_\($0)", .number) }
    let row = (1...9).map { Value.int(Int64($0)) }
    #expect(
      try printed(columns, [row], as: .table, style: ResultStyle(terminal: terminal(40))) == """
        ┌──────────┬──────────┬──────────┐
        │ column_1 │ column_2 │ column_3 │
        ├──────────┼──────────┼──────────┤
        │        1 │        2 │        3 │
        └──────────┴──────────┴──────────┘
        … 6 more columns: column_4, column_5,
        column_6, column_7, column_8, column_9

        """)
  }

  @Test("On the narrowest of screens one column is shown")
  func narrowest() throws {
    #expect(
      try printed(
        columns, [[.int(123_456), .null, .null]], as: .table,
        style: ResultStyle(terminal: terminal(6)))
          == """
          ┌────┐
          │ id │
          ├────┤
          │ 1… │
          └────┘
          … 2
          more
          columns:
          name,
          joined

          """)
  }

  @Test("Rows above the limit are counted, written or skipped")
  func rowLimit() throws {
    let stream = OutputStream.memory()
    let printer = ResultPrinter(
      [ResultColumn("n", .number)], as: .table, to: stream,
      style: ResultStyle(terminal: terminal(80), rowLimit: 2))
    for number in 1...5 {
      #expect(printer.isFull == (number > 2))
      try printer.write([.int(Int64(number))])
    }
    printer.skip(1231)
    try printer.finish()
    #expect(
      stream.text == """
        ┌───┐
        │ n │
        ├───┤
        │ 1 │
        │ 2 │
        └───┘
        … 1,234 more rows

        """)
  }

  @Test("A result without rows shows its columns, one without columns nothing")
  func empty() throws {
    #expect(
      try printed([ResultColumn("a", .text), ResultColumn("", .number)], [], as: .table) == """
        ┌───┬───┐
        │ a │   │
        ├───┼───┤
        └───┴───┘

        """)
    #expect(try printed([], [[], []], as: .table) == "")
    #expect(try printed([], [[]], as: .csv) == "\n\n")
    #expect(try printed([], [[]], as: .json) == "[\n  {}\n]\n")
    #expect(try printed([], [[]], as: .markdown) == "")
  }

  @Test("Colours mark the header and NULL, and do not count as columns")
  func colours() throws {
    var style = ResultStyle(terminal: terminal(80))
    style.terminal.colours = true
    #expect(
      try printed([ResultColumn("a", .number)], [[.null], [.int(12)]], as: .table, style: style)
        == """
        ┌──────┐
        │    \u{1B}[1ma\u{1B}[0m │
        ├──────┤
        │ \u{1B}[2mNULL\u{1B}[0m │
        │   12 │
        └──────┘

        """)
  }

  @Test("In a pipe nothing is cut, not even what comes after the widths are known")
  func late() throws {
    let long = String(repeating: "x", count: 300)
    var rows = [[Value]](repeating: [.text("a")], count: 10_000)
    rows.append([.text(long)])
    let columns = [ResultColumn("n", .text)]
    let lines = try printed(columns, rows, as: .table).split(separator: "\n")
    #expect(lines.count == 10_005)
    #expect(lines[10_003] == "│ \(long) │")
    #expect(lines.last == "└───┘")
    let cut = try printed(columns, rows, as: .table, style: ResultStyle(terminal: terminal(80)))
    #expect(cut.split(separator: "\n")[10_003] == "│ … │")
  }

  @Test("No line is wider than the screen, whatever is in the table")
  func random() throws {
    let seed = UInt64.random(in: .min ... .max)
    var state = seed
    func next(_ count: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(count))
    }
    let letters = ["a", "東", "e\u{301}", "👍", "\n", " ", "|", "\u{1B}"]
    for _ in 0..<300 {
      let columns = (0..<(1 + next(8))).map { index in
        ResultColumn(String(repeating: "n", count: next(20)), [.number, .fixed, .text][next(3)])
      }
      let rows = (0..<next(5)).map { _ in
        columns.map { column -> Value in
          if next(5) == 0 { return .null }
          if column.kind == .number { return .int(Int64(next(1_000_000))) }
          if column.kind == .fixed { return .bool(next(2) == 0) }
          return .text((0..<next(30)).map { _ in letters[next(letters.count)] }.joined())
        }
      }
      let width = 16 + next(100)
      let text = try printed(
        columns, rows, as: .table, style: ResultStyle(terminal: terminal(width)))
      let lines = text.split(separator: "\n").filter { "┌├│└".contains($0.prefix(1)) }
      #expect(lines.count == rows.count + 4, "seed \(seed)")
      #expect(Set(lines.map { displayWidth(String($0)) }).count == 1, "seed \(seed)")
      #expect(displayWidth(String(lines[0])) <= width, "seed \(seed)")
    }
  }

  @Test("A type decides how its column is treated")
  func kinds() {
    let types: [(EngineType, ResultColumn.Kind)] = [
      (.int(bits: 8, signed: true), .number),
      (.decimal(precision: 4, scale: 2, bits: 128), .number),
      (.double, .number), (.float, .number), (.bool, .fixed), (.date, .fixed),
      (.time(perSecond: 1), .fixed), (.timestamp(perSecond: 1, zoned: true), .fixed),
      (.text(wide: true), .text), (.null, .text), (.interval, .text), (.structure([]), .text),
    ]
    for (type, kind) in types { #expect(ResultColumn("a", type).kind == kind) }
  }
}
