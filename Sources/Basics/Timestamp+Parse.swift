extension Timestamp {
  /// Reads a date or a time as ISO 8601 spells it; nil for anything else.
  ///
  /// It is `yyyy-MM-dd`, or that with `HH:mm:ss`, up to nine decimals and a zone (`Z`, `+HH`,
  /// `+HH:mm` or `+HHmm`). Without a zone UTC is meant; what is finer than a microsecond is cut off.
  public init?(iso8601 text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 10,
      let date = CivilDate(String(decoding: bytes.prefix(10), as: UTF8.self))
    else { return nil }
    var micros = Int64(date.daysSinceEpoch) * 86_400_000_000
    var rest = bytes.dropFirst(10)
    if let separator = rest.popFirst() {
      guard separator == 0x20 || separator == UInt8(ascii: "T"),
        let hours = rest.number(2), rest.skip(":"), let minutes = rest.number(2), rest.skip(":"),
        let seconds = rest.number(2), hours < 24, minutes < 60, seconds < 60
      else { return nil }
      micros += (hours * 3600 + minutes * 60 + seconds) * 1_000_000
      if rest.skip(".") {
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        guard (1...9).contains(digits.count) else { return nil }
        rest = rest.dropFirst(digits.count)
        var fraction = Array(digits.prefix(6))[...]
        fraction += Array(repeating: 0x30, count: 6 - fraction.count)
        micros += fraction.number(6) ?? 0
      }
      guard let offset = rest.zone() else { return nil }
      micros -= offset * 1_000_000
    }
    self.init(microseconds: micros)
  }
}

extension ArraySlice<UInt8> {
  /// Takes a number of as many digits.
  fileprivate mutating func number(_ digits: Int) -> Int64? {
    guard count >= digits else { return nil }
    var value: Int64 = 0
    for byte in prefix(digits) {
      guard (0x30...0x39).contains(byte) else { return nil }
      value = value * 10 + Int64(byte - 0x30)
    }
    removeFirst(digits)
    return value
  }

  /// Takes a character; false where another one comes.
  fileprivate mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard first == UInt8(ascii: character) else { return false }
    removeFirst()
    return true
  }

  /// Takes a zone up to the end, in seconds east of UTC; 0 where there is none.
  fileprivate mutating func zone() -> Int64? {
    if isEmpty { return 0 }
    if skip("Z") { return isEmpty ? 0 : nil }
    let sign: Int64 = skip("-") ? -1 : skip("+") ? 1 : 0
    guard sign != 0, let hours = number(2) else { return nil }
    var seconds = hours * 3600
    if !isEmpty {
      _ = skip(":")
      guard let minutes = number(2), isEmpty else { return nil }
      seconds += minutes * 60
    }
    return sign * seconds
  }
}
