/// Adds a whole number in decimal digits; for writers of many values, as no text is made.
public func write(_ value: Int64, to out: inout [UInt8]) {
  if value < 0 { out.append(UInt8(ascii: "-")) }
  withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
    var rest = value.magnitude
    var start = 20
    repeat {
      start -= 1
      digits[start] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest > 0
    out.append(contentsOf: digits[start...])
  }
}

/// Adds the lowest `width` digits of a number that is not negative.
private func write(_ value: Int, width: Int, to out: inout [UInt8]) {
  var divisor = 1
  for _ in 1..<width { divisor *= 10 }
  var rest = value
  for _ in 0..<width {
    out.append(0x30 &+ UInt8(truncatingIfNeeded: rest / divisor))
    rest %= divisor
    divisor = max(1, divisor / 10)
  }
}

extension CivilDate {
  /// Adds the same bytes as `description`, without making a text.
  public func write(to out: inout [UInt8]) {
    let (year, month, day) = components
    guard (0...9999).contains(year) else {
      return out.append(contentsOf: description.utf8)
    }
    Basics.write(year, width: 4, to: &out)
    out.append(UInt8(ascii: "-"))
    Basics.write(month, width: 2, to: &out)
    out.append(UInt8(ascii: "-"))
    Basics.write(day, width: 2, to: &out)
  }
}

extension Timestamp {
  /// Adds the same bytes as `text`, with six decimals or none, without making a text.
  public func write(separator: UInt8, zone: UInt8?, to out: inout [UInt8]) {
    date.write(to: &out)
    out.append(separator)
    let inDay = floorRemainder(Int(microseconds), 86_400_000_000)
    let seconds = inDay / 1_000_000
    Basics.write(seconds / 3600, width: 2, to: &out)
    out.append(UInt8(ascii: ":"))
    Basics.write(seconds / 60 % 60, width: 2, to: &out)
    out.append(UInt8(ascii: ":"))
    Basics.write(seconds % 60, width: 2, to: &out)
    if inDay % 1_000_000 > 0 {
      out.append(UInt8(ascii: "."))
      Basics.write(inDay % 1_000_000, width: 6, to: &out)
    }
    if let zone { out.append(zone) }
  }
}
