import Basics

/// Days and instants, each as sources write them.
extension RowWriter {
  /// A date, `yyyy-MM-dd`.
  mutating func date(_ day: Int, _ dates: inout DateBytes) {
    field()
    quote()
    bareDate(day, &dates)
    quote()
  }

  mutating func bareDate(_ day: Int, _ dates: inout DateBytes) {
    cursor.reserve(10)
    dates.writeISO(day, to: cursor.bytes + cursor.count)
    cursor.count &+= 10
  }

  /// An instant in UTC, `2025-01-05T17:03:00Z`.
  mutating func utc(_ seconds: Int, _ dates: inout DateBytes) {
    field()
    quote()
    dateTime(seconds, separator: 0x54, &dates)
    put(0x5A)
    quote()
  }

  /// An instant in UTC with milliseconds, `2025-01-05T17:03:00.042Z`.
  mutating func milliseconds(_ milliseconds: Int, _ dates: inout DateBytes) {
    field()
    quote()
    let seconds = floorDivide(milliseconds, 1000)
    dateTime(seconds, separator: 0x54, &dates)
    let rest = UInt16(milliseconds - seconds * 1000)
    put(0x2E)
    put(0x30 &+ UInt8(truncatingIfNeeded: rest / 100))
    cursor.reserve(2)
    (cursor.bytes + cursor.count).store(Digits.two(rest % 100), at: 0)
    cursor.count &+= 2
    put(0x5A)
    quote()
  }

  /// A local time with its distance from UTC, `2025-01-05T12:03:00-05:00`.
  mutating func local(_ seconds: Int, offset: Int16, _ dates: inout DateBytes) {
    field()
    quote()
    dateTime(seconds + Int(offset) * 60, separator: 0x54, &dates)
    let minutes = UInt16(offset.magnitude)
    cursor.reserve(6)
    cursor.bytes[cursor.count] = offset < 0 ? 0x2D : 0x2B
    (cursor.bytes + cursor.count).store(Digits.two(minutes / 60), at: 1)
    cursor.bytes[cursor.count + 3] = 0x3A
    (cursor.bytes + cursor.count).store(Digits.two(minutes % 60), at: 4)
    cursor.count &+= 6
    quote()
  }

  /// A local time without seconds or zone, `2025-01-05 17:30`.
  mutating func clock(_ seconds: Int, offset: Int16, _ dates: inout DateBytes) {
    field()
    quote()
    dateTime(seconds + Int(offset) * 60, separator: 0x20, &dates)
    cursor.count &-= 3
    quote()
  }

  /// A local time without a zone as Americans write it, `01/05/2025 12:03:00 PM`.
  mutating func american(_ seconds: Int, offset: Int16, _ dates: inout DateBytes) {
    field()
    quote()
    let local = seconds + Int(offset) * 60
    let day = floorDivide(local, 86_400)
    let second = local - day * 86_400
    cursor.reserve(22)
    dates.writeAmerican(day, to: cursor.bytes + cursor.count)
    cursor.bytes[cursor.count + 10] = 0x20
    (cursor.bytes + cursor.count).store(Digits.twelveHours(UInt32(second)), at: 11)
    cursor.bytes[cursor.count + 19] = 0x20
    cursor.bytes[cursor.count + 20] = second < 43_200 ? UInt8(ascii: "A") : UInt8(ascii: "P")
    cursor.bytes[cursor.count + 21] = UInt8(ascii: "M")
    cursor.count &+= 22
    quote()
  }

  private mutating func dateTime(_ seconds: Int, separator: UInt8, _ dates: inout DateBytes) {
    cursor.reserve(19)
    let day = floorDivide(seconds, 86_400)
    dates.writeISO(day, to: cursor.bytes + cursor.count)
    cursor.bytes[cursor.count + 10] = separator
    (cursor.bytes + cursor.count).store(Digits.time(UInt32(seconds - day * 86_400)), at: 11)
    cursor.count &+= 19
  }
}
