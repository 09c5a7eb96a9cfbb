/// A word that stands for itself after the command, such as the table in `table cat gold.members`.
public struct Argument: Hashable, Sendable {
  /// How many words the argument takes.
  public enum Count: Hashable, Sendable {
    /// Exactly one.
    case one
    /// One or none.
    case optional
    /// All that follow, at least so many.
    case many(atLeast: Int)
  }

  /// By which its values are read; shown in capitals.
  public var name: String
  /// One sentence.
  public var about: String
  public var kind: ValueKind
  public var count: Count

  /// An argument that must be given.
  public static func required(
    _ name: String, _ about: String, _ kind: ValueKind = .text()
  ) -> Argument {
    Argument(name: name, about: about, kind: kind, count: .one)
  }

  /// An argument that may be left out.
  public static func optional(
    _ name: String, _ about: String, _ kind: ValueKind = .text()
  ) -> Argument {
    Argument(name: name, about: about, kind: kind, count: .optional)
  }

  /// An argument that takes all words that follow; only the last one of a command may.
  public static func repeating(
    _ name: String, _ about: String, _ kind: ValueKind = .text(), atLeast: Int = 0
  ) -> Argument {
    Argument(name: name, about: about, kind: kind, count: .many(atLeast: atLeast))
  }

  /// As the help text calls it: `TABLE`.
  var label: String { name.uppercased() }

  /// As the usage line shows it: `TABLE`, `[TABLE]`, `[TABLE ...]`, `TABLE ...`.
  var usage: String {
    switch count {
    case .one: label
    case .optional: "[\(label)]"
    case .many(let least): least > 0 ? "\(label) ..." : "[\(label) ...]"
    }
  }

  var isRequired: Bool {
    switch count {
    case .one: true
    case .optional: false
    case .many(let least): least > 0
    }
  }

  var isRepeating: Bool {
    if case .many = count { return true }
    return false
  }
}
