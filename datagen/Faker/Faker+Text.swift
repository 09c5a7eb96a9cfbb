extension Faker {
  /// One common English word.
  public mutating func word() -> String { word(Things.text) }

  /// Some common words.
  public mutating func words(_ count: Int) -> [String] {
    (0..<max(0, count)).map { _ in word(Things.text) }
  }

  /// A sentence of 5 to 12 words that means nothing: a capital first, a full stop last.
  public mutating func sentence() -> String {
    let count = 5 + random.below(8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * 8)
    for index in 0..<count {
      if index > 0 { bytes.append(0x20) }
      bytes.append(contentsOf: word(Things.text).utf8)
    }
    if let first = bytes.first { bytes[0] = first & 0xDF }
    bytes.append(0x2E)
    return String(decoding: bytes, as: UTF8.self)
  }
}
