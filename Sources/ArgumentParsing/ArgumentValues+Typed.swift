import Basics

extension ArgumentValues {
  /// A whole number, given or by default.
  public func int(
    _ name: String, in range: ClosedRange<Int> = Int.min...Int.max
  ) throws(ArgumentError) -> Int {
    try present(name, intIfGiven(name, in: range))
  }

  /// A whole number; nil where none is given and there is no default.
  public func intIfGiven(
    _ name: String, in range: ClosedRange<Int> = Int.min...Int.max
  ) throws(ArgumentError) -> Int? {
    guard let text = try stringIfGiven(name) else { return nil }
    return try int(name, text, in: range)
  }

  /// A number, given or by default.
  public func number(
    _ name: String, in range: ClosedRange<Double> = -Double.infinity...Double.infinity
  ) throws(ArgumentError) -> Double {
    try present(name, numberIfGiven(name, in: range))
  }

  /// A number; nil where none is given and there is no default.
  public func numberIfGiven(
    _ name: String, in range: ClosedRange<Double> = -Double.infinity...Double.infinity
  ) throws(ArgumentError) -> Double? {
    guard let text = try stringIfGiven(name) else { return nil }
    return try number(name, text, in: range)
  }

  /// A day, given or by default.
  public func date(_ name: String) throws(ArgumentError) -> CivilDate {
    try present(name, dateIfGiven(name))
  }

  /// A day; nil where none is given and there is no default.
  public func dateIfGiven(_ name: String) throws(ArgumentError) -> CivilDate? {
    guard let text = try stringIfGiven(name) else { return nil }
    return try date(name, text)
  }

  /// A length of time in seconds, given or by default.
  public func seconds(_ name: String) throws(ArgumentError) -> Int {
    try present(name, secondsIfGiven(name))
  }

  /// A length of time in seconds; nil where none is given and there is no default.
  public func secondsIfGiven(_ name: String) throws(ArgumentError) -> Int? {
    guard let text = try stringIfGiven(name) else { return nil }
    return try duration(name, text, in: 0...Int.max)
  }

  /// A case of an enumeration by its raw value, given or by default.
  public func choice<E>(_ name: String, of type: E.Type = E.self) throws(ArgumentError) -> E
  where E: CaseIterable & RawRepresentable, E.RawValue == String {
    try present(name, choiceIfGiven(name, of: type))
  }

  /// A case of an enumeration; nil where none is given and there is no default.
  public func choiceIfGiven<E>(
    _ name: String, of type: E.Type = E.self
  ) throws(ArgumentError) -> E? where E: CaseIterable & RawRepresentable, E.RawValue == String {
    guard let text = try stringIfGiven(name) else { return nil }
    try check(name, text, oneOf: E.allCases.map(\.rawValue))
    return E(rawValue: text)
  }

  /// Refuses a value that is none of some words known only when the command runs.
  public func check(
    _ name: String, _ text: String, oneOf words: [String]
  ) throws(ArgumentError) {
    guard !words.contains(text) else { return }
    throw bad(name, text, .notOneOf(words, near: nearest(text, in: words)))
  }

  func int(
    _ name: String, _ text: String, in range: ClosedRange<Int>
  ) throws(ArgumentError) -> Int {
    if let value = Int(text) {
      guard range.contains(value) else { throw bad(name, text, .outOfRange(Bounds(range))) }
      return value
    }
    let digits = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
    let isNumber = !digits.isEmpty && digits.allSatisfy { $0 &- 0x30 < 10 }
    // A number of more than 64 bits is out of any range, whose ends are told even if they are open.
    let ends = Bounds(lower: grouped(range.lowerBound), upper: grouped(range.upperBound))
    throw bad(name, text, isNumber ? .outOfRange(ends) : .notAWholeNumber)
  }

  func number(
    _ name: String, _ text: String, in range: ClosedRange<Double>
  ) throws(ArgumentError) -> Double {
    guard let value = Double(text), value.isFinite else { throw bad(name, text, .notANumber) }
    guard range.contains(value) else { throw bad(name, text, .outOfRange(Bounds(range))) }
    return value
  }

  func date(_ name: String, _ text: String) throws(ArgumentError) -> CivilDate {
    guard let date = CivilDate(text) else { throw bad(name, text, .notADay) }
    return date
  }

  func duration(
    _ name: String, _ text: String, in range: ClosedRange<Int>
  ) throws(ArgumentError) -> Int {
    guard let seconds = TimeSpan.seconds(text) else { throw bad(name, text, .notADuration) }
    guard range.contains(seconds) else {
      throw bad(name, text, .outOfRange(Bounds(durations: range)))
    }
    return seconds
  }

  private func bad(_ name: String, _ text: String, _ reason: BadValue) -> ArgumentError {
    error(.badValue(parameter: parameter(name)?.label ?? name, value: text, reason))
  }
}
