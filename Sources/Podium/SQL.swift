/// A query in portable SQL whose inputs are holes filled with tables.
///
/// `\(Silver.members)` reads a whole table, `\(new: Bronze.members)` the rows that this run has to
/// read, `\(.asOf)` is the run's business date, and `\(.integer("quantity"))` reads a text as a
/// typed value. A rule about a whole table reads its rows as `\(.result)`. A whole number, such as a
/// constant of a definition that several queries share, is written in its digits. No other value can
/// be put into the text: there is no hole for a plain string. The tables in the holes are the query's
/// inputs; they are taken lazily, so that two tables which read each other are found as a cycle
/// instead of waiting for each other.
public struct SQL: Sendable, ExpressibleByStringInterpolation {
  /// A value that each run brings with it.
  public enum RunValue: Hashable, Sendable {
    /// The run's business date, a DATE.
    case asOf
    /// In a rule: the rows that the table would hold after the run.
    case result
    /// In a rule: the rows that the run adds or changes.
    case staged
  }

  enum Piece: Sendable {
    case text(String)
    case whole(@Sendable () -> Table, SourceLocation)
    case new(@Sendable () -> Table, SourceLocation)
    case run(RunValue, SourceLocation)

    var location: SourceLocation? {
      switch self {
      case .text: nil
      case .whole(_, let location), .new(_, let location), .run(_, let location): location
      }
    }
  }

  let pieces: [Piece]

  public init(stringLiteral value: String) { pieces = [.text(value)] }
  public init(stringInterpolation: Interpolation) { pieces = stringInterpolation.pieces }

  /// Collects text and holes in their order.
  public struct Interpolation: StringInterpolationProtocol, Sendable {
    var pieces: [Piece] = []

    public init(literalCapacity: Int, interpolationCount: Int) {}

    public mutating func appendLiteral(_ literal: String) { pieces.append(.text(literal)) }

    /// A table that is read whole.
    public mutating func appendInterpolation(
      _ table: @autoclosure @escaping @Sendable () -> Table,
      file: StaticString = #filePath, line: UInt = #line
    ) {
      pieces.append(.whole(table, SourceLocation(file, line)))
    }

    /// The rows of a table that this run has to read.
    public mutating func appendInterpolation(
      new table: @autoclosure @escaping @Sendable () -> Table,
      file: StaticString = #filePath, line: UInt = #line
    ) {
      pieces.append(.new(table, SourceLocation(file, line)))
    }

    /// A value of the run.
    public mutating func appendInterpolation(
      _ value: RunValue, file: StaticString = #filePath, line: UInt = #line
    ) {
      pieces.append(.run(value, SourceLocation(file, line)))
    }

    /// A text of a source as a typed value.
    public mutating func appendInterpolation(_ cast: SafeCast) { pieces.append(.text(cast.sql)) }

    /// A whole number, such as a constant of a definition; a negative one stands in parentheses, since
    /// a second minus sign would begin a comment.
    public mutating func appendInterpolation(_ number: Int) {
      pieces.append(.text(number < 0 ? "(\(number))" : "\(number)"))
    }
  }
}

extension SQL {
  /// An input of a query and how it is read.
  public struct Input: Hashable, Sendable {
    public let table: Table
    /// True for the rows of this run, false for the whole table.
    public let onlyNew: Bool

    public init(table: Table, onlyNew: Bool) {
      self.table = table
      self.onlyNew = onlyNew
    }

    /// The name that the query's text calls the input by, for example `silver__members`.
    public var alias: String {
      table.name.description.split(separator: ".").joined(separator: "__")
        + (onlyNew ? "__new" : "")
    }
  }

  /// The inputs in the order of their holes, each once.
  public var inputs: [Input] {
    var seen: Set<Input> = []
    return pieces.compactMap { piece in
      let input: Input? =
        switch piece {
        case .text, .run: nil
        case .whole(let table, _): Input(table: table(), onlyNew: false)
        case .new(let table, _): Input(table: table(), onlyNew: true)
        }
      return input.flatMap { seen.insert($0).inserted ? $0 : nil }
    }
  }

  /// True if the query reads the run's business date.
  public var readsBusinessDate: Bool { reads(.asOf) }

  /// True if it reads the rows of the table that a rule judges.
  public var readsOwnRows: Bool { reads(.result) || reads(.staged) }

  private func reads(_ value: RunValue) -> Bool {
    pieces.contains {
      if case .run(value, _) = $0 { return true }
      return false
    }
  }

  /// The name by which a rule's query calls the rows that the table would hold.
  public static let resultAlias = "podium_result"
  /// The name by which it calls the rows that the run adds or changes.
  public static let stagedAlias = "podium_staged"

  /// The text to run: inputs by their aliases.
  /// - Parameter asOf: the business date as `yyyy-MM-dd`.
  public func text(asOf: String) -> String {
    pieces.map { piece in
      switch piece {
      case .text(let text): text
      case .whole(let table, _): Input(table: table(), onlyNew: false).alias
      case .new(let table, _): Input(table: table(), onlyNew: true).alias
      case .run(.asOf, _): "DATE '\(asOf)'"
      case .run(.result, _): SQL.resultAlias
      case .run(.staged, _): SQL.stagedAlias
      }
    }.joined()
  }

  /// The text with some business date, for those who look at the text alone.
  public var anyText: String { text(asOf: "2000-01-01") }

  /// Where a line of the text (counted from 1) stands in the source; nil without any hole.
  ///
  /// It is counted from the last hole before it, because a line that the source continues with a
  /// backslash is none of the text.
  public func location(ofLine line: Int) -> SourceLocation? {
    var holeLine = 1
    var anchor: (location: SourceLocation, line: Int)?
    for piece in pieces {
      if let location = piece.location, anchor == nil || holeLine <= line {
        anchor = (location, holeLine)
      }
      if case .text(let text) = piece { holeLine += text.utf8.count { $0 == 0x0A } }
    }
    return anchor.map {
      SourceLocation(file: $0.location.file, line: max(1, $0.location.line - $0.line + line))
    }
  }
}
