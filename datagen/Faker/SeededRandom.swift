/// A random number generator that gives the same numbers for the same seed on every machine.
///
/// The generator is xoshiro256** by David Blackman and Sebastiano Vigna; its four words of state
/// are filled by SplitMix64, as its authors advise. It is fast and not for secrets.
///
/// A stream can be derived by key: `SeededRandom(seed: 42, 7, 19)` gives numbers that have nothing
/// to do with those of `SeededRandom(seed: 42, 7, 20)`. Values made from streams of their own do
/// not depend on the order in which they are made.
@frozen
public struct SeededRandom: RandomNumberGenerator, Hashable, Sendable {
  @usableFromInline var a: UInt64
  @usableFromInline var b: UInt64
  @usableFromInline var c: UInt64
  @usableFromInline var d: UInt64

  /// The generator of a seed; any value will do, 0 too.
  @inlinable
  public init(seed: UInt64) {
    a = SeededRandom.mix(seed &+ SeededRandom.golden)
    b = SeededRandom.mix(seed &+ SeededRandom.golden &* 2)
    c = SeededRandom.mix(seed &+ SeededRandom.golden &* 3)
    d = SeededRandom.mix(seed &+ SeededRandom.golden &* 4)
  }

  /// The stream of a seed and one key.
  @inlinable
  public init(seed: UInt64, _ key: UInt64) {
    self.init(seed: SeededRandom.combine(seed, key))
  }

  /// The stream of a seed and two keys.
  @inlinable
  public init(seed: UInt64, _ first: UInt64, _ second: UInt64) {
    self.init(seed: SeededRandom.combine(SeededRandom.combine(seed, first), second))
  }

  /// The stream of a seed and a name, such as that of a table.
  public init(seed: UInt64, _ name: String, _ key: UInt64 = 0) {
    self.init(seed: seed, SeededRandom.key(name), key)
  }

  /// A number for a name: FNV-1a of its UTF-8 bytes, 64 bits.
  public static func key(_ name: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return hash
  }

  /// One seed made of a seed and a key.
  @inlinable
  public static func combine(_ seed: UInt64, _ key: UInt64) -> UInt64 {
    mix(mix(seed &+ golden) ^ (key &+ golden))
  }

  @usableFromInline static let golden: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// The finishing step of SplitMix64: every bit of the result depends on every bit of the input.
  @inlinable @inline(__always)
  public static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// The next 64 random bits.
  @inlinable @inline(__always)
  public mutating func next() -> UInt64 {
    let scrambled = b &* 5
    let result = (scrambled << 7 | scrambled >> 57) &* 9
    let shifted = b << 17
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = d << 45 | d >> 19
    return result
  }
}

extension SeededRandom {
  /// A whole number from 0 up to, and without, `bound`; 0 for a bound below 1.
  ///
  /// The high half of a 128-bit product is taken; its bias is below `bound` ÷ 2⁶⁴.
  @inlinable @inline(__always)
  public mutating func below(_ bound: Int) -> Int {
    guard bound > 1 else { return 0 }
    return Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A whole number of a range, both ends included.
  @inlinable @inline(__always)
  public mutating func int(_ range: ClosedRange<Int>) -> Int {
    let width = range.upperBound.subtractingReportingOverflow(range.lowerBound)
    let more = width.partialValue.addingReportingOverflow(1)
    guard !width.overflow, !more.overflow else { return Int(truncatingIfNeeded: next()) }
    return range.lowerBound + below(more.partialValue)
  }

  /// A number from 0 up to, and without, 1, in steps of 2⁻⁵³.
  @inlinable @inline(__always)
  public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// True with the given probability.
  @inlinable @inline(__always)
  public mutating func chance(_ probability: Double) -> Bool { unit() < probability }

  /// Any element; nil for an empty array.
  @inlinable
  public mutating func pick<Element>(_ elements: [Element]) -> Element? {
    elements.isEmpty ? nil : elements[below(elements.count)]
  }

  /// Puts the elements into a random order (Fisher and Yates).
  @inlinable
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    guard elements.count > 1 else { return }
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(last, below(last + 1))
    }
  }

  /// The elements in a random order.
  @inlinable
  public mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var elements = elements
    shuffle(&elements)
    return elements
  }
}
