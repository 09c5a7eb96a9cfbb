import Basics

/// An engine's message, taken apart: what happened, and where in the statement.
public struct EngineMessage {
  /// What happened, in the engine's words or, where those may quote a row's value, in ours.
  public let what: String
  /// The line of the statement, counted from 1, where the engine tells it.
  public let line: Int?
  /// That line's text, and below it a caret, without `LINE 3: ` in front.
  private let excerpt: (text: String, caret: String)?

  public init(_ error: EngineError) {
    if let told = SparkMessage(error) {
      what = told.what
      line = told.line
      excerpt = nil
      return
    }
    let message = error.message
    var head = message[...]
    var line: Int?
    var excerpt: (String, String)?
    if let mark = message.ranges(of: EngineMessage.mark).last,
      let place = EngineMessage.place(message[mark.upperBound...], in: error.sql)
    {
      head = message[..<mark.lowerBound]
      line = place.line
      excerpt = (place.text, place.caret)
    }
    what = EngineMessage.withoutValues(String(head))
    self.line = line
    self.excerpt = excerpt
  }

  private static let mark = "\n\nLINE "

  /// The message, its line counted from the first one of a text that has lines before and after it in
  /// the statement; an excerpt of those lines is left out.
  /// - Parameter lines: how many lines the text has; nil where it goes to the statement's end.
  public func text(linesBefore: Int = 0, lines: Int? = nil) -> String {
    guard let excerpt, let line, line > linesBefore, line - linesBefore <= lines ?? .max else {
      return what
    }
    let label = "LINE \(line - linesBefore): "
    let indent = String(repeating: " ", count: label.utf8.count)
    return "\(what)\n\n\(label)\(excerpt.text)\n\(indent)\(excerpt.caret)"
  }

  /// Reads `3: SELECT …` and the line with the caret; nil for anything that is no excerpt of the
  /// statement, since a value may look like one.
  private static func place(
    _ text: Substring, in sql: String
  ) -> (line: Int, text: String, caret: String)? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count >= 2, let colon = lines[0].firstRange(of: ": "),
      let line = Int(lines[0][..<colon.lowerBound])
    else { return nil }
    let shown = lines[0][colon.upperBound...]
    var core = shown
    if core.hasPrefix("...") { core = core.dropFirst(3) }
    if core.hasSuffix("...") { core = core.dropLast(3) }
    guard sql.contains(core), lines[1].allSatisfy({ $0 == " " || $0 == "^" }) else { return nil }
    let label = "LINE ".utf8.count + lines[0][..<colon.upperBound].utf8.count
    return (line, String(shown), String(lines[1].dropFirst(label)))
  }
}

extension EngineMessage {
  /// Kinds of errors whose words quote declarations, names or paths, never a row.
  private static let plain: Set<String> = [
    "Parser", "Binder", "Catalog", "IO", "Out of Memory", "Permission", "Dependency",
    "Transaction", "INTERNAL", "INTERRUPT", "Interrupted", "Syntax",
  ]

  /// A message without the values it may quote.
  ///
  /// They may be somebody's, and engines quote them in single quotes, in double quotes or not at
  /// all. So only the kind of error is kept, and the type that a value should have had.
  public static func withoutValues(_ message: String) -> String {
    if SparkMessage.isMeant(message) {
      return SparkMessage(EngineError(.statement, message))?.what ?? "the engine's server failed"
    }
    guard let end = message.firstRange(of: " Error: ") else { return withoutFolders(message) }
    let kind = message[..<end.lowerBound]
    guard kind.utf8.allSatisfy(isLetterOrSpace), !plain.contains(String(kind)) else {
      return withoutFolders(message)
    }
    let what =
      switch kind {
      case "Conversion":
        "a value could not be converted\(target(message).map { " to \($0)" } ?? "")"
      case "Out of Range": "a value is out of range"
      case "Constraint": "a value breaks a constraint"
      default: "a value could not be worked with"
      }
    let file = message.firstMatch(of: /["'](\/[^"']+\.parquet)["']/).map { " in \($0.1)" } ?? ""
    return withoutFolders(
      "\(kind) Error: \(what)\(file) (it is not shown, since it may be personal)")
  }

  /// A message without the values that partition folders are named by.
  private static func withoutFolders(_ message: String) -> String {
    message.replacing(/(\/[^\/="'\s]+=)[^\/"'\n]+/) { "\($0.1)…" }
  }

  private static func isLetterOrSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  private static let types: Set<String> = [
    "BOOL", "INT8", "INT16", "INT32", "INT64", "INT128", "UINT8", "UINT16", "UINT32", "UINT64",
    "FLOAT", "DOUBLE", "DATE", "TIME", "TIMESTAMP", "INTERVAL", "UUID", "BLOB", "DECIMAL",
  ]

  /// The type that a value could not be converted to; nil where the message tells none.
  private static func target(_ message: String) -> String? {
    if message.hasPrefix("Conversion Error: invalid date") { return "DATE" }
    if message.hasPrefix("Conversion Error: invalid timestamp") { return "TIMESTAMP" }
    if message.hasPrefix("Conversion Error: time field") { return "TIME" }
    guard let to = message.ranges(of: " to ").last else { return nil }
    let name = message[to.upperBound...].prefix { $0.isASCII && ($0.isLetter || $0.isNumber) }
    return types.contains(String(name)) ? String(name) : nil
  }
}
