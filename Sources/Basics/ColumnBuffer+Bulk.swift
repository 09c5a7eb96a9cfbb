extension GrowableBytes {
  /// Bytes past the end of a text that a bulk writer may spoil, so that it can copy in whole words.
  public static let slack = 32
}

extension ColumnBuffer {
  /// Adds many texts, each written where it will stay.
  ///
  /// - Parameters:
  ///   - rows: how many texts.
  ///   - bytes: no less than all texts together take.
  ///   - write: writes the text of a row at the given place and answers its bytes, or a negative
  ///     number for a row without a value. What it writes must be UTF-8; it may spoil up to
  ///     `GrowableBytes.slack` bytes after the text.
  @inlinable
  public func appendTexts(
    rows: Int, bytes: Int, _ write: (_ row: Int, _ place: UnsafeMutableRawPointer) -> Int
  ) {
    values.reserve(bytes + GrowableBytes.slack)
    offsets.reserve(rows * 4)
    let texts = values.start
    let ends = offsets.start + offsets.used
    var used = values.used
    var bits = ValidityBits(of: self, rows: rows)
    for row in 0..<rows {
      let count = write(row, texts + used)
      bits.append(count >= 0)
      used += max(count, 0)
      ends.storeBytes(of: Int32(truncatingIfNeeded: used), toByteOffset: row * 4, as: Int32.self)
    }
    values.used = used
    offsets.used += rows * 4
    bits.finish(self)
  }

  /// Adds many integers.
  public func append(_ integers: UnsafeBufferPointer<Int64>) {
    values.append(UnsafeRawBufferPointer(integers))
    var bits = ValidityBits(of: self, rows: integers.count)
    for _ in 0..<integers.count { bits.append(true) }
    bits.finish(self)
  }

  /// Adds the same integer in many rows.
  public func append(repeating integer: Int64, rows: Int) {
    for _ in 0..<rows { append(integer) }
  }

  /// Adds rows without a value to a text column.
  public func appendNullTexts(rows: Int) {
    appendTexts(rows: rows, bytes: 0) { _, _ in -1 }
  }
}

/// The validity bits of rows that are being added, put together in a register.
@usableFromInline
struct ValidityBits {
  @usableFromInline var place: UnsafeMutableRawPointer
  @usableFromInline var bits: UInt8
  @usableFromInline var bit: UInt8
  @usableFromInline var rows = 0
  @usableFromInline var valid = 0

  @inlinable
  init(of column: ColumnBuffer, rows: Int) {
    column.validity.reserve(rows / 8 + 2)
    place = column.validity.start + column.rowCount >> 3
    bit = UInt8(column.rowCount & 7)
    bits = bit == 0 ? 0 : place.load(as: UInt8.self)
  }

  @inlinable @inline(__always)
  mutating func append(_ hasValue: Bool) {
    let one: UInt8 = hasValue ? 1 : 0
    bits |= one &<< bit
    valid &+= Int(one)
    rows &+= 1
    bit &+= 1
    if bit == 8 {
      place.storeBytes(of: bits, as: UInt8.self)
      place += 1
      bits = 0
      bit = 0
    }
  }

  @inlinable
  func finish(_ column: ColumnBuffer) {
    if bit > 0 { place.storeBytes(of: bits, as: UInt8.self) }
    column.rowCount += rows
    column.nullCount += rows - valid
    column.validity.used = (column.rowCount + 7) / 8
  }
}
