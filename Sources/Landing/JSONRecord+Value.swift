extension JSONRecord {
  /// Says what is wrong at a byte that does not fit.
  func fail<Output>(
    _ at: UnsafePointer<UInt8>, _ problem: LandingError.JSONProblem = .unexpectedByte
  ) -> Output? {
    place = at
    if at.pointee == 0 {
      self.problem = .end
    } else if at.pointee == ASCII.newline, !allowsNewlines {
      self.problem = .json(.lineEnds)
    } else {
      self.problem = .json(problem)
    }
    return nil
  }

  @inline(__always)
  func skipSpace(_ at: UnsafePointer<UInt8>) -> UnsafePointer<UInt8> {
    at.pointee > ASCII.space ? at : skipSpaces(at)
  }

  private func skipSpaces(_ start: UnsafePointer<UInt8>) -> UnsafePointer<UInt8> {
    var at = start
    while true {
      switch at.pointee {
      case ASCII.space, ASCII.tab, ASCII.carriageReturn: at += 1
      case ASCII.newline where allowsNewlines: at += 1
      default: return at
      }
    }
  }

  /// The text of a value and the place after it.
  @inline(__always)
  func value(
    _ at: UnsafePointer<UInt8>, _ base: UnsafePointer<UInt8>
  ) -> (Slot, after: UnsafePointer<UInt8>)? {
    let first = at.pointee
    if first == ASCII.quote {
      let end = WordScan.stringEnd(at + 1)
      if end.pointee == ASCII.quote { return (Slot(base, at + 1, end), end + 1) }
      guard let close = skipEscapes(end) else { return nil }
      return (Slot(base, at + 1, close, escaped: true), close + 1)
    }
    if first &- ASCII.zero < 10 || first == UInt8(ascii: "-") {
      guard let end = skipNumber(at) else { return nil }
      return (Slot(base, at, end), end)
    }
    guard let end = skipOther(at) else { return nil }
    return (first == UInt8(ascii: "n") ? .null : Slot(base, at, end), end)
  }

  /// The place after a literal, an array or an object.
  private func skipOther(_ at: UnsafePointer<UInt8>) -> UnsafePointer<UInt8>? {
    switch at.pointee {
    case UInt8(ascii: "n"): skipLiteral(at, "null")
    case UInt8(ascii: "t"): skipLiteral(at, "true")
    case UInt8(ascii: "f"): skipLiteral(at, "false")
    case ASCII.openBrace, ASCII.openBracket: skipNested(at)
    default: fail(at)
    }
  }

  private func skipLiteral(
    _ at: UnsafePointer<UInt8>, _ literal: StaticString
  ) -> UnsafePointer<UInt8>? {
    for index in 0..<literal.utf8CodeUnitCount where at[index] != literal.utf8Start[index] {
      return fail(at + index)
    }
    return at + literal.utf8CodeUnitCount
  }

  /// The place after a number; `at` is a minus sign or a digit.
  @inline(__always)
  private func skipNumber(_ at: UnsafePointer<UInt8>) -> UnsafePointer<UInt8>? {
    var end = at
    if end.pointee == UInt8(ascii: "-") { end += 1 }
    let first = end
    guard isDigit(end) else { return fail(end, .invalidNumber) }
    repeat { end += 1 } while isDigit(end)
    if first.pointee == ASCII.zero, end > first + 1 { return fail(first + 1, .invalidNumber) }
    if end.pointee == UInt8(ascii: ".") {
      end += 1
      guard isDigit(end) else { return fail(end, .invalidNumber) }
      repeat { end += 1 } while isDigit(end)
    }
    if end.pointee | 0x20 == UInt8(ascii: "e") {
      end += 1
      if end.pointee == UInt8(ascii: "+") || end.pointee == UInt8(ascii: "-") { end += 1 }
      guard isDigit(end) else { return fail(end, .invalidNumber) }
      repeat { end += 1 } while isDigit(end)
    }
    return end
  }

  @inline(__always)
  private func isDigit(_ at: UnsafePointer<UInt8>) -> Bool { at.pointee &- ASCII.zero < 10 }

  /// The place after a string that begins at `at`.
  private func skipString(_ at: UnsafePointer<UInt8>) -> UnsafePointer<UInt8>? {
    guard at.pointee == ASCII.quote else { return fail(at) }
    let end = WordScan.stringEnd(at + 1)
    if end.pointee == ASCII.quote { return end + 1 }
    return skipEscapes(end).map { $0 + 1 }
  }

  /// The place after an array or object, found without recursion.
  private func skipNested(_ start: UnsafePointer<UInt8>) -> UnsafePointer<UInt8>? {
    var at = start
    var depth = 0
    while true {
      // At a value.
      switch at.pointee {
      case ASCII.openBrace, ASCII.openBracket:
        // The record itself is one level, and this value opens another.
        guard depth + 2 <= JSONRecord.depthLimit else {
          return fail(at, .tooDeep(limit: JSONRecord.depthLimit))
        }
        let isObject = at.pointee == ASCII.openBrace
        setNesting(depth, isObject)
        depth += 1
        at = skipSpace(at + 1)
        if at.pointee == (isObject ? ASCII.closeBrace : ASCII.closeBracket) {
          at += 1
          depth -= 1
        } else {
          if isObject {
            guard let value = skipName(at) else { return nil }
            at = value
          }
          continue
        }
      case ASCII.quote:
        guard let end = skipString(at) else { return nil }
        at = end
      case UInt8(ascii: "-"), ASCII.zero...UInt8(ascii: "9"):
        guard let end = skipNumber(at) else { return nil }
        at = end
      default:
        guard let end = skipOther(at) else { return nil }
        at = end
      }
      // After a value: the next one, or the ends of what it stands in.
      var isNext = false
      while depth > 0, !isNext {
        at = skipSpace(at)
        let isObject = isObject(depth - 1)
        if at.pointee == ASCII.comma {
          at = skipSpace(at + 1)
          if isObject {
            guard let value = skipName(at) else { return nil }
            at = value
          }
          isNext = true
        } else if at.pointee == (isObject ? ASCII.closeBrace : ASCII.closeBracket) {
          at += 1
          depth -= 1
        } else {
          return fail(at)
        }
      }
      if !isNext { return at }
    }
  }

  /// The place of the value after a name.
  private func skipName(_ at: UnsafePointer<UInt8>) -> UnsafePointer<UInt8>? {
    guard let end = skipString(at) else { return nil }
    let colon = skipSpace(end)
    guard colon.pointee == ASCII.colon else { return fail(colon) }
    return skipSpace(colon + 1)
  }

  private func setNesting(_ depth: Int, _ isObject: Bool) {
    let bit: UInt64 = 1 << UInt64(depth & 63)
    nesting[depth >> 6] = isObject ? nesting[depth >> 6] | bit : nesting[depth >> 6] & ~bit
  }

  private func isObject(_ depth: Int) -> Bool {
    nesting[depth >> 6] >> UInt64(depth & 63) & 1 == 1
  }
}
