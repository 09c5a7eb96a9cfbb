import Basics

/// What the value of an option or argument may be; checked before a command begins.
public enum ValueKind: Hashable, Sendable {
  /// Any text; shells offer the suggestions, and other texts are as good.
  case text(suggestions: [String] = [])
  /// A whole number in a range.
  case int(ClosedRange<Int> = Int.min...Int.max)
  /// A decimal number in a range.
  case number(ClosedRange<Double> = -Double.infinity...Double.infinity)
  /// A day, `yyyy-MM-dd`.
  case date
  /// A length of time such as `90s`, `15m`, `2h` or `7d`, in whole seconds within a range.
  case duration(ClosedRange<Int> = 0...Int.max)
  /// One of these words.
  case choice([String])
  /// The path of a file.
  case file
  /// The path of a folder.
  case folder

  /// One of the raw values of an enumeration.
  public static func choice<E>(of type: E.Type) -> ValueKind
  where E: CaseIterable & RawRepresentable, E.RawValue == String {
    .choice(type.allCases.map(\.rawValue))
  }

  /// What the help text says in brackets; nil where there is nothing to say.
  var hint: String? {
    switch self {
    case .text, .file, .folder: nil
    case .int(let range): Bounds(range).hint
    case .number(let range): Bounds(range).hint
    case .date: "yyyy-MM-dd"
    case .duration(let range):
      ["such as 90s, 15m, 2h, 7d", Bounds(durations: range).hint].compactMap { $0 }.joined(
        separator: "; ")
    case .choice(let words): words.joined(separator: ", ")
    }
  }

  /// The words that a shell offers.
  var suggestions: [String] {
    switch self {
    case .text(let words), .choice(let words): words
    default: []
    }
  }
}

/// The ends of a range as texts; an end that is open is nil.
public struct Bounds: Hashable, Sendable {
  public let lower: String?
  public let upper: String?

  init(lower: String?, upper: String?) {
    self.lower = lower
    self.upper = upper
  }

  init(_ range: ClosedRange<Int>) {
    lower = range.lowerBound == .min ? nil : grouped(range.lowerBound)
    upper = range.upperBound == .max ? nil : grouped(range.upperBound)
  }

  init(_ range: ClosedRange<Double>) {
    lower = range.lowerBound == -.infinity ? nil : Bounds.text(range.lowerBound)
    upper = range.upperBound == .infinity ? nil : Bounds.text(range.upperBound)
  }

  private static func text(_ value: Double) -> String {
    Int(exactly: value).map(grouped) ?? "\(value)"
  }

  /// Seconds in the largest unit that gives a whole number; 0 as the lower end is not told.
  init(durations range: ClosedRange<Int>) {
    lower = range.lowerBound == 0 ? nil : TimeSpan.text(range.lowerBound)
    upper = range.upperBound == .max ? nil : TimeSpan.text(range.upperBound)
  }

  /// `1 to 10`, `at least 1`, `at most 10`; nil for a range without ends.
  var hint: String? {
    switch (lower, upper) {
    case (let lower?, let upper?): "\(lower) to \(upper)"
    case (let lower?, nil): "at least \(lower)"
    case (nil, let upper?): "at most \(upper)"
    case (nil, nil): nil
    }
  }
}
