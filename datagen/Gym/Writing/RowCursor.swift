/// The end of the file in the making, for writers that lay out rows themselves: they keep it in a
/// variable of their own while they write many rows, and give it back in between.
struct RowCursor: Sendable {
  private var memory: Memory
  /// Bytes of the part so far.
  var count = 0
  /// Rows of all days, and of this part.
  private(set) var rows = 0
  private(set) var partRows = 0
  /// True where the row that ended last is to be written once more.
  private(set) var repeatsRow = false
  private var repeats: QuirkSampler
  private let partLimit: Int
  private let isArray: Bool

  init(capacity: Int, repeats: QuirkSampler, partLimit: Int, isArray: Bool) {
    memory = Memory(count: capacity)
    self.repeats = repeats
    self.partLimit = partLimit
    self.isArray = isArray
  }

  /// The part's first byte; valid until more is reserved.
  @inline(__always)
  var bytes: UnsafeMutablePointer<UInt8> { memory.start }

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
    if count &+ more > memory.count { grow(more) }
  }

  @inline(never)
  private mutating func grow(_ more: Int) {
    let moved = Memory(count: max(memory.count * 2, count + more))
    moved.start.update(from: bytes, count: count)
    memory = moved
  }

  /// Adds bytes as they are.
  mutating func write(_ some: [UInt8]) {
    some.withUnsafeBufferPointer { write($0) }
  }

  /// Adds bytes as they are.
  @inline(__always)
  mutating func write(_ some: UnsafeBufferPointer<UInt8>) {
    reserve(some.count)
    if let from = some.baseAddress { (bytes + count).update(from: from, count: some.count) }
    count &+= some.count
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
