/// The words and signs of an SQL text, without comments.
public struct SQLToken: Hashable, Sendable {
  /// What kind of text stands here.
  public enum Kind: Hashable, Sendable {
    /// A keyword or an unquoted name.
    case word
    /// A name in double quotes, without them.
    case quotedName
    /// A text in single quotes, without them.
    case literal
    case number
    /// One character of anything else.
    case sign
  }

  public let kind: Kind
  /// The text as written; names and literals without their quotes.
  public let text: String
  /// The line it begins on, counted from 1.
  public let line: Int
  /// The bytes of UTF-8 before it.
  public let offset: Int

  /// True for an unquoted word that reads so in any case.
  public func isWord(_ word: String) -> Bool {
    kind == .word && text.lowercased() == word.lowercased()
  }
}

/// Takes an SQL text apart into tokens; it never fails, an open quote runs to the end.
public func sqlTokens(_ text: String) -> [SQLToken] {
  var scanner = SQLScanner(bytes: Array(text.utf8))
  var tokens: [SQLToken] = []
  while let token = scanner.next() { tokens.append(token) }
  return tokens
}

private struct SQLScanner {
  let bytes: [UInt8]
  var at = 0
  var line = 1

  func peek(_ ahead: Int = 0) -> UInt8 { at + ahead < bytes.count ? bytes[at + ahead] : 0 }

  mutating func next() -> SQLToken? {
    skipSpaceAndComments()
    guard at < bytes.count else { return nil }
    let start = line
    let offset = at
    let byte = bytes[at]
    func token(_ kind: SQLToken.Kind, _ text: String) -> SQLToken {
      SQLToken(kind: kind, text: text, line: start, offset: offset)
    }
    switch byte {
    case UInt8(ascii: "'"): return token(.literal, quoted(byte))
    case UInt8(ascii: "\""): return token(.quotedName, quoted(byte))
    case UInt8(ascii: "`"): return token(.quotedName, quoted(byte))
    case _ where SQLScanner.beginsWord(byte):
      return token(.word, take(while: SQLScanner.continuesWord))
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      return token(.number, take(while: SQLScanner.continuesNumber))
    default:
      at += 1
      return token(.sign, String(decoding: [byte], as: UTF8.self))
    }
  }

  private mutating func skipSpaceAndComments() {
    while at < bytes.count {
      let byte = bytes[at]
      if byte == UInt8(ascii: "\n") {
        line += 1
        at += 1
      } else if byte == 0x20 || byte == 0x09 || byte == 0x0D {
        at += 1
      } else if byte == UInt8(ascii: "-"), peek(1) == UInt8(ascii: "-") {
        while at < bytes.count, bytes[at] != 0x0A { at += 1 }
      } else if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") {
        skipBlockComment()
      } else {
        return
      }
    }
  }

  /// Skips a comment in signs; comments nest, in DuckDB as in Spark.
  private mutating func skipBlockComment() {
    var depth = 0
    while at < bytes.count {
      if peek() == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") {
        depth += 1
        at += 2
      } else if peek() == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") {
        depth -= 1
        at += 2
        if depth == 0 { return }
      } else {
        if bytes[at] == 0x0A { line += 1 }
        at += 1
      }
    }
  }

  private mutating func quoted(_ quote: UInt8) -> String {
    var text: [UInt8] = []
    at += 1
    while at < bytes.count {
      let byte = bytes[at]
      at += 1
      if byte == 0x0A { line += 1 }
      if byte == quote {
        guard peek() == quote else { break }
        at += 1
      }
      text.append(byte)
    }
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func take(while condition: (UInt8) -> Bool) -> String {
    let start = at
    while at < bytes.count, condition(bytes[at]) { at += 1 }
    return String(decoding: bytes[start..<at], as: UTF8.self)
  }

  static func beginsWord(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "_")
      || byte >= 0x80
  }

  static func continuesWord(_ byte: UInt8) -> Bool {
    beginsWord(byte) || (0x30...0x39).contains(byte)
  }

  static func continuesNumber(_ byte: UInt8) -> Bool {
    continuesWord(byte) || byte == UInt8(ascii: ".")
  }
}
