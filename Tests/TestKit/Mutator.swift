/// Damages real inputs, the same way for the same seed.
public struct Mutator {
  public var random: Seeded
  /// Other inputs of the same kind, of which pieces are put in.
  public let others: [[UInt8]]

  public init(seed: UInt64, others: [[UInt8]] = []) {
    random = Seeded(seed)
    self.others = others
  }

  /// Numbers at the edges of the types that hold them, and what looks like one and is none.
  public static let numbers = [
    "-9223372036854775808", "9223372036854775807", "9223372036854775808", "-1", "0", "-0",
    "2147483647", "2147483648", "-2147483648", "4294967295", "4294967296", "18446744073709551616",
    "1e400", "-1e400", "1e-400", "NaN", "Infinity", "1.5", "1E2", "0.1e1", "null", "\"7\"",
    "170141183460469231731687303715884105728", String(repeating: "9", count: 400),
  ]

  /// Numbers of 64 bits as bytes hold them.
  private static let words: [UInt64] = [
    0, 1, .max, 1 << 63, (1 << 63) - 1, 1 << 32, (1 << 32) - 1, 1 << 31, (1 << 31) - 1, 0xFFFF,
    0x10000, 4096, 4097, 12_346, 12_347,
  ]

  private static let marks =
    Array("\"\\,\n\r{}[]:0u\u{0}tfn-+eE.; %/=@~`".utf8) + [
      0xFF, 0xC3, 0xF0, 0x80, 0xED,
    ]

  private mutating func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }

  /// One of some things; they must not be none.
  public mutating func pick<T>(_ things: [T]) -> T { things[number(0..<things.count)] }

  /// Does one kind of damage to some bytes, or several.
  public mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    repeat { damage(&bytes) } while random.once(in: 3)
    return bytes
  }

  private mutating func damage(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else {
      bytes = Array(pick(Mutator.numbers).utf8)
      return
    }
    let at = number(0..<bytes.count)
    let end = min(bytes.count, at + number(1..<64))
    switch number(0..<13) {
    case 0, 1: bytes[at] ^= 1 << UInt8(number(0..<8))
    case 2: bytes[at] = pick(Mutator.marks)
    case 3: bytes.insert(pick(Mutator.marks), at: at)
    case 4: bytes.removeSubrange(at..<end)
    case 5: bytes.removeSubrange(at...)
    case 6: repeatPiece(&bytes, at..<end)
    case 7: splice(&bytes, at..<end)
    case 8, 9: replaceNumber(&bytes, from: at)
    case 10: putWord(&bytes, at)
    // A combining accent, which makes one character of itself and the sign before it.
    case 11: bytes.insert(contentsOf: [0xCC, 0x81], at: end)
    default:
      if random.once(in: 60) { nest(&bytes, at) } else { bytes[at] = UInt8(number(0..<256)) }
    }
  }

  private mutating func repeatPiece(_ bytes: inout [UInt8], _ range: Range<Int>) {
    let piece = Array(bytes[range])
    let times = random.once(in: 50) ? 2000 : number(1..<5)
    bytes.insert(contentsOf: (0..<times).flatMap { _ in piece }, at: range.upperBound)
  }

  private mutating func splice(_ bytes: inout [UInt8], _ range: Range<Int>) {
    let other = others.isEmpty ? bytes : pick(others)
    guard !other.isEmpty else { return }
    let start = number(0..<other.count)
    let end = min(other.count, start + number(1..<200))
    bytes.replaceSubrange(range, with: other[start..<end])
  }

  /// Puts another number in the place of the next one behind a position.
  private mutating func replaceNumber(_ bytes: inout [UInt8], from at: Int) {
    func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
    guard let start = bytes[at...].firstIndex(where: isDigit) else { return }
    let end = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.count
    bytes.replaceSubrange(start..<end, with: pick(Mutator.numbers).utf8)
  }

  private mutating func putWord(_ bytes: inout [UInt8], _ at: Int) {
    let word = pick(Mutator.words)
    let count = min(pick([2, 4, 8]), bytes.count - at)
    let bigEndian = Bool.random(using: &random)
    for index in 0..<count {
      let shift = UInt64(8 * (bigEndian ? count - 1 - index : index))
      bytes[at + index] = UInt8(truncatingIfNeeded: word >> shift)
    }
  }

  /// Goes 10,000 deep, with or without the way back.
  private mutating func nest(_ bytes: inout [UInt8], _ at: Int) {
    let (open, close) = pick([("[", "]"), ("{\"a\":", "}"), ("{\"type\":", "}"), ("[[", "]]")])
    let depth = 10_000
    bytes.insert(contentsOf: String(repeating: open, count: depth).utf8, at: at)
    if Bool.random(using: &random) {
      bytes += Array(String(repeating: close, count: depth).utf8)
    }
  }
}
