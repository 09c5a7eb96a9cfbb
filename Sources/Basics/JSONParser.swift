/// Why a text is no JSON, and at which byte.
public struct JSONError: Error, Hashable, Sendable {
  /// What the parser met.
  public enum Reason: String, Hashable, Sendable {
    case unexpectedEnd = "the text ends inside a value"
    case unexpectedByte = "a character that JSON does not allow here"
    case invalidEscape = "an escape that JSON does not know"
    case invalidNumber = "a number that JSON does not allow"
    case invalidUTF8 = "bytes that are not UTF-8"
    case tooDeep = "values nested more than 500 deep"
    case trailingBytes = "text after the end of the value"
  }

  /// What was wrong.
  public let reason: Reason
  /// The byte, counted from 0, at which the parser stopped.
  public let offset: Int
}

extension JSON {
  /// Reads one JSON value (RFC 8259), which must fill the whole of `bytes`.
  public init(parsing bytes: some Collection<UInt8>) throws(JSONError) {
    let result: Result<JSON, JSONError>? = bytes.withContiguousStorageIfAvailable {
      JSON.parse($0)
    }
    switch result {
    case .some(let result): self = try result.get()
    case .none: self = try Array(bytes).withUnsafeBufferPointer { JSON.parse($0) }.get()
    }
  }

  /// Reads one JSON value from a text.
  public init(parsing text: String) throws(JSONError) {
    try self.init(parsing: Array(text.utf8))
  }

  static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Result<JSON, JSONError> {
    guard let base = bytes.baseAddress else {
      return .failure(JSONError(reason: .unexpectedEnd, offset: 0))
    }
    var parser = JSONParser(bytes: base, count: bytes.count)
    do throws(JSONError) {
      let value = try parser.value(depth: 0)
      parser.skipSpace()
      guard parser.at == bytes.count else { throw parser.error(.trailingBytes) }
      return .success(value)
    } catch {
      return .failure(error)
    }
  }
}

/// A recursive-descent parser over bytes that stay alive while it runs.
struct JSONParser {
  static let maximumDepth = 500
  private static var quote: UInt8 { 0x22 }
  private static var backslash: UInt8 { 0x5C }

  /// Every index into it is checked against `count` here: a buffer's own checks cost as much again.
  let bytes: UnsafePointer<UInt8>
  let count: Int
  var at = 0

  init(bytes: UnsafePointer<UInt8>, count: Int) {
    self.bytes = bytes
    self.count = count
  }

  func error(_ reason: JSONError.Reason) -> JSONError { JSONError(reason: reason, offset: at) }

  mutating func skipSpace() {
    while at < count {
      switch bytes[at] {
      case 0x20, 0x0A, 0x0D, 0x09: at += 1
      default: return
      }
    }
  }

  mutating func value(depth: Int) throws(JSONError) -> JSON {
    guard depth < JSONParser.maximumDepth else { throw error(.tooDeep) }
    skipSpace()
    guard at < count else { throw error(.unexpectedEnd) }
    switch bytes[at] {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw error(.unexpectedByte)
    }
  }

  private mutating func literal(_ text: StaticString, _ value: JSON) throws(JSONError) -> JSON {
    let length = text.utf8CodeUnitCount
    guard at + length <= count else { throw error(.unexpectedEnd) }
    for i in 0..<length where bytes[at + i] != text.utf8Start[i] { throw error(.unexpectedByte) }
    at += length
    return value
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSON {
    at += 1
    var members: [JSON.Member] = []
    members.reserveCapacity(4)
    skipSpace()
    if at < count, bytes[at] == UInt8(ascii: "}") {
      at += 1
      return .object(members)
    }
    while true {
      skipSpace()
      guard at < count else { throw error(.unexpectedEnd) }
      guard bytes[at] == UInt8(ascii: "\"") else { throw error(.unexpectedByte) }
      let name = try string()
      skipSpace()
      guard at < count else { throw error(.unexpectedEnd) }
      guard bytes[at] == UInt8(ascii: ":") else { throw error(.unexpectedByte) }
      at += 1
      members.append(JSON.Member(name, try value(depth: depth + 1)))
      skipSpace()
      guard at < count else { throw error(.unexpectedEnd) }
      if bytes[at] == UInt8(ascii: ",") {
        at += 1
      } else if bytes[at] == UInt8(ascii: "}") {
        at += 1
        return .object(members)
      } else {
        throw error(.unexpectedByte)
      }
    }
  }

  private mutating func array(depth: Int) throws(JSONError) -> JSON {
    at += 1
    var elements: [JSON] = []
    skipSpace()
    if at < count, bytes[at] == UInt8(ascii: "]") {
      at += 1
      return .array(elements)
    }
    while true {
      elements.append(try value(depth: depth + 1))
      skipSpace()
      guard at < count else { throw error(.unexpectedEnd) }
      if bytes[at] == UInt8(ascii: ",") {
        at += 1
      } else if bytes[at] == UInt8(ascii: "]") {
        at += 1
        return .array(elements)
      } else {
        throw error(.unexpectedByte)
      }
    }
  }

  private mutating func digits() -> Int {
    let start = at
    while at < count, bytes[at] &- 0x30 < 10 { at += 1 }
    return at - start
  }

  private mutating func number() throws(JSONError) -> JSON {
    let start = at
    if bytes[at] == UInt8(ascii: "-") { at += 1 }
    let firstDigit = at
    let whole = digits()
    guard whole > 0, whole == 1 || bytes[firstDigit] != UInt8(ascii: "0") else {
      throw error(.invalidNumber)
    }
    if at < count, bytes[at] == UInt8(ascii: ".") {
      at += 1
      guard digits() > 0 else { throw error(.invalidNumber) }
    }
    if at < count, bytes[at] | 0x20 == UInt8(ascii: "e") {
      at += 1
      if at < count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") {
        at += 1
      }
      guard digits() > 0 else { throw error(.invalidNumber) }
    }
    return .number(try text(from: start, isASCII: true))
  }

  /// Reads a string whose opening quote stands at `at`.
  mutating func string() throws(JSONError) -> String {
    at += 1
    let start = at
    let isASCII = skipPlain()
    guard at < count else { throw error(.unexpectedEnd) }
    switch bytes[at] {
    case JSONParser.quote:
      let text = try text(from: start, isASCII: isASCII)
      at += 1
      return text
    case JSONParser.backslash: return try escapedString(from: start)
    default: throw error(.unexpectedByte)
    }
  }

  /// Goes to the next quote, backslash or control character, or to the end.
  /// - Returns: true if nothing but ASCII was passed.
  private mutating func skipPlain() -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    var seen: UInt64 = 0
    while at + 8 <= count {
      let word = UnsafeRawPointer(bytes + at).loadUnaligned(as: UInt64.self)
      // With bit 1 flipped, the quote (0x22) joins the control characters below 0x21.
      let quoteOrControl = (word ^ (ones &* 0x02)) &- (ones &* 0x21)
      let backslash = (word ^ (ones &* 0x5C)) &- ones
      if (quoteOrControl | backslash) & ~word & highs != 0 { break }
      seen |= word
      at += 8
    }
    while at < count {
      let byte = bytes[at]
      if byte < 0x20 || byte == JSONParser.quote || byte == JSONParser.backslash { break }
      seen |= UInt64(byte)
      at += 1
    }
    return seen & highs == 0
  }

  /// The bytes from a place up to `at` as a text.
  private func text(from start: Int, isASCII: Bool) throws(JSONError) -> String {
    let part = UnsafeBufferPointer(start: bytes + start, count: at - start)
    if isASCII { return String(decoding: part, as: UTF8.self) }
    guard let text = String(validating: part, as: UTF8.self) else {
      throw JSONError(reason: .invalidUTF8, offset: start)
    }
    return text
  }

  private mutating func escapedString(from start: Int) throws(JSONError) -> String {
    var out: [UInt8] = []
    out.reserveCapacity(2 * (at - start) + 64)
    // What needs no escape is copied a run at a time.
    var run = start
    while true {
      _ = skipPlain()
      guard at < count else { throw error(.unexpectedEnd) }
      let byte = bytes[at]
      guard byte >= 0x20 else { throw error(.unexpectedByte) }
      if at > run {
        out.append(contentsOf: UnsafeBufferPointer(start: bytes + run, count: at - run))
      }
      at += 1
      if byte == JSONParser.quote {
        guard let text = String(validating: out, as: UTF8.self) else {
          throw JSONError(reason: .invalidUTF8, offset: start)
        }
        return text
      }
      try escape(&out)
      run = at
    }
  }

  /// Reads what follows a backslash.
  private mutating func escape(_ out: inout [UInt8]) throws(JSONError) {
    guard at < count else { throw error(.unexpectedEnd) }
    let escape = bytes[at]
    at += 1
    switch escape {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(escape)
    case UInt8(ascii: "b"): out.append(0x08)
    case UInt8(ascii: "f"): out.append(0x0C)
    case UInt8(ascii: "n"): out.append(0x0A)
    case UInt8(ascii: "r"): out.append(0x0D)
    case UInt8(ascii: "t"): out.append(0x09)
    case UInt8(ascii: "u"): out.append(contentsOf: try unicodeEscape().utf8)
    default:
      at -= 1
      throw error(.invalidEscape)
    }
  }

  /// The character after `\u`; half of a surrogate pair alone becomes U+FFFD.
  private mutating func unicodeEscape() throws(JSONError) -> String {
    let first = try hexadecimal()
    if first & 0xFC00 == 0xD800, at + 1 < count, bytes[at] == UInt8(ascii: "\\"),
      bytes[at + 1] == UInt8(ascii: "u")
    {
      let mark = at
      at += 2
      let second = try hexadecimal()
      if second & 0xFC00 == 0xDC00 {
        let scalar = 0x10000 + ((first & 0x3FF) << 10) + (second & 0x3FF)
        return Unicode.Scalar(scalar).map { String(Character($0)) } ?? "\u{FFFD}"
      }
      at = mark
    }
    return Unicode.Scalar(first).map { String(Character($0)) } ?? "\u{FFFD}"
  }

  private mutating func hexadecimal() throws(JSONError) -> UInt32 {
    guard at + 4 <= count else { throw error(.unexpectedEnd) }
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = hexadecimalValue(bytes[at]) else { throw error(.invalidEscape) }
      value = value << 4 | UInt32(digit)
      at += 1
    }
    return value
  }
}

/// The value of one hexadecimal digit in ASCII; nil for any other byte.
public func hexadecimalValue(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  default: nil
  }
}
