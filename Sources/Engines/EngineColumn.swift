import Basics
internal import CADBC

/// A column of a batch; it keeps the batch's memory alive.
public struct EngineColumn {
  /// Name and type.
  public let field: EngineField
  private let array: UnsafeMutablePointer<ArrowArray>
  private let keptBy: EngineBatch
  private let offset: Int

  init(field: EngineField, array: UnsafeMutablePointer<ArrowArray>, keptBy: EngineBatch) {
    self.field = field
    self.array = array
    self.keptBy = keptBy
    offset = Int(array.pointee.offset)
  }

  private func buffer<T>(_ index: Int, as type: T.Type) -> UnsafePointer<T>? {
    guard index < Int(array.pointee.n_buffers) else { return nil }
    return array.pointee.buffers?[index]?.assumingMemoryBound(to: T.self)
  }

  private func element<T>(_ type: T.Type, _ row: Int) -> T? {
    buffer(1, as: T.self)?[offset + row]
  }

  private func bit(_ index: Int, _ row: Int) -> Bool? {
    buffer(index, as: UInt8.self).map {
      $0[(offset + row) >> 3] >> UInt8((offset + row) & 7) & 1 == 1
    }
  }

  /// True where the row has no value.
  public func isNull(_ row: Int) -> Bool {
    if case .null = field.type { return true }
    guard array.pointee.null_count != 0 else { return false }
    return !(bit(0, row) ?? true)
  }

  /// The bytes of a text or binary row, not copied; nil for NULL.
  public func withBytes<R>(_ row: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows
    -> R?
  {
    guard !isNull(row) else { return nil }
    let isWide: Bool
    switch field.type {
    case .text(let wide), .binary(let wide): isWide = wide
    default: return nil
    }
    guard let bounds = bounds(row, wide: isWide) else { return nil }
    let bytes = buffer(2, as: UInt8.self)
    return try body(
      UnsafeBufferPointer(start: bytes.map { $0 + bounds.lowerBound }, count: bounds.count))
  }

  /// A 64-bit or narrower whole number; nil for NULL and for other types.
  public func int(_ row: Int) -> Int64? {
    guard !isNull(row) else { return nil }
    return switch field.type {
    case .int(8, true): element(Int8.self, row).map(Int64.init)
    case .int(8, false): element(UInt8.self, row).map(Int64.init)
    case .int(16, true): element(Int16.self, row).map(Int64.init)
    case .int(16, false): element(UInt16.self, row).map(Int64.init)
    case .int(32, true): element(Int32.self, row).map(Int64.init)
    case .int(32, false): element(UInt32.self, row).map(Int64.init)
    case .int(64, true): element(Int64.self, row)
    case .int(64, false): element(UInt64.self, row).flatMap { Int64(exactly: $0) }
    default: nil
    }
  }

  /// A text row; nil for NULL and for other types.
  public func string(_ row: Int) -> String? {
    guard case .text = field.type else { return nil }
    return withBytes(row) { String(decoding: $0, as: UTF8.self) }
  }

  /// The row's value, whatever its type.
  public func value(_ row: Int) -> Value {
    guard !isNull(row) else { return .null }
    switch field.type {
    case .null: return .null
    case .bool: return bit(1, row).map(Value.bool) ?? .null
    case .int(64, signed: false): return element(UInt64.self, row).map(Value.unsigned) ?? .null
    case .int: return int(row).map(Value.int) ?? .null
    case .float: return element(Float.self, row).map(Value.float) ?? .null
    case .double: return element(Double.self, row).map(Value.double) ?? .null
    case .decimal(_, let scale, let bits): return decimal(row, scale: scale, bits: bits)
    case .text: return string(row).map(Value.text) ?? .null
    case .binary: return withBytes(row) { Value.binary(Array($0)) } ?? .null
    case .fixedBinary(let width):
      let bytes = buffer(1, as: UInt8.self).map {
        Array(UnsafeBufferPointer(start: $0 + (offset + row) * width, count: width))
      }
      return bytes.map(Value.binary) ?? .null
    case .date:
      return element(Int32.self, row).map { .date(CivilDate(daysSinceEpoch: Int($0))) } ?? .null
    case .timestamp(let perSecond, let zoned):
      return element(Int64.self, row).map {
        .timestamp(Timestamp(microseconds: microseconds($0, perSecond)), zoned: zoned)
      } ?? .null
    case .time(let perSecond):
      let raw =
        perSecond <= 1000 ? element(Int32.self, row).map(Int64.init) : element(Int64.self, row)
      return raw.map { .time(microseconds($0, perSecond)) } ?? .null
    case .interval:
      guard let base = buffer(1, as: UInt8.self) else { return .null }
      let place = UnsafeRawPointer(base + (offset + row) * 16)
      return .interval(
        months: place.load(as: Int32.self), days: place.load(fromByteOffset: 4, as: Int32.self),
        nanoseconds: place.load(fromByteOffset: 8, as: Int64.self))
    case .list(let element, let wide): return list(row, element, wide: wide)
    case .fixedList(let element, let size):
      guard let items = child(0, element) else { return .null }
      return .list(((offset + row) * size..<(offset + row + 1) * size).map { items.value($0) })
    case .structure(let fields):
      return .structure(
        fields.enumerated().map { index, field in
          (field.name, child(index, field)?.value(offset + row) ?? .null)
        })
    case .map(let key, let value): return map(row, key: key, value: value)
    case .dictionary(let index, let values):
      guard let dictionary = array.pointee.dictionary,
        let place = EngineColumn(field: index, array: array, keptBy: keptBy).int(row)
      else { return .null }
      return EngineColumn(field: values, array: dictionary, keptBy: keptBy).value(Int(place))
    }
  }

  private func microseconds(_ value: Int64, _ perSecond: Int64) -> Int64 {
    guard perSecond <= 1_000_000 else {
      return Int64(floorDivide(Int(value), Int(perSecond / 1_000_000)))
    }
    // Infinity is the greatest number in every unit.
    let (product, overflow) = value.multipliedReportingOverflow(by: 1_000_000 / perSecond)
    return overflow ? (value < 0 ? .min : .max) : product
  }

  private func decimal(_ row: Int, scale: Int, bits: Int) -> Value {
    switch bits {
    case 32: return element(Int32.self, row).map { .decimal(Int128($0), scale: scale) } ?? .null
    case 64: return element(Int64.self, row).map { .decimal(Int128($0), scale: scale) } ?? .null
    default:
      guard let base = buffer(1, as: UInt8.self) else { return .null }
      let place = UnsafeRawPointer(base + (offset + row) * (bits / 8))
      return .decimal(place.loadUnaligned(as: Int128.self), scale: scale)
    }
  }

  private func child(_ index: Int, _ field: EngineField) -> EngineColumn? {
    guard index < Int(array.pointee.n_children), let child = array.pointee.children?[index] else {
      return nil
    }
    return EngineColumn(field: field, array: child, keptBy: keptBy)
  }

  /// Where the row's bytes or elements begin and end; nil for a column without offsets.
  private func bounds(_ row: Int, wide: Bool) -> Range<Int>? {
    wide ? bounds(row, Int64.self) : bounds(row, Int32.self)
  }

  @inline(__always)
  private func bounds<T: BinaryInteger>(_ row: Int, _ type: T.Type) -> Range<Int>? {
    buffer(1, as: T.self).map {
      Int($0[offset + row])..<Int($0[offset + row + 1])
    }
  }

  private func list(_ row: Int, _ element: EngineField, wide: Bool) -> Value {
    guard let items = child(0, element) else { return .null }
    return .list((bounds(row, wide: wide) ?? 0..<0).map { items.value($0) })
  }

  private func map(_ row: Int, key: EngineField, value: EngineField) -> Value {
    let pair = EngineField(name: "entries", type: .structure([key, value]))
    guard let entries = child(0, pair), let keys = entries.child(0, key),
      let values = entries.child(1, value)
    else { return .null }
    return .map(
      (bounds(row, wide: false) ?? 0..<0).map {
        (keys.value(entries.offset + $0), values.value(entries.offset + $0))
      })
  }
}
