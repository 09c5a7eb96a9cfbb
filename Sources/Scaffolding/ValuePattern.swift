import Basics
import Podium

/// What the values of a column look like.
enum ValuePattern: Hashable {
  case email, phone, date, instant, year, whole, decimal, flag, text

  /// The narrowest pattern that nine of ten values have; text where there are none.
  static func of(_ values: [String]) -> ValuePattern {
    guard !values.isEmpty else { return .text }
    let order: [ValuePattern] = [
      .email, .year, .flag, .whole, .decimal, .date, .instant, .phone,
    ]
    let enough = values.count - values.count / 10
    return order.first { pattern in
      values.reduce(0) { $0 + (pattern.matches($1) ? 1 : 0) } >= enough
    } ?? .text
  }

  private func matches(_ text: String) -> Bool {
    let trimmed = text.filter { !$0.isWhitespace }
    switch self {
    case .email:
      let parts = trimmed.split(separator: "@", omittingEmptySubsequences: false)
      return parts.count == 2 && !parts[0].isEmpty && parts[1].dropFirst().contains(".")
    case .year:
      return trimmed.utf8.count == 4 && (Int(trimmed).map { (1900...2099).contains($0) } ?? false)
    case .flag:
      return ["true", "false", "yes", "no", "y", "n", "t", "f"].contains(trimmed.lowercased())
    case .whole: return Int64(trimmed) != nil
    case .decimal: return Double(trimmed)?.isFinite ?? false
    case .date: return ValuePattern.isDay(trimmed[...])
    case .instant:
      let day = text.split(whereSeparator: { $0 == " " || $0 == "T" })
      return day.count > 1 && ValuePattern.isDay(day[0]) && day[1].contains(":")
    case .phone:
      let digits = text.unicodeScalars.count { ("0"..."9").contains($0) }
      return (7...15).contains(digits)
        && text.unicodeScalars.allSatisfy { "0123456789 +-()./x".unicodeScalars.contains($0) }
        && text.unicodeScalars.contains { " +-()".unicodeScalars.contains($0) }
    case .text: return true
    }
  }

  /// Three numbers apart by one sign, one of them a year of four digits.
  private static func isDay(_ text: Substring) -> Bool {
    for sign in ["-", "/", "."] as [Character] {
      let parts = text.split(separator: sign, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      return parts.allSatisfy { Int($0) != nil && $0.first != "+" && $0.first != "-" }
        && [parts[0], parts[2]].contains { $0.utf8.count == 4 }
    }
    return false
  }

  /// True where a value of this pattern can be one of another.
  func fits(_ wanted: ValuePattern) -> Bool {
    switch (self, wanted) {
    case (.year, .whole), (.year, .decimal), (.whole, .decimal), (.date, .instant),
      (.instant, .date):
      true
    default: self == wanted
    }
  }
}

extension ValuePattern {
  /// The pattern that a type asks for; nil for texts.
  init?(_ type: ColumnType) {
    switch type {
    case .string: return nil
    case .int: self = .whole
    case .double, .decimal: self = .decimal
    case .bool: self = .flag
    case .date: self = .date
    case .timestamp: self = .instant
    }
  }

  /// The pattern that a name asks for; nil where it tells none.
  init?(_ name: HeaderWords) {
    let words = name.words
    if words.contains("email") {
      self = .email
    } else if words.contains("phone") {
      self = .phone
    } else if words.contains("year") {
      self = .year
    } else if words.contains("at") {
      self = .instant
    } else if words.contains("date") {
      self = .date
    } else {
      return nil
    }
  }
}

/// A value without what it says: letters are x, digits 9, so that its form is seen and nobody's name.
func masked(_ text: String) -> String {
  let shown = text.unicodeScalars.prefix(24).map { scalar -> Character in
    if scalar.properties.numericType != nil { return "9" }
    if scalar.properties.isUppercase { return "X" }
    if scalar.properties.isAlphabetic || scalar.value > 0x7F { return "x" }
    return scalar.value < 0x20 || scalar.value == 0x7F ? " " : Character(scalar)
  }
  return String(shown) + (text.unicodeScalars.count > 24 ? "…" : "")
}
