/// Lengths of time as they are typed: a whole number and `s`, `m`, `h` or `d`.
public enum TimeSpan {
  private static let units: [(letter: Character, seconds: Int)] = [
    ("d", 86_400), ("h", 3600), ("m", 60), ("s", 1),
  ]

  /// Seconds; nil for another text and for what 64 bits do not hold.
  public static func seconds(_ text: String) -> Int? {
    guard let letter = text.last, let unit = units.first(where: { $0.letter == letter }),
      text.dropLast().allSatisfy({ $0.isASCII && $0.isWholeNumber }),
      let count = Int(text.dropLast())
    else { return nil }
    let (seconds, overflow) = count.multipliedReportingOverflow(by: unit.seconds)
    return overflow ? nil : seconds
  }

  /// The text with the largest unit that gives a whole number.
  public static func text(_ seconds: Int) -> String {
    let unit = units.first { seconds % $0.seconds == 0 } ?? ("s", 1)
    return "\(seconds / unit.seconds)\(unit.letter)"
  }
}
