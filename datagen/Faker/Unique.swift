/// Lets each value through once.
///
/// ```swift
/// var faker = Faker(seed: 7)
/// var emails = Unique<String>()
/// let email = try emails.next { faker.email() }
/// ```
public struct Unique<Value: Hashable> {
  /// The values given out so far.
  public private(set) var seen: Set<Value> = []
  /// Tries before giving up.
  public let tries: Int

  /// Nothing is seen yet.
  /// - Parameter tries: how often a value that was there before is drawn anew, at least once.
  public init(tries: Int = 1000) { self.tries = max(1, tries) }

  /// A value that was not given out before.
  /// - Throws: `UniqueError` when all tries gave values seen before.
  public mutating func next(_ make: () -> Value) throws(UniqueError) -> Value {
    for _ in 0..<tries {
      let value = make()
      if seen.insert(value).inserted { return value }
    }
    throw UniqueError(tries: tries, seen: seen.count)
  }
}

extension Unique: Sendable where Value: Sendable {}

/// No new value was found: the source of values has probably no more.
public struct UniqueError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Draws that were made.
  public let tries: Int
  /// Different values given out before.
  public let seen: Int

  public init(tries: Int, seen: Int) {
    self.tries = tries
    self.seen = seen
  }

  public var description: String {
    "no new value in \(tries) tries after \(seen) different ones;"
      + " ask for fewer values, or draw from more"
  }
}
