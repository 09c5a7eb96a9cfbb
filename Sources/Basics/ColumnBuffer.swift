/// Bytes that grow at their end and stay where they are while others read them.
///
/// The memory is the C library's, so a pointer to it may be handed to a C interface for as long
/// as the object lives. One thread writes; after that any number may read.
public final class GrowableBytes: @unchecked Sendable {
  @usableFromInline var start: UnsafeMutableRawPointer
  @usableFromInline var used = 0
  @usableFromInline var capacity: Int

  /// The first byte; valid until the next append.
  @inlinable public var base: UnsafeMutableRawPointer { start }
  /// Bytes in use.
  @inlinable public var count: Int { used }

  public init(capacity: Int = 64) {
    self.capacity = max(64, capacity)
    start = UnsafeMutableRawPointer.allocate(byteCount: self.capacity, alignment: 64)
  }

  deinit { start.deallocate() }

  /// Makes room for `more` further bytes.
  @inlinable @inline(__always)
  public func reserve(_ more: Int) {
    if used + more > capacity { grow(more) }
  }

  @usableFromInline
  func grow(_ more: Int) {
    capacity = max(capacity * 2, used + more)
    let moved = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 64)
    moved.copyMemory(from: start, byteCount: used)
    start.deallocate()
    start = moved
  }

  /// Adds a copy of `bytes`.
  @inlinable @inline(__always)
  public func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress else { return }
    reserve(bytes.count)
    (start + used).copyMemory(from: source, byteCount: bytes.count)
    used += bytes.count
  }

  /// Adds one value of a fixed-width type in the machine's byte order.
  @inlinable @inline(__always)
  public func append<T: BitwiseCopyable>(value: T) {
    reserve(MemoryLayout<T>.size)
    (start + used).storeBytes(of: value, as: T.self)
    used += MemoryLayout<T>.size
  }

  /// Forgets all bytes and keeps the memory.
  public func removeAll() { used = 0 }
}

/// A column under construction, in the memory layout of the Arrow columnar format.
///
/// Text and binary columns hold 32-bit offsets and bytes (UTF-8 for text), at most 2 GB; integer
/// columns 64-bit values.
/// A set bit in `validity` (least significant first) means that the row has a value.
public final class ColumnBuffer: @unchecked Sendable {
  /// What a column holds.
  public enum Kind: Hashable, Sendable {
    case text
    case binary
    case int64

    /// True if rows differ in length.
    @inlinable public var isVariable: Bool { self != .int64 }
  }

  public let kind: Kind
  /// Rows so far.
  @inlinable public var rows: Int { rowCount }
  /// Rows without a value.
  @inlinable public var nulls: Int { nullCount }
  @usableFromInline var rowCount = 0
  @usableFromInline var nullCount = 0
  /// The values of an integer column, or the bytes of another one.
  public let values: GrowableBytes
  /// The offsets of a text or binary column, one more than it has rows; empty otherwise.
  public let offsets: GrowableBytes
  /// One bit a row.
  public let validity: GrowableBytes

  /// An empty column with room for as many rows, and bytes of values, as are expected.
  public init(_ kind: Kind, rows: Int = 1024, bytes: Int? = nil) {
    self.kind = kind
    values = GrowableBytes(capacity: bytes ?? rows * 8)
    offsets = GrowableBytes(capacity: (rows + 1) * 4)
    validity = GrowableBytes(capacity: rows / 8 + 1)
    if kind.isVariable { offsets.append(value: Int32(0)) }
  }

  @inlinable @inline(__always)
  func mark(_ valid: Bool) {
    let bit = rowCount & 7
    if bit == 0 { validity.append(value: UInt8(0)) }
    if valid {
      let byte = validity.base + (rowCount >> 3)
      byte.storeBytes(of: byte.load(as: UInt8.self) | (1 << bit), as: UInt8.self)
    } else {
      nullCount += 1
    }
    rowCount += 1
  }

  /// Adds a text, which must be UTF-8, or bytes.
  @inlinable @inline(__always)
  public func append(_ bytes: UnsafeRawBufferPointer) {
    values.append(bytes)
    offsets.append(value: Int32(truncatingIfNeeded: values.count))
    mark(true)
  }

  /// Adds a text.
  public func append(_ text: String) {
    var text = text
    text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
  }

  /// Adds an integer.
  @inlinable @inline(__always)
  public func append(_ value: Int64) {
    values.append(value: value)
    mark(true)
  }

  /// Adds a row without a value.
  @inlinable @inline(__always)
  public func appendNull() {
    switch kind {
    case .text, .binary: offsets.append(value: Int32(truncatingIfNeeded: values.count))
    case .int64: values.append(value: Int64(0))
    }
    mark(false)
  }
}

/// Rows under construction: named columns of the same length.
public struct ColumnBatch: Sendable {
  /// The names, in the columns' order.
  public let names: [String]
  public let columns: [ColumnBuffer]

  public init(names: [String], columns: [ColumnBuffer]) {
    self.names = names
    self.columns = columns
  }

  /// Rows in the batch.
  public var rows: Int { columns.first?.rows ?? 0 }
  /// Bytes that texts and integers take.
  public var bytes: Int { columns.reduce(0) { $0 + $1.values.count } }
}
