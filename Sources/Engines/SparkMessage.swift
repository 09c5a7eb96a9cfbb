import Basics

/// What the driver for Spark Connect says, taken apart: what happened, and where in the statement.
///
/// Apache Spark's messages begin with a condition in brackets and name an SQLSTATE
/// (`docs/sql-error-conditions.md` of Apache Spark); Sail's are words alone.
struct SparkMessage {
  /// What happened, without values of rows.
  let what: String
  /// The line of the statement, counted from 1, where the server tells it.
  let line: Int?
  /// True where the statement itself is wrong for the server: a name, a function, its grammar.
  let isOfStatement: Bool
  /// True where the values of some row are the reason.
  let isOfRows: Bool

  private static let prefix = "[Spark] "

  /// True if a message is the driver's.
  static func isMeant(_ message: String) -> Bool { message.contains(prefix) }

  /// - Returns: nil where the error is another engine's.
  init?(_ error: EngineError) {
    guard let mark = error.message.firstRange(of: SparkMessage.prefix) else { return nil }
    let text = String(error.message[mark.upperBound...])
    line = SparkMessage.line(text, in: error.sql)
    let condition = text.firstMatch(of: #/^\[([A-Z][A-Z0-9_.]*)\] /#).map { String($0.1) }
    let state = text.firstMatch(of: #/SQLSTATE: ([0-9A-Z]{5})/#).map { String($0.1) }
    let first = SparkMessage.firstSentence(text)
    guard let condition else {
      isOfStatement = SparkMessage.isPlain(first)
      isOfRows = SparkMessage.ofRows.contains { first.lowercased().contains($0) }
      what = isOfStatement ? first : SparkMessage.withoutValues(first)
      return
    }
    // Class 42 is about the statement, and so are features that are not there (0A).
    isOfStatement = state.map { $0.hasPrefix("42") || $0.hasPrefix("0A") } ?? false
    isOfRows = state?.hasPrefix("22") ?? false
    what =
      isOfStatement
      ? first
      : "\(condition): \(SparkMessage.known[condition] ?? "it could not be computed") (values "
        + "are not shown, since they may be personal)"
  }

  /// The code of an error that is not about a statement; nil for all others.
  /// - Parameter vendor: the code of gRPC, which counts what it cannot reach as 14.
  static func code(_ message: String, vendor: Int32) -> EngineError.Code? {
    guard isMeant(message) else { return nil }
    if vendor == 14 { return .serverLost }
    let lost = [
      "connection error: desc", "error reading from server", "transport is closing",
      "name resolver error", "INVALID_HANDLE.SESSION", "INVALID_HANDLE.OPERATION",
      "connection reset by peer", "session not found", "is not running",
    ]
    // A server that was replaced begins the session anew, without its views.
    let isWithoutViews =
      message.contains("TABLE_OR_VIEW_NOT_FOUND") && message.contains(SparkConnect.viewPrefix)
    if isWithoutViews { return .serverLost }
    if lost.contains(where: message.contains) { return .serverLost }
    if message.contains("No space left on device") { return .diskFull }
    return message.contains("OPERATION_CANCELED") ? .cancelled : nil
  }

  /// The message up to its plan, its excerpt or its second sentence about settings.
  private static func firstSentence(_ text: String) -> String {
    var head = text[...]
    for end in [" SQLSTATE:", "\n== SQL", ";\n'", "\n", " If necessary set"] {
      if let range = head.firstRange(of: end) { head = head[..<range.lowerBound] }
    }
    return String(head.prefix(400))
  }

  /// Beginnings of Sail's messages that quote names and words of the statement alone.
  private static let plain = [
    "unknown function", "invalid argument: found", "attribute ObjectName", "Table not found",
    "not implemented", "not supported", "unsupported", "missing feature", "todo",
  ]

  /// Words of Sail's messages about values.
  private static let ofRows = [
    "cannot cast", "divide by zero", "overflow", "out of range", "error parsing", "cast error",
    "too large", "invalid argument error", "compute error",
    // What is left of such an error after the task was tried again.
    "a different attempt has already produced",
  ]

  private static func isPlain(_ text: String) -> Bool {
    plain.contains { text.hasPrefix($0) }
  }

  /// A message without what it quotes, and without its long numbers.
  private static func withoutValues(_ text: String) -> String {
    text.replacing(#/'[^']*'|"[^"]*"|[0-9][0-9.:+\-]{3,}/#.matchingSemantics(.unicodeScalar)) { _ in
      "…"
    }
  }

  private static let known = [
    "CAST_INVALID_INPUT": "a value could not be converted",
    "CAST_OVERFLOW": "a value does not fit its type",
    "DIVIDE_BY_ZERO": "a number was divided by zero; use nullif(y, 0)",
    "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION": "a number does not fit its type",
    "ARITHMETIC_OVERFLOW": "a number became too great for its type",
    "SCALAR_SUBQUERY_TOO_MANY_ROWS": "a subquery for one value gave several rows",
  ]

  /// The line that a server tells: `line 3 pos 7`, `line 3, position 8`, or Sail's `found X at 31:34`,
  /// which counts bytes.
  private static func line(_ text: String, in sql: String) -> Int? {
    if let found = text.firstMatch(of: #/line ([0-9]+),? pos/#) { return Int(found.1) }
    guard
      let found = text.firstMatch(of: #/^invalid argument: found .* at ([0-9]+):[0-9]+ expected/#),
      let offset = Int(found.1), offset <= sql.utf8.count
    else { return nil }
    return sql.utf8.prefix(offset).count { $0 == 0x0A } + 1
  }
}

extension EngineError {
  /// True where a server refuses the statement itself, whatever the rows: an unknown function, say.
  public var isOfStatement: Bool { SparkMessage(self)?.isOfStatement ?? false }

  /// True where a server says that the values of some row are the reason.
  public var isOfRows: Bool { SparkMessage(self)?.isOfRows ?? false }

  /// True where it is a server's, not the embedded engine's.
  public var isOfServer: Bool { SparkMessage.isMeant(message) }
}
