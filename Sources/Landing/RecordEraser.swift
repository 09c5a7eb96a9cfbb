/// Takes records out of a file's plain bytes; each line of the others keeps its number.
enum RecordEraser {
  /// Empties lines, whose ends stay.
  /// - Parameter lines: ranges of lines counted from 1, in their order.
  static func emptied(_ bytes: [UInt8], lines: [Range<Int64>]) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var line: Int64 = 1
    var next = 0
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: ASCII.newline).map { $0 + 1 } ?? bytes.count
      while next < lines.count, lines[next].upperBound <= line { next += 1 }
      if next < lines.count, lines[next].contains(line) {
        if bytes[end - 1] == ASCII.newline { out.append(ASCII.newline) }
      } else {
        out += bytes[start..<end]
      }
      line += 1
      start = end
    }
    return out
  }

  /// Takes elements out of a JSON array, or the object that is all there is.
  ///
  /// The text was read before, so it is known to be well-formed.
  /// - Parameter ordinals: which ones, counted from 0.
  static func withoutElements(_ bytes: [UInt8], _ ordinals: Set<Int64>) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var scan = ArrayScan()
    var kept = false
    for byte in bytes {
      let place = scan.place(of: byte)
      switch place {
      case .around: out.append(byte)
      case .element(let ordinal):
        if !ordinals.contains(ordinal) {
          kept = true
          out.append(byte)
        } else if byte == ASCII.newline {
          out.append(byte)
        }
      case .comma(let before):
        // It stays between two elements that stay.
        if kept, !ordinals.contains(before + 1) { out.append(byte) }
      }
    }
    // Without an array the file would have no record and no sign that this is meant.
    if !scan.isArray, ordinals.contains(0) { out = Array("[]".utf8) + out }
    return out
  }
}

/// Tells where in an array of objects each byte of its text stands.
private struct ArrayScan {
  enum Place {
    /// Brackets of the array, and blanks.
    case around
    case element(Int64)
    /// The comma after an element.
    case comma(Int64)
  }

  private(set) var isArray = false
  private var depth = 0
  private var ordinal: Int64 = 0
  private var inText = false
  private var isEscaped = false

  mutating func place(of byte: UInt8) -> Place {
    if inText {
      if isEscaped {
        isEscaped = false
      } else if byte == ASCII.backslash {
        isEscaped = true
      } else if byte == ASCII.quote {
        inText = false
      }
      return .element(ordinal)
    }
    let outside = depth == (isArray ? 1 : 0)
    switch byte {
    case ASCII.quote:
      inText = true
      return .element(ordinal)
    case ASCII.openBracket where depth == 0 && !isArray:
      isArray = true
      depth = 1
      return .around
    case ASCII.openBracket, ASCII.openBrace:
      depth += 1
      return .element(ordinal)
    case ASCII.closeBracket where depth == 1 && isArray:
      depth = 0
      return .around
    case ASCII.closeBracket, ASCII.closeBrace:
      depth -= 1
      return .element(ordinal)
    case ASCII.comma where outside:
      defer { ordinal += 1 }
      return .comma(ordinal)
    default: return outside || depth == 0 ? .around : .element(ordinal)
    }
  }
}
