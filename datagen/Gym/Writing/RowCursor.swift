/// The end of the file in the making, for writers that lay out rows themselves: they keep it in a
/// variable of their own while they write many rows, and give it back in between.
struct RowCursor {
  /// The part's first byte; owned by the `RowWriter`.
  private(set) var bytes: UnsafeMutablePointer<UInt8>
  /// Bytes of the part so far.
  var count = 0
  private(set) var capacity: Int
  /// Rows of all days, and of this part.
  private(set) var rows = 0
  private(set) var partRows = 0
  /// True where the row that ended last is to be written once more.
  private(set) var repeatsRow = false
  private var repeats: QuirkSampler
  private let partLimit: Int
  private let isArray: Bool

  init(capacity: Int, repeats: QuirkSampler, partLimit: Int, isArray: Bool) {
    bytes = .allocate(capacity: capacity)
    self.capacity = capacity
    self.repeats = repeats
    self.partLimit = partLimit
    self.isArray = isArray
  }

  /// True once the part is as large as a file may become.
  var isFull: Bool { count >= partLimit }

  /// Ends a row that lacks only what separates rows; two more bytes must have been reserved.
  /// - Returns: true where `RowWriter.finishRow` must be called.
  @inline(__always)
  mutating func endRow() -> Bool {
    if isArray {
      bytes[count] = 0x2C
      count &+= 1
    }
    bytes[count] = 0x0A
    count &+= 1
    rows &+= 1
    partRows &+= 1
    repeatsRow = repeats.hits()
    return repeatsRow || isFull
  }

  /// Counts a row that was copied here with all its bytes.
  mutating func countRow() {
    rows += 1
    partRows += 1
  }

  /// Random bits about the repeat of a row.
  mutating func repeatDetail() -> UInt64 { repeats.detail() }

  /// Makes room for further bytes.
  @inline(__always)
  mutating func reserve(_ more: Int) {
    if count &+ more > capacity { grow(more) }
  }

  @inline(never)
  private mutating func grow(_ more: Int) {
    capacity = max(capacity * 2, count + more)
    let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    moved.update(from: bytes, count: count)
    bytes.deallocate()
    bytes = moved
  }

  /// Adds bytes as they are.
  mutating func write(_ some: [UInt8]) {
    reserve(some.count)
    some.withUnsafeBufferPointer { source in
      if let from = source.baseAddress { (bytes + count).update(from: from, count: source.count) }
    }
    count += some.count
  }

  /// Takes the part out.
  mutating func takePart() -> [UInt8] {
    if isArray {
      // The last object is followed by a comma, which becomes the newline before the bracket.
      count -= 2
      write(Array("\n]\n".utf8))
    }
    defer {
      count = 0
      partRows = 0
    }
    return Array(UnsafeBufferPointer(start: bytes, count: count))
  }

  /// Forgets a part without rows.
  mutating func clear() {
    count = 0
    partRows = 0
  }
}
