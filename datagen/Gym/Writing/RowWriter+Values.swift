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
}
