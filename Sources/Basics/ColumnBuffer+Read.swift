extension ColumnBuffer {
  /// True where a row has a value; false for a row that the column does not have.
  public func hasValue(_ row: Int) -> Bool {
    guard row >= 0, row < rows else { return false }
    return validity.base.load(fromByteOffset: row >> 3, as: UInt8.self) >> UInt8(row & 7) & 1 == 1
  }

  /// The text of a row; nil for a row without a value and for a column of integers.
  public func text(_ row: Int) -> String? {
    guard kind == .text, hasValue(row) else { return nil }
    let start = Int(offsets.base.load(fromByteOffset: row * 4, as: Int32.self))
    let end = Int(offsets.base.load(fromByteOffset: row * 4 + 4, as: Int32.self))
    return String(
      decoding: UnsafeRawBufferPointer(start: values.base + start, count: end - start),
      as: UTF8.self)
  }

  /// The integer of a row; nil for a row without a value and for a column of texts.
  public func integer(_ row: Int) -> Int64? {
    guard kind == .int64, hasValue(row) else { return nil }
    return values.base.load(fromByteOffset: row * 8, as: Int64.self)
  }
}
