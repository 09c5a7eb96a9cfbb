import Basics

/// The texts of days near the one that is written, ready to be copied.
///
/// Each day that is asked for stays until another one with the same last six bits is asked for.
struct DateBytes {
  private struct Entry {
    var day = Int.min
    /// `yyyy-MM-dd` in the first ten bytes.
    var iso: (UInt64, UInt16) = (0, 0)
    /// `MM/dd/yyyy` in the first ten bytes.
    var american: (UInt64, UInt16) = (0, 0)
  }

  private var entries = [Entry](repeating: Entry(), count: 64)

  /// Writes `yyyy-MM-dd`, ten bytes.
  @inline(__always)
  mutating func writeISO(_ day: Int, to bytes: UnsafeMutablePointer<UInt8>) {
    let index = day & 63
    if entries[index].day != day { entries[index] = make(day) }
    bytes.store(entries[index].iso.0, at: 0)
    bytes.store(entries[index].iso.1, at: 8)
  }

  /// Writes `MM/dd/yyyy`, ten bytes.
  @inline(__always)
  mutating func writeAmerican(_ day: Int, to bytes: UnsafeMutablePointer<UInt8>) {
    let index = day & 63
    if entries[index].day != day { entries[index] = make(day) }
    bytes.store(entries[index].american.0, at: 0)
    bytes.store(entries[index].american.1, at: 8)
  }

  @inline(never)
  private func make(_ day: Int) -> Entry {
    let date = CivilDate(daysSinceEpoch: day)
    let (year, month, dayOfMonth) = date.components
    return Entry(
      day: day, iso: pack(date.description),
      american: pack("\(padded(month, 2))/\(padded(dayOfMonth, 2))/\(padded(year, 4))"))
  }

  private func pack(_ text: String) -> (UInt64, UInt16) {
    let bytes = Array(text.utf8)
    var word: UInt64 = 0
    for (index, byte) in bytes.prefix(8).enumerated() { word |= UInt64(byte) << UInt64(index * 8) }
    let rest = bytes.dropFirst(8).prefix(2)
    return (word, zip(rest, [0, 8]).reduce(UInt16(0)) { $0 | UInt16($1.0) << UInt16($1.1) })
  }
}
