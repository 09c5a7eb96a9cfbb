/// Where the text of one value lies in the window.
struct Slot {
  var start: UInt32
  /// Bytes, with `escaped` in the upper bit; or `null`.
  var length: UInt32

  static let escaped: UInt32 = 1 << 31
  static let null = Slot(start: 0, length: .max)
  /// A null for a member that the record does not have.
  static let absent = Slot(start: 1, length: .max)

  @inline(__always)
  init(start: UInt32, length: UInt32) {
    self.start = start
    self.length = length
  }

  /// A text between two places.
  /// - Parameter escaped: whether it holds escapes that are undone when it is copied.
  @inline(__always)
  init(
    _ base: UnsafePointer<UInt8>, _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>,
    escaped: Bool = false
  ) {
    self.start = UInt32(truncatingIfNeeded: start - base)
    length = UInt32(truncatingIfNeeded: end - start) | (escaped ? Slot.escaped : 0)
  }

  /// True where the record has no such member, false where it has one, be it null.
  var isAbsent: Bool { length == .max && start == 1 }

  /// Bytes, for a slot that is not NULL.
  var count: Int { Int(length & ~Slot.escaped) }
}

/// Rows that were split but not copied yet: for each its line, and the slots of its values.
///
/// Columns are filled from a block one after the other, which costs far less than a row at a time.
final class RowBlock {
  /// Slots of a row.
  let width: Int
  /// Rows that fit.
  let capacity: Int
  let slots: UnsafeMutablePointer<Slot>
  let lines: UnsafeMutablePointer<Int64>
  /// For each row the end of its members that are not declared, in the scanner's list of these.
  let extraEnds: UnsafeMutablePointer<Int>
  var rows = 0

  init(width: Int) {
    self.width = width
    capacity = min(1024, max(1, 16_384 / max(1, width)))
    slots = .allocate(capacity: capacity * max(1, width))
    slots.initialize(repeating: .null, count: capacity * max(1, width))
    lines = .allocate(capacity: capacity)
    lines.initialize(repeating: 0, count: capacity)
    extraEnds = .allocate(capacity: capacity)
    extraEnds.initialize(repeating: 0, count: capacity)
  }

  deinit {
    slots.deallocate()
    lines.deallocate()
    extraEnds.deallocate()
  }
}
