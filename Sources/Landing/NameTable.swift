/// The member names of a JSON file: the declared ones first, then others as they are met.
///
/// A name is found by its bytes, or with one comparison where the caller knows which comes next.
final class NameTable {
  /// Names beyond the declared ones that are remembered; a file may use names as if they were
  /// values.
  static let othersLimit = 1000
  /// Bytes of such a name.
  static let otherBytes = 1024

  /// A name as it stands in a record, with the quote and the colon after it.
  struct Pattern {
    let bytes: UnsafeMutablePointer<UInt8>
    /// Bytes with quote and colon.
    let count: Int
    /// False where the name can only be written with escapes.
    let isPlain: Bool
  }

  /// How many names are declared.
  let declared: Int
  private(set) var names: [String] = []
  /// The names that are not declared.
  var others: ArraySlice<String> { names[declared...] }
  let patterns: UnsafeMutablePointer<Pattern>
  private let capacity: Int
  /// What the patterns of names that are still to come point to.
  private let blank: UnsafeMutablePointer<UInt8>
  /// Numbers of names by hash, -1 where there is none; a power of two, never more than half full.
  private var places: [Int32]
  private let seed = UInt64.random(in: .min ... .max)

  /// - Parameter declared: names that differ from each other.
  init(declared: [String]) {
    self.declared = declared.count
    capacity = declared.count + NameTable.othersLimit
    blank = .allocate(capacity: 8)
    blank.initialize(repeating: 0, count: 8)
    patterns = .allocate(capacity: capacity)
    patterns.initialize(
      repeating: Pattern(bytes: blank, count: 0, isPlain: false), count: capacity)
    var size = 16
    while size < capacity * 2 { size *= 2 }
    places = [Int32](repeating: -1, count: size)
    for name in declared {
      let bytes = Array(name.utf8) + [UInt8](repeating: 0, count: 8)
      bytes.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        _ = number(base, count: buffer.count - 8)
      }
    }
  }

  deinit {
    for pattern in UnsafeBufferPointer(start: patterns, count: names.count) {
      pattern.bytes.deallocate()
    }
    patterns.deallocate()
    blank.deallocate()
  }

  /// True where a name, its quote and a colon stand at `text`.
  @inline(__always)
  func matches(_ number: Int, _ text: UnsafePointer<UInt8>) -> Bool {
    let pattern = patterns[number]
    let count = pattern.count
    var at = 0
    while at + 8 <= count {
      if WordScan.load(text + at) != WordScan.load(pattern.bytes + at) { return false }
      at += 8
    }
    let difference = WordScan.load(text + at) ^ WordScan.load(pattern.bytes + at)
    return difference & NameTable.lowBytes(count - at) == 0 && pattern.isPlain
  }

  /// The number of a name, which is remembered if it is new; nil where it is not.
  /// - Parameter name: its text without escapes; eight further bytes may be looked at.
  func number(_ name: UnsafePointer<UInt8>, count: Int) -> Int? {
    var place = Int(truncatingIfNeeded: hash(name, count)) & (places.count - 1)
    while places[place] >= 0 {
      let number = Int(places[place])
      if isEqual(patterns[number], name, count) { return number }
      place = (place + 1) & (places.count - 1)
    }
    guard names.count < declared || (names.count < capacity && count <= NameTable.otherBytes)
    else { return nil }
    places[place] = Int32(names.count)
    add(name, count)
    return names.count - 1
  }

  private func add(_ name: UnsafePointer<UInt8>, _ count: Int) {
    let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: count + 16)
    bytes.initialize(repeating: 0, count: count + 16)
    bytes.update(from: name, count: count)
    bytes[count] = ASCII.quote
    bytes[count + 1] = ASCII.colon
    let isPlain = WordScan.stringEnd(bytes, before: bytes + count) == bytes + count
    patterns[names.count] = Pattern(bytes: bytes, count: count + 2, isPlain: isPlain)
    names.append(
      String(decoding: UnsafeBufferPointer(start: name, count: count), as: UTF8.self))
  }

  private func isEqual(
    _ pattern: Pattern, _ name: UnsafePointer<UInt8>, _ count: Int
  ) -> Bool {
    guard pattern.count == count + 2 else { return false }
    for index in 0..<count where pattern.bytes[index] != name[index] { return false }
    return true
  }

  private func hash(_ name: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
    var hash = seed ^ UInt64(count)
    var at = 0
    while at < count {
      hash ^= WordScan.load(name + at) & NameTable.lowBytes(count - at)
      // The odd number nearest to 2^64 divided by the golden ratio spreads the bits upwards.
      hash = hash &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 29
      at += 8
    }
    return hash
  }

  /// A word with as many of its low bytes set, all of them from eight on.
  @inline(__always)
  private static func lowBytes(_ count: Int) -> UInt64 {
    count >= 8 ? .max : (1 &<< UInt64(count &* 8)) &- 1
  }
}
