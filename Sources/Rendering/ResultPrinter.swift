import Engines

/// How the rows of a result are written.
public enum OutputFormat: String, CaseIterable, Hashable, Sendable {
  /// For reading on a screen.
  case table
  /// RFC 4180, with a header; NULL is an empty field, an empty text is `""`.
  case csv
  /// One array of objects.
  case json
  /// One object a line.
  case ndjson
  /// A table of GitHub-flavoured Markdown.
  case markdown
}

/// What the place allows where a result is shown.
public struct ResultStyle: Hashable, Sendable {
  public var terminal: Terminal
  /// A table shows at most so many rows and counts the rest; nil shows all.
  public var rowLimit: Int?
  /// What ends a line of CSV: `\n`, or `\r\n` to follow RFC 4180 to the letter.
  public var csvLineEnd: String

  public init(terminal: Terminal, rowLimit: Int? = nil, csvLineEnd: String = "\n") {
    self.terminal = terminal
    self.rowLimit = rowLimit.map { max(0, $0) }
    self.csvLineEnd = csvLineEnd
  }

  /// What standard output allows; the limit of rows holds for a terminal alone.
  public static func standardOutput(rowLimit: Int?) -> ResultStyle {
    let terminal = Terminal.detect(descriptor: 1)
    return ResultStyle(terminal: terminal, rowLimit: terminal.isTerminal ? rowLimit : nil)
  }

  /// Without limits, for a file or a pipe.
  public static let unlimited = ResultStyle(terminal: Terminal(isTerminal: false))
}

/// Writes the rows of a result in a format, as they come.
///
/// Tables need to see rows before they know how wide a column is: they hold the first 10,000, and
/// a wider value that comes later is written whole and pushes its line to the right.
/// Give it rows, then call `finish`, which flushes the stream.
public final class ResultPrinter {
  private var format: any RowFormat
  private let stream: OutputStream
  private let width: Int
  private var hasBegun = false

  public init(
    _ columns: [ResultColumn], as format: OutputFormat, to stream: OutputStream,
    style: ResultStyle = .unlimited
  ) {
    self.stream = stream
    width = columns.count
    let isTerminal = style.terminal.isTerminal
    switch format {
    case .table: self.format = TableFormat(columns, style)
    case .csv:
      self.format = CSVFormat(columns, escapes: isTerminal, lineEnd: style.csvLineEnd)
    case .json: self.format = JSONFormat(columns, escapes: isTerminal, lines: false)
    case .ndjson: self.format = JSONFormat(columns, escapes: isTerminal, lines: true)
    case .markdown: self.format = MarkdownFormat(columns, escapes: isTerminal)
    }
  }

  /// True where further rows are only counted, so that `skip` does for them.
  public var isFull: Bool { format.isFull }

  /// Adds a row; values that are missing are NULL, and surplus ones are dropped.
  public func write(_ row: [Value]) throws(OutputError) {
    try begin()
    var row = row
    if row.count != width {
      row = (0..<width).map { $0 < row.count ? row[$0] : .null }
    }
    try stream.write { format.add(row, to: &$0) }
  }

  /// Counts rows that are not shown.
  public func skip(_ rows: Int) {
    format.skip(rows)
  }

  /// Writes what is still held, and flushes.
  public func finish() throws(OutputError) {
    try begin()
    try stream.write { format.end(&$0) }
    try stream.flush()
  }

  private func begin() throws(OutputError) {
    guard !hasBegun else { return }
    hasBegun = true
    try stream.write { format.begin(&$0) }
  }
}

extension ResultPrinter {
  /// Writes all rows of a result and finishes; rows that no table would show are never read out.
  /// - Parameter limit: the most rows to write in whatever format, in place of the style's; a table
  ///   counts the rest.
  public static func print(
    _ result: EngineResult, as format: OutputFormat, to stream: OutputStream,
    style: ResultStyle = .unlimited, limit: Int? = nil
  ) throws {
    var style = style
    if let limit { style.rowLimit = limit }
    var left = format == .table ? .max : limit ?? .max
    let printer = ResultPrinter(
      result.fields.map(ResultColumn.init), as: format, to: stream, style: style)
    while left > 0, let batch = try result.next() {
      for row in 0..<batch.rows {
        if printer.isFull {
          printer.skip(batch.rows - row)
          break
        }
        guard left > 0 else { break }
        left -= 1
        try printer.write(batch.columns.map { $0.value(row) })
      }
    }
    try printer.finish()
  }
}

/// One way of writing rows.
protocol RowFormat {
  /// True where further rows would only be counted.
  var isFull: Bool { get }
  mutating func begin(_ out: inout [UInt8])
  /// A row with as many values as there are columns.
  mutating func add(_ row: [Value], to out: inout [UInt8])
  mutating func skip(_ rows: Int)
  mutating func end(_ out: inout [UInt8])
}

extension RowFormat {
  var isFull: Bool { false }
  mutating func skip(_ rows: Int) {}
}
