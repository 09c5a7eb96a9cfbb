/// A set of row positions in a file, in the containers of the Roaring format.
///
/// Positions that share their upper 48 bits lie in one container: a sorted array while there are
/// few, else a bitmap of 65,536 bits. The form follows the content, so that equal sets compare
/// equal (S. Chambi et al., "Better bitmap performance with Roaring bitmaps", 2016).
public struct RoaringBitmap: Hashable, Sendable {
  /// The positions of one block of 65,536.
  enum Container: Hashable, Sendable {
    /// The lower 16 bits, ascending; at most `arrayLimit` of them.
    case array([UInt16])
    /// 1,024 words, bit 0 of the first word being position 0; more than `arrayLimit` bits are set.
    case bitmap([UInt64], count: Int)
  }

  /// Blocks by the upper 48 bits of their positions, ascending; none is empty.
  var keys: [UInt64] = []
  var containers: [Container] = []

  static let arrayLimit = 4096
  static let words = 1024

  public init() {}

  /// The set of some positions; order and repetitions mean nothing.
  public init(_ positions: some Sequence<UInt64>) {
    var builder = RoaringBitmapBuilder()
    for position in positions { builder.insert(position) }
    self = builder.finished()
  }

  public var isEmpty: Bool { keys.isEmpty }

  /// How many positions there are.
  public var count: Int {
    containers.reduce(0) { $0 + $1.count }
  }

  /// The greatest position; nil in an empty set.
  public var max: UInt64? {
    guard let key = keys.last, let low = containers.last?.max else { return nil }
    return key << 16 | UInt64(low)
  }

  public func contains(_ position: UInt64) -> Bool {
    guard let index = index(ofKey: position >> 16) else { return false }
    return containers[index].contains(UInt16(truncatingIfNeeded: position))
  }

  /// Calls with each position, ascending.
  public func forEach(_ body: (UInt64) throws -> Void) rethrows {
    for (key, container) in zip(keys, containers) {
      try container.forEach { try body(key << 16 | UInt64($0)) }
    }
  }

  /// The positions, ascending.
  public var positions: [UInt64] {
    var all: [UInt64] = []
    all.reserveCapacity(count)
    forEach { all.append($0) }
    return all
  }

  private func index(ofKey key: UInt64) -> Int? { place(of: key, in: keys) }
}

/// Where a value stands in ascending ones; nil where it is not among them.
private func place<T: Comparable>(of value: T, in ascending: [T]) -> Int? {
  var low = 0
  var high = ascending.count
  while low < high {
    let middle = (low + high) / 2
    if ascending[middle] == value { return middle }
    if ascending[middle] < value { low = middle + 1 } else { high = middle }
  }
  return nil
}

extension RoaringBitmap.Container {
  /// The container of a bitmap's bits in the form that fits their number; nil where none is set.
  init?(words: [UInt64]) {
    var count = 0
    for word in words { count += word.nonzeroBitCount }
    if count == 0 { return nil }
    if count > RoaringBitmap.arrayLimit {
      self = .bitmap(words, count: count)
    } else {
      var array: [UInt16] = []
      array.reserveCapacity(count)
      forEachBit(words) { array.append($0) }
      self = .array(array)
    }
  }

  var count: Int {
    switch self {
    case .array(let array): array.count
    case .bitmap(_, let count): count
    }
  }

  var max: UInt16? {
    switch self {
    case .array(let array): return array.last
    case .bitmap(let words, _):
      guard let word = words.lastIndex(where: { $0 != 0 }) else { return nil }
      return UInt16(truncatingIfNeeded: word * 64 + 63 - words[word].leadingZeroBitCount)
    }
  }

  func contains(_ low: UInt16) -> Bool {
    switch self {
    case .array(let array): return place(of: low, in: array) != nil
    case .bitmap(let words, _): return words[Int(low >> 6)] >> UInt64(low & 63) & 1 == 1
    }
  }

  func forEach(_ body: (UInt16) throws -> Void) rethrows {
    switch self {
    case .array(let array): for low in array { try body(low) }
    case .bitmap(let words, _): try forEachBit(words, body)
    }
  }

  /// All bits, whatever the form.
  var bits: [UInt64] {
    switch self {
    case .bitmap(let words, _): return words
    case .array(let array):
      var words = [UInt64](repeating: 0, count: RoaringBitmap.words)
      for low in array { words[Int(low >> 6)] |= 1 << UInt64(low & 63) }
      return words
    }
  }
}

/// Calls with the number of each bit that is set, ascending.
private func forEachBit(_ words: [UInt64], _ body: (UInt16) throws -> Void) rethrows {
  for index in 0..<words.count where words[index] != 0 {
    var rest = words[index]
    while rest != 0 {
      try body(UInt16(truncatingIfNeeded: index * 64 + rest.trailingZeroBitCount))
      rest &= rest &- 1
    }
  }
}

/// Collects positions in any order; ascending ones are fastest.
public struct RoaringBitmapBuilder: Sendable {
  private var done: [UInt64: [UInt64]] = [:]
  private var key: UInt64 = 0
  private var words: [UInt64] = []

  public init() {}

  /// Adds a position; one that is there already changes nothing.
  public mutating func insert(_ position: UInt64) {
    if words.isEmpty || position >> 16 != key { turn(to: position >> 16) }
    let low = Int(position & 0xFFFF)
    words[low >> 6] |= 1 << UInt64(low & 63)
  }

  private mutating func turn(to next: UInt64) {
    if !words.isEmpty { done[key] = words }
    words = []
    key = next
    words = done.removeValue(forKey: next) ?? [UInt64](repeating: 0, count: RoaringBitmap.words)
  }

  /// The set of all positions that were added.
  public consuming func finished() -> RoaringBitmap {
    if !words.isEmpty { done[key] = words }
    var bitmap = RoaringBitmap()
    for (key, words) in done.sorted(by: { $0.key < $1.key }) {
      guard let container = RoaringBitmap.Container(words: words) else { continue }
      bitmap.keys.append(key)
      bitmap.containers.append(container)
    }
    return bitmap
  }
}
