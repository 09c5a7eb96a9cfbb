/// A word with two dashes: an option with a value (`--members 100`) or a flag (`--json`).
public struct Option: Hashable, Sendable {
  /// Whether an option takes a value, and what for.
  public enum Form: Hashable, Sendable {
    case flag
    /// The value's name in the help text, what it may be, and what holds where it is left out.
    case value(name: String, kind: ValueKind, presence: Presence)
  }

  /// What holds where an option is left out.
  public enum Presence: Hashable, Sendable {
    /// It has no value then.
    case optional
    /// It has no value then, and the help text says what that means.
    case otherwise(String)
    /// It has this value then.
    case `default`(String)
    /// It must be given.
    case required
    /// It may be given any number of times.
    case repeating
  }

  /// The name without dashes.
  public var name: String
  /// One letter that means the same after a single dash.
  public var letter: Character?
  /// One sentence.
  public var about: String
  public var form: Form

  /// An option with a value.
  ///
  /// - Parameters:
  ///   - value: the value's name in the help text, such as `N`.
  ///   - letter: one letter that means the same after a single dash.
  public static func option(
    _ name: String, _ value: String, _ about: String, _ kind: ValueKind = .text(),
    _ presence: Presence = .optional, letter: Character? = nil
  ) -> Option {
    Option(
      name: name, letter: letter, about: about,
      form: .value(name: value, kind: kind, presence: presence))
  }

  /// An option without a value, false where it is left out.
  public static func flag(_ name: String, _ about: String, letter: Character? = nil) -> Option {
    Option(name: name, letter: letter, about: about, form: .flag)
  }

  /// `--members`.
  var dashed: String { "--" + name }

  /// What the value may be; nil for a flag.
  var kind: ValueKind? {
    if case .value(_, let kind, _) = form { return kind }
    return nil
  }

  var presence: Presence? {
    if case .value(_, _, let presence) = form { return presence }
    return nil
  }

  /// `--members N`, or `--json`.
  var withValue: String {
    if case .value(let value, _, _) = form { return "\(dashed) \(value)" }
    return dashed
  }

  /// As the usage line shows it.
  var usage: String {
    switch presence {
    case .required: withValue
    case .repeating: "[\(withValue) ...]"
    default: "[\(withValue)]"
    }
  }
}
