/// A day of the proleptic Gregorian calendar, without a time zone.
public struct CivilDate: Hashable, Comparable, Sendable {
  /// Days since 1970-01-01, negative before.
  public var daysSinceEpoch: Int

  public init(daysSinceEpoch: Int) { self.daysSinceEpoch = daysSinceEpoch }

  /// The day of a year, month (1 to 12) and day of month.
  ///
  /// Months and days out of range roll over, so `day: 0` is the last day of the month before.
  /// The formula is Howard Hinnant's `days_from_civil`, with years that begin in March.
  public init(year: Int, month: Int, day: Int) {
    let months = year * 12 + (month - 1)
    let year = floorDivide(months, 12)
    let month = months - year * 12 + 1
    let shifted = month <= 2 ? year - 1 : year
    let era = floorDivide(shifted, 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    daysSinceEpoch = era * 146_097 + dayOfEra - 719_468 + (day - 1)
  }

  /// Reads `yyyy-MM-dd`; nil for anything else and for days that do not exist.
  public init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else {
      return nil
    }
    func number(_ range: Range<Int>) -> Int? {
      var value = 0
      for byte in bytes[range] {
        guard byte &- 0x30 < 10 else { return nil }
        value = value * 10 + Int(byte - 0x30)
      }
      return value
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10) else {
      return nil
    }
    self.init(year: year, month: month, day: day)
    let parts = components
    guard parts.year == year, parts.month == month, parts.day == day else { return nil }
  }

  /// Year, month (1 to 12) and day of month.
  public var components: (year: Int, month: Int, day: Int) {
    let shifted = daysSinceEpoch + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  /// Monday is 0, Sunday 6.
  public var weekday: Int { floorRemainder(daysSinceEpoch + 3, 7) }

  public static func < (a: CivilDate, b: CivilDate) -> Bool {
    a.daysSinceEpoch < b.daysSinceEpoch
  }

  public static func + (date: CivilDate, days: Int) -> CivilDate {
    CivilDate(daysSinceEpoch: date.daysSinceEpoch + days)
  }

  public static func - (a: CivilDate, b: CivilDate) -> Int {
    a.daysSinceEpoch - b.daysSinceEpoch
  }
}

extension CivilDate: CustomStringConvertible {
  /// `yyyy-MM-dd`.
  public var description: String {
    let (year, month, day) = components
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }
}

/// An instant in microseconds since 1970-01-01T00:00:00Z.
public struct Timestamp: Hashable, Comparable, Sendable {
  public var microseconds: Int64

  public init(microseconds: Int64) { self.microseconds = microseconds }

  /// An instant in milliseconds since the epoch; one too far away becomes the last or first there is.
  public init(milliseconds: Int64) {
    let (product, overflow) = milliseconds.multipliedReportingOverflow(by: 1000)
    microseconds = overflow ? (milliseconds < 0 ? .min : .max) : product
  }

  /// Milliseconds since the epoch, rounded down.
  public var milliseconds: Int64 { Int64(floorDivide(Int(microseconds), 1000)) }

  /// The UTC day the instant lies in.
  public var date: CivilDate {
    CivilDate(daysSinceEpoch: floorDivide(Int(microseconds), 86_400_000_000))
  }

  /// `yyyy-MM-ddTHH:mm:ss[.ffffff]Z`, with as many decimals as asked for.
  public func text(decimals: Int, separator: String = "T", zone: String = "Z") -> String {
    let inDay = floorRemainder(Int(microseconds), 86_400_000_000)
    let seconds = inDay / 1_000_000
    var text = date.description + separator
    text +=
      "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
    if decimals > 0 {
      text += "." + padded(inDay % 1_000_000, 6).prefix(decimals)
    }
    return text + zone
  }

  public static func < (a: Timestamp, b: Timestamp) -> Bool { a.microseconds < b.microseconds }
}

/// A whole number with zeros in front, at least `width` digits; a minus sign is not counted.
public func padded(_ value: Int, _ width: Int) -> String {
  let digits = String(value.magnitude)
  let zeros = String(repeating: "0", count: max(0, width - digits.utf8.count))
  return (value < 0 ? "-" : "") + zeros + digits
}

/// Division that rounds towards minus infinity; `divisor` must be positive.
public func floorDivide(_ value: Int, _ divisor: Int) -> Int {
  let quotient = value / divisor
  return value % divisor < 0 ? quotient - 1 : quotient
}

/// The remainder of `floorDivide`, never negative.
public func floorRemainder(_ value: Int, _ divisor: Int) -> Int {
  let remainder = value % divisor
  return remainder < 0 ? remainder + divisor : remainder
}
