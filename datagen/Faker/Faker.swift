/// Invented people, places and things for tests and demonstrations.
///
/// The same seed gives the same values on every machine. No value belongs to anybody: e-mail
/// addresses lie in domains reserved for examples (RFC 2606), telephone numbers in the range
/// 555-0100 to 555-0199 that is kept for fiction.
///
/// ```swift
/// var faker = Faker(seed: 42)
/// print(faker.fullName(), faker.email())
/// var third = Faker(seed: 42, "members", 3)  // independent of what was drawn before
/// ```
public struct Faker: Sendable {
  /// Where the values come from.
  public var random: SeededRandom

  /// The values of a seed.
  public init(seed: UInt64) { random = SeededRandom(seed: seed) }

  /// The values of one thing among many, such as the third member.
  public init(seed: UInt64, _ name: String, _ number: UInt64) {
    random = SeededRandom(seed: seed, name, number)
  }

  /// Values drawn from a generator that exists already.
  public init(_ random: SeededRandom) { self.random = random }

  /// One of some words; empty for an empty list.
  @inline(__always)
  mutating func word(_ words: [String]) -> String {
    words.isEmpty ? "" : words[random.below(words.count)]
  }
}

/// The words of a text, which are separated by spaces and newlines.
func words(_ text: StaticString) -> [String] {
  text.description.split { $0 == " " || $0 == "\n" }.map(String.init)
}

/// The lines of a text.
func lines(_ text: StaticString) -> [String] {
  text.description.split(separator: "\n").map(String.init)
}
