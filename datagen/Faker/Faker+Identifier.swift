extension Faker {
  private static let hexadecimal: [UInt8] = Array("0123456789abcdef".utf8)

  /// A random UUID (RFC 9562, version 4) in lower case.
  public mutating func uuid() -> String {
    let high = random.next() & ~0xF000 | 0x4000
    let low = random.next() & ~(3 << 62) | (2 << 62)
    return ASCIIText.make(36) { text in
      for position in 0..<32 {
        if position == 8 || position == 12 || position == 16 || position == 20 { text.add(0x2D) }
        let half = position < 16 ? high : low
        text.add(Faker.hexadecimal[Int(half >> UInt64(60 - position % 16 * 4) & 15)])
      }
    }
  }

  /// A network card's address, such as `02:4f:9a:11:7c:e0`, of the kind that no maker gives out
  /// (locally administered, for one receiver).
  public mutating func mac() -> String {
    let bits = random.next() & ~(3 << 40) | (2 << 40)
    return ASCIIText.make(17) { text in
      for byte in 0..<6 {
        if byte > 0 { text.add(0x3A) }
        let value = bits >> UInt64(40 - byte * 8)
        text.add(Faker.hexadecimal[Int(value >> 4 & 15)])
        text.add(Faker.hexadecimal[Int(value & 15)])
      }
    }
  }
}
