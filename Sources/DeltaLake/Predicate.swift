import Basics

/// A condition over a table's columns, as far as partition values and statistics can judge it.
public indirect enum Predicate: Hashable, Sendable {
  case compare(String, Comparison, PredicateValue)
  case isNull(String)
  case isNotNull(String)
  case all([Predicate])
  case any([Predicate])
  /// A condition that nothing is known of.
  case unknown

  public enum Comparison: Hashable, Sendable {
    case equal, less, lessOrEqual, greater, greaterOrEqual
  }
}

/// A value that columns are compared with.
public enum PredicateValue: Hashable, Sendable {
  case integer(Int64)
  /// Exactly `digits` / 10^`scale`.
  case decimal(digits: Int128, scale: Int)
  case double(Double)
  case boolean(Bool)
  /// Compared by UTF-8 bytes.
  case string(String)
  case date(CivilDate)
  /// An instant, or a local time taken as UTC.
  case timestamp(Timestamp)

  /// Negative, zero or positive as this value is less than, equal to or greater than another; nil
  /// where the two cannot be compared.
  public func compared(to other: PredicateValue) -> Int? {
    switch (self, other) {
    case (.string(let a), .string(let b)):
      if a.utf8.elementsEqual(b.utf8) { return 0 }
      return a.utf8.lexicographicallyPrecedes(b.utf8) ? -1 : 1
    case (.boolean(let a), .boolean(let b)): return (a ? 1 : 0) - (b ? 1 : 0)
    case (.date(let a), .date(let b)): return order(a, b)
    case (.timestamp(let a), .timestamp(let b)): return order(a.microseconds, b.microseconds)
    case (.date(let a), .timestamp(let b)):
      return order(Int64(a.daysSinceEpoch) * 86_400_000_000, b.microseconds)
    case (.timestamp, .date): return other.compared(to: self).map { -$0 }
    case (.integer(let a), .integer(let b)): return order(a, b)
    default: return compareNumbers(other)
    }
  }

  private func compareNumbers(_ other: PredicateValue) -> Int? {
    if let a = fraction, let b = other.fraction {
      guard let x = scaled(a.digits, by: b.scale), let y = scaled(b.digits, by: a.scale) else {
        return nil
      }
      return order(x, y)
    }
    guard let a = number, let b = other.number, !a.isNaN, !b.isNaN else { return nil }
    return order(a, b)
  }

  private var fraction: (digits: Int128, scale: Int)? {
    switch self {
    case .integer(let value): (Int128(value), 0)
    case .decimal(let digits, let scale): (digits, scale)
    default: nil
    }
  }

  private var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .double(let value): value
    case .decimal(let digits, let scale):
      (0..<scale).reduce(Double(digits)) { value, _ in value / 10 }
    default: nil
    }
  }

  private func order<T: Comparable>(_ a: T, _ b: T) -> Int { a < b ? -1 : a == b ? 0 : 1 }

  private func scaled(_ digits: Int128, by scale: Int) -> Int128? {
    var value = digits
    for _ in 0..<scale {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      value = product
    }
    return value
  }
}

extension PredicateValue {
  /// A value as a partition folder or the statistics spell it; nil where it is none of the type.
  public init?(_ text: String, as type: DeltaType) {
    switch type {
    case .string: self = .string(text)
    case .long, .integer, .short, .byte:
      guard let value = Int64(text) else { return nil }
      self = .integer(value)
    case .decimal:
      guard let value = PredicateValue(decimal: text) else { return nil }
      self = value
    case .double:
      guard let value = Double(text), value.isFinite else { return nil }
      self = .double(value)
    case .boolean:
      guard text == "true" || text == "false" else { return nil }
      self = .boolean(text == "true")
    case .date:
      guard let date = CivilDate(text) else { return nil }
      self = .date(date)
    case .timestamp, .timestampNtz:
      guard let instant = Timestamp(iso8601: text) else { return nil }
      self = .timestamp(instant)
    // A float's shortest text is not its value, and what it is compared with may be finer.
    case .float, .binary, .void, .array, .map, .structure, .unsupported: return nil
    }
  }

  /// A decimal number in plain digits.
  public init?(decimal text: String) {
    let isNegative = text.hasPrefix("-")
    let parts = text.drop { $0 == "-" || $0 == "+" }
      .split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let digits = parts.joined()
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let value = Int128(digits)
    else { return nil }
    self = .decimal(
      digits: isNegative ? -value : value, scale: parts.count == 2 ? parts[1].utf8.count : 0)
  }
}
