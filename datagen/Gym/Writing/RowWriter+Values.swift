import Basics

/// Values, each as the format of the file has it; every one begins with its field's name.
extension RowWriter {
  /// No value: `null` in JSON, nothing in CSV.
  mutating func null() {
    field()
    if !isCSV { raw("null") }
  }

  /// ASCII that needs no quoting and no escape.
  mutating func raw(_ text: StaticString) {
    let length = text.utf8CodeUnitCount
    cursor.reserve(length)
    (cursor.bytes + cursor.count).update(from: text.utf8Start, count: length)
    cursor.count &+= length
  }

  /// A word of a fixed list.
  mutating func word(_ text: StaticString) {
    field()
    quote()
    raw(text)
    quote()
  }

  mutating func bool(_ value: Bool) {
    field()
    raw(value ? "true" : "false")
  }

  /// Any text: escaped in JSON, quoted in CSV where it holds a comma, a quote or a newline.
  mutating func text(_ text: String) {
    field()
    var text = text
    let isPlain = text.withUTF8 { bytes in
      // Of CSV's and JSON's special characters, a comma is plain in JSON alone.
      bytes.allSatisfy { $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C && ($0 != 0x2C || !isCSV) }
    }
    if isPlain {
      quote()
      text.withUTF8 { bytes in cursor.write(bytes) }
      quote()
    } else if isCSV {
      put(0x22)
      for byte in text.utf8 {
        put(byte)
        if byte == 0x22 { put(0x22) }
      }
      put(0x22)
    } else {
      var escaped: [UInt8] = []
      JSON.write(string: text, to: &escaped)
      cursor.write(escaped)
    }
  }

  /// An object in JSON; the same as quoted text in CSV.
  mutating func object(_ json: String) {
    if isCSV {
      text(json)
    } else {
      field()
      cursor.write(Array(json.utf8))
    }
  }

  mutating func int(_ value: Int) {
    field()
    digits(value)
  }

  /// Digits of any whole number.
  mutating func digits(_ value: Int) {
    cursor.reserve(20)
    if value < 0 { put(0x2D) }
    var rest = value.magnitude
    let start = cursor.count
    repeat {
      cursor.bytes[cursor.count] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10)
      cursor.count &+= 1
      rest /= 10
    } while rest > 0
    var (low, high) = (start, cursor.count - 1)
    while low < high {
      (cursor.bytes[low], cursor.bytes[high]) = (cursor.bytes[high], cursor.bytes[low])
      low += 1
      high -= 1
    }
  }

  /// An amount of cents with two decimals.
  mutating func cents(_ value: Int) {
    field()
    digits(value / 100)
    cursor.reserve(3)
    cursor.bytes[cursor.count] = 0x2E
    (cursor.bytes + cursor.count).store(Digits.two(UInt16(value.magnitude % 100)), at: 1)
    cursor.count &+= 3
  }

  /// A letter and a number of seven digits, such as a member's.
  mutating func id7(_ letter: UInt8, _ number: UInt32) {
    field()
    quote()
    cursor.reserve(16)
    (cursor.bytes + cursor.count).store(
      Digits.eight(number % 10_000_000) & ~0xFF | UInt64(letter), at: 0)
    cursor.count &+= 8
    quote()
  }

  /// A letter and a number of ten digits, such as a visit's.
  mutating func id10(_ letter: UInt8, _ number: Int) {
    field()
    quote()
    cursor.reserve(16)
    let magnitude = number.magnitude % 10_000_000_000
    cursor.bytes[cursor.count] = letter
    (cursor.bytes + cursor.count).store(Digits.two(UInt16(magnitude / 100_000_000)), at: 1)
    (cursor.bytes + cursor.count).store(Digits.eight(UInt32(magnitude % 100_000_000)), at: 3)
    cursor.count &+= 11
    quote()
  }

  /// A class's number, such as `C000000042`.
  mutating func classID(_ number: UInt32) {
    field()
    quote()
    put(UInt8(ascii: "C"))
    ScheduleWriter.nineDigits(number, to: cursor.bytes + cursor.count)
    cursor.count &+= 9
    quote()
  }

  /// The number of an instructor of an index, such as `I00001` for 0.
  mutating func instructorID(_ index: UInt16) {
    field()
    quote()
    put(UInt8(ascii: "I"))
    ScheduleWriter.fiveDigits(UInt32(index) + 1, to: cursor.bytes + cursor.count)
    cursor.count &+= 5
    quote()
  }

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
