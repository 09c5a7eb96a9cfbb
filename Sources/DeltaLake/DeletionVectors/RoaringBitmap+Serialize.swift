/// Why bytes are no Roaring bitmap.
public enum RoaringError: Error, Hashable, Sendable {
  /// The bytes end before what they announce.
  case truncated
  /// Bytes follow the last container.
  case trailingBytes(Int)
  case unknownCookie(UInt32)
  /// Keys or positions that do not ascend.
  case notAscending
  /// A container that announces another number of positions than it holds.
  case wrongCardinality
  /// A position beyond what a file can have.
  case outOfRange
}

extension RoaringError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .truncated: "it ends too early"
    case .trailingBytes(let count): "\(count) bytes follow its end"
    case .unknownCookie(let cookie): "its cookie is \(cookie)"
    case .notAscending: "its positions do not ascend"
    case .wrongCardinality: "it does not hold as many positions as it announces"
    case .outOfRange: "a position is out of range"
    }
  }
}

/// The "portable" serialization of 64-bit Roaring bitmaps: a directory of 32-bit bitmaps
/// (RoaringFormatSpec, "Extension for 64-bit implementations"), all numbers little-endian.
extension RoaringBitmap {
  private static let cookieWithRuns: UInt32 = 12347
  private static let cookie: UInt32 = 12346
  /// From this many containers on, a bitmap with runs has the containers' offsets as well.
  private static let offsetsThreshold = 4

  /// Reads a bitmap that fills the bytes; all that could mislead a reader is an error.
  /// - Parameter limit: a position that is too great to be one; runs beyond it are not unfolded.
  public init(
    portable bytes: ArraySlice<UInt8>, limit: UInt64 = .max
  ) throws(RoaringError) {
    self.init()
    var reader = ByteReader(bytes)
    let buckets = try reader.u64()
    // Each bucket takes at least 8 bytes.
    guard buckets <= UInt64(bytes.count / 8) else { throw .truncated }
    var last: UInt32?
    for _ in 0..<Int(buckets) {
      let high = try reader.u32()
      guard last.map({ $0 < high }) ?? true else { throw .notAscending }
      guard high >> 31 == 0 else { throw .outOfRange }
      last = high
      try readBucket(UInt64(high) << 16, limit, &reader)
    }
    guard reader.left == 0 else { throw .trailingBytes(reader.left) }
  }

  private mutating func readBucket(
    _ high: UInt64, _ limit: UInt64, _ reader: inout ByteReader
  ) throws(RoaringError) {
    let start = reader.at
    let cookie = try reader.u32()
    var hasRuns: [UInt8] = []
    let count: Int
    if cookie & 0xFFFF == RoaringBitmap.cookieWithRuns {
      count = Int(cookie >> 16) + 1
      hasRuns = Array(try reader.take((count + 7) / 8))
    } else {
      guard cookie == RoaringBitmap.cookie else { throw .unknownCookie(cookie) }
      let announced = try reader.u32()
      guard announced <= 65_536 else { throw .outOfRange }
      count = Int(announced)
    }
    var headers: [(key: UInt16, count: Int)] = []
    headers.reserveCapacity(count)
    for _ in 0..<count {
      let key = try reader.u16()
      guard headers.last.map({ $0.key < key }) ?? true else { throw .notAscending }
      headers.append((key, Int(try reader.u16()) + 1))
    }
    var offsets: [UInt32] = []
    if hasRuns.isEmpty || count >= RoaringBitmap.offsetsThreshold {
      for _ in 0..<count { offsets.append(try reader.u32()) }
    }
    for (index, header) in headers.enumerated() {
      // Containers follow one another, so an offset that differs would lead elsewhere.
      if index < offsets.count, Int(offsets[index]) != reader.at - start { throw .outOfRange }
      guard (high | UInt64(header.key)) <= limit >> 16 else { throw .outOfRange }
      let isRun = !hasRuns.isEmpty && hasRuns[index >> 3] >> UInt8(index & 7) & 1 == 1
      let container =
        isRun
        ? try RoaringBitmap.readRuns(header.count, &reader)
        : try RoaringBitmap.readPlain(header.count, &reader)
      keys.append(high | UInt64(header.key))
      containers.append(container)
    }
  }

  private static func readPlain(
    _ count: Int, _ reader: inout ByteReader
  ) throws(RoaringError) -> Container {
    guard count > arrayLimit else {
      var array: [UInt16] = []
      array.reserveCapacity(count)
      for _ in 0..<count {
        let low = try reader.u16()
        guard array.last.map({ $0 < low }) ?? true else { throw .notAscending }
        array.append(low)
      }
      return .array(array)
    }
    var bits: [UInt64] = []
    bits.reserveCapacity(words)
    for _ in 0..<words { bits.append(try reader.u64()) }
    guard bits.reduce(0, { $0 + $1.nonzeroBitCount }) == count else { throw .wrongCardinality }
    return .bitmap(bits, count: count)
  }

  private static func readRuns(
    _ count: Int, _ reader: inout ByteReader
  ) throws(RoaringError) -> Container {
    var bits = [UInt64](repeating: 0, count: words)
    var next = 0
    var sum = 0
    for _ in 0..<Int(try reader.u16()) {
      let first = Int(try reader.u16())
      let last = first + Int(try reader.u16())
      guard first >= next else { throw .notAscending }
      guard last <= 0xFFFF else { throw .outOfRange }
      set(first...last, in: &bits)
      sum += last - first + 1
      next = last + 1
    }
    guard sum == count, let container = Container(words: bits) else { throw .wrongCardinality }
    return container
  }

  /// Sets neighbouring bits, whole words at once.
  private static func set(_ range: ClosedRange<Int>, in bits: inout [UInt64]) {
    let (first, last) = (range.lowerBound >> 6, range.upperBound >> 6)
    let from = UInt64.max << UInt64(range.lowerBound & 63)
    let through = UInt64.max >> UInt64(63 - range.upperBound & 63)
    if first == last { return bits[first] |= from & through }
    bits[first] |= from
    for word in first + 1..<last { bits[word] = .max }
    bits[last] |= through
  }

  /// The bitmap as bytes; containers of few long runs are written as runs.
  public var portable: [UInt8] {
    var buckets: [(high: UInt64, range: Range<Int>)] = []
    for (index, key) in keys.enumerated() {
      if buckets.last?.high == key >> 16 {
        buckets[buckets.count - 1].range = buckets[buckets.count - 1].range.lowerBound..<index + 1
      } else {
        buckets.append((key >> 16, index..<index + 1))
      }
    }
    var out: [UInt8] = []
    out.append(littleEndian: UInt64(buckets.count))
    for bucket in buckets {
      out.append(littleEndian: UInt32(truncatingIfNeeded: bucket.high))
      writeBucket(bucket.range, to: &out)
    }
    return out
  }

  private func writeBucket(_ range: Range<Int>, to out: inout [UInt8]) {
    let runs = range.map { containers[$0].shorterRuns }
    let hasRuns = runs.contains { $0 != nil }
    let start = out.count
    if hasRuns {
      out.append(
        littleEndian: RoaringBitmap.cookieWithRuns | UInt32(truncatingIfNeeded: range.count - 1)
          << 16)
      var flags = [UInt8](repeating: 0, count: (range.count + 7) / 8)
      for (index, run) in runs.enumerated() where run != nil {
        flags[index >> 3] |= 1 << UInt8(index & 7)
      }
      out += flags
    } else {
      out.append(littleEndian: RoaringBitmap.cookie)
      out.append(littleEndian: UInt32(truncatingIfNeeded: range.count))
    }
    for index in range {
      out.append(littleEndian: UInt16(truncatingIfNeeded: keys[index]))
      out.append(littleEndian: UInt16(truncatingIfNeeded: containers[index].count - 1))
    }
    if !hasRuns || range.count >= RoaringBitmap.offsetsThreshold {
      var offset = out.count - start + 4 * range.count
      for (index, run) in zip(range, runs) {
        out.append(littleEndian: UInt32(truncatingIfNeeded: offset))
        offset += run.map { 2 + 4 * $0.count } ?? containers[index].plainSize
      }
    }
    for (index, run) in zip(range, runs) {
      guard let run else {
        containers[index].writePlain(to: &out)
        continue
      }
      out.append(littleEndian: UInt16(truncatingIfNeeded: run.count))
      for part in run {
        out.append(littleEndian: part.lowerBound)
        out.append(littleEndian: part.upperBound - part.lowerBound)
      }
    }
  }
}

extension RoaringBitmap.Container {
  /// Bytes of the container written as array or bitmap.
  fileprivate var plainSize: Int {
    switch self {
    case .array(let array): array.count * 2
    case .bitmap: RoaringBitmap.words * 8
    }
  }

  /// Its runs of neighbours, where writing those takes fewer bytes.
  fileprivate var shorterRuns: [ClosedRange<UInt16>]? {
    let limit = (plainSize - 2) / 4
    var runs: [ClosedRange<UInt16>] = []
    var tooMany = false
    forEach { low in
      if tooMany { return }
      if let last = runs.last, last.upperBound == low &- 1, low > 0 {
        runs[runs.count - 1] = last.lowerBound...low
      } else {
        tooMany = runs.count >= limit
        runs.append(low...low)
      }
    }
    return !tooMany && 2 + 4 * runs.count < plainSize ? runs : nil
  }

  fileprivate func writePlain(to out: inout [UInt8]) {
    switch self {
    case .array(let array): for low in array { out.append(littleEndian: low) }
    case .bitmap(let words, _): for word in words { out.append(littleEndian: word) }
    }
  }
}

extension [UInt8] {
  fileprivate mutating func append(littleEndian value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }
}

/// Reads little-endian numbers from bytes and never beyond them.
private struct ByteReader {
  private let bytes: ArraySlice<UInt8>
  private(set) var at: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    at = bytes.startIndex
  }

  /// Bytes not read yet.
  var left: Int { bytes.endIndex - at }

  mutating func take(_ count: Int) throws(RoaringError) -> ArraySlice<UInt8> {
    guard count <= left else { throw .truncated }
    defer { at += count }
    return bytes[at..<at + count]
  }

  mutating func u16() throws(RoaringError) -> UInt16 {
    guard left >= 2 else { throw .truncated }
    defer { at += 2 }
    return UInt16(bytes[at]) | UInt16(bytes[at + 1]) << 8
  }

  mutating func u32() throws(RoaringError) -> UInt32 {
    UInt32(try u16()) | UInt32(try u16()) << 16
  }

  mutating func u64() throws(RoaringError) -> UInt64 {
    UInt64(try u32()) | UInt64(try u32()) << 32
  }
}
