import Basics
import Engines

/// A table with lines around its cells.
struct TableFormat: RowFormat {
  /// Rows held to learn how wide the columns are.
  static let sample = 10_000
  /// A column is not made narrower than this to let another in.
  static let narrow = 10

  private struct Cell {
    var text: String
    var width: Int
    var isNull: Bool
  }

  private let columns: [ResultColumn]
  private let style: ResultStyle
  private let lines: TableLines
  private var held: [[Cell]] = []
  private var shownRows = 0
  private var hiddenRows = 0
  /// The widths of the columns shown; nil until they are known.
  private var widths: [Int]?

  init(_ columns: [ResultColumn], _ style: ResultStyle) {
    self.columns = columns.map { ResultColumn(printable($0.name), $0.kind) }
    self.style = style
    lines = style.terminal.unicode ? .box : .ascii
  }

  var isFull: Bool { style.rowLimit.map { shownRows >= $0 } ?? false }

  mutating func begin(_ out: inout [UInt8]) {}

  mutating func add(_ row: [Value], to out: inout [UInt8]) {
    guard !isFull else { return skip(1) }
    shownRows += 1
    let cells = row.map { value in
      let text = printable(value.shown)
      return Cell(text: text, width: displayWidth(text), isNull: value.isNull)
    }
    if let widths {
      write(cells, widths, to: &out)
    } else {
      held.append(cells)
      if held.count == TableFormat.sample { writeHeld(to: &out) }
    }
  }

  mutating func skip(_ rows: Int) {
    hiddenRows += rows
  }

  mutating func end(_ out: inout [UInt8]) {
    guard !columns.isEmpty else { return }
    let widths = widths ?? writeHeld(to: &out)
    rule(lines.bottom, widths, to: &out)
    if hiddenRows > 0 { note(counted(hiddenRows, "more row"), to: &out) }
    if widths.count < columns.count {
      let names = columns[widths.count...].map(\.name)
      let count = counted(names.count, "more column")
      note("\(count): \(names.joined(separator: ", "))", to: &out)
    }
  }

  /// Decides on the widths and writes the header and the rows held so far.
  @discardableResult
  private mutating func writeHeld(to out: inout [UInt8]) -> [Int] {
    let wishes = columns.indices.map { index in
      let header = displayWidth(columns[index].name)
      let cells = held.reduce(0) { max($0, $1[index].width) }
      let natural = max(header, cells, 1)
      let minimum =
        columns[index].kind == .text || columns[index].kind == .prose
        ? TableFormat.narrow : max(cells, min(header, TableFormat.narrow))
      return TableLayout.Wish(natural: natural, minimum: min(natural, max(minimum, 1)))
    }
    let widths = TableLayout(wishes, room: style.terminal.width, frame: 3).widths
    self.widths = widths
    rule(lines.top, widths, to: &out)
    let header = columns.map { Cell(text: $0.name, width: displayWidth($0.name), isNull: false) }
    write(header, widths, to: &out, isHeader: true)
    rule(lines.middle, widths, to: &out)
    for row in held { write(row, widths, to: &out) }
    held = []
    return widths
  }

  /// Writes a row, over several lines where prose needs them.
  private func write(
    _ cells: [Cell], _ widths: [Int], to out: inout [UInt8], isHeader: Bool = false
  ) {
    var rest = [[Substring]](repeating: [], count: widths.count)
    var first = cells
    for (index, width) in widths.enumerated()
    where columns[index].kind == .prose && cells[index].width > width {
      let lines = wrapped(cells[index].text, width: width).split(separator: "\n")
      first[index] = cell(lines.first ?? "")
      rest[index] = Array(lines.dropFirst())
    }
    writeLine(first, widths, to: &out, isHeader: isHeader)
    for line in 0..<(rest.map(\.count).max() ?? 0) {
      let cells = rest.map { cell(line < $0.count ? $0[line] : "") }
      writeLine(cells, widths, to: &out)
    }
  }

  private func cell(_ text: Substring) -> Cell {
    Cell(text: String(text), width: displayWidth(String(text)), isNull: false)
  }

  private func writeLine(
    _ cells: [Cell], _ widths: [Int], to out: inout [UInt8], isHeader: Bool = false
  ) {
    for (index, width) in widths.enumerated() {
      out.append(contentsOf: lines.side.utf8)
      out.append(0x20)
      let cell = cells[index]
      var text = cell.text
      var used = cell.width
      // A late value may be wider than those before: a text is cut where room is short, else the
      // line becomes longer.
      let mayCut =
        isHeader || columns[index].kind == .text || columns[index].kind == .prose
        || widths.count == 1
      if used > width, mayCut, style.terminal.width != nil {
        text = shortened(text, to: width, mark: lines.cut)
        used = displayWidth(text)
      }
      let blanks = repeatElement(UInt8(0x20), count: max(0, width - used))
      if isHeader || cell.isNull { text = style.terminal.paint(text, isHeader ? .bold : .dim) }
      if columns[index].kind == .number { out.append(contentsOf: blanks) }
      out.append(contentsOf: text.utf8)
      if columns[index].kind != .number { out.append(contentsOf: blanks) }
      out.append(0x20)
    }
    out.append(contentsOf: "\(lines.side)\n".utf8)
  }

  private func rule(_ ends: TableLines.Rule, _ widths: [Int], to out: inout [UInt8]) {
    let parts = widths.map { String(repeating: lines.dash, count: $0 + 2) }
    out.append(contentsOf: (ends.left + parts.joined(separator: ends.cross) + ends.right).utf8)
    out.append(0x0A)
  }

  /// A line below the table, such as `… 12 more rows`.
  private func note(_ text: String, to out: inout [UInt8]) {
    let line = wrapped("\(lines.cut) \(text)", width: style.terminal.width ?? .max)
    out.append(contentsOf: line.utf8)
  }
}

/// The characters of which a table's lines are made.
struct TableLines: Sendable {
  struct Rule: Sendable {
    let left, cross, right: String
  }

  let top, middle, bottom: Rule
  let side, dash: String
  /// Stands for what was cut off.
  let cut: String

  static let box = TableLines(
    top: Rule(left: "┌", cross: "┬", right: "┐"), middle: Rule(left: "├", cross: "┼", right: "┤"),
    bottom: Rule(left: "└", cross: "┴", right: "┘"), side: "│", dash: "─", cut: "…")

  private static let plain = Rule(left: "+", cross: "+", right: "+")
  static let ascii = TableLines(
    top: plain, middle: plain, bottom: plain, side: "|", dash: "-", cut: "...")
}
