import Basics
import Podium
import Runner

/// Something that somebody should look at.
public struct Alert: Hashable, Sendable {
  /// What happened.
  public enum Kind: String, Sendable {
    case runFailed = "run-failed"
    case tableFailed = "table-failed"
    /// A table read far fewer rows than on the same day of earlier weeks.
    case fewRows = "few-rows"
    /// No run brought a table up to date for too long.
    case stale
    /// Landing files took too long from arrival until they could be queried.
    case late
    case test
  }

  /// A named number.
  public struct Number: Hashable, Sendable {
    public let name: String
    public let value: Double
  }

  public let kind: Kind
  /// Nil for the run as a whole.
  public let table: String?
  /// The run that it came up in; nil outside of runs.
  public let run: String?
  /// The rule that failed, or the code of an error; nil where it is none.
  public let rule: String?
  /// One sentence or a few, without any row's value.
  public let message: String
  public let numbers: [Number]
  /// What to type next.
  public let next: String
  /// Tells two alerts of the same kind and table apart; a run's id, or what one is stale since.
  public let occasion: String

  init(
    _ kind: Kind, table: String? = nil, run: String?, rule: String? = nil, message: String,
    numbers: [(String, Double)] = [], next: String, occasion: String? = nil
  ) {
    self.kind = kind
    self.table = table
    self.run = run
    self.rule = rule
    self.message = message
    self.numbers = numbers.map { Number(name: $0.0, value: $0.1) }
    self.next = next
    self.occasion = occasion ?? run ?? ""
  }

  /// A line for people: the table, and what is the matter.
  public var line: String { (table.map { "\($0): " } ?? "") + message }
}

extension Alert {
  /// The alert as JSON; null for what it does not have.
  public var json: JSON {
    [
      "kind": .string(kind.rawValue), "table": .optional(table), "run": .optional(run),
      "rule": .optional(rule), "message": .string(message),
      "numbers": .object(numbers.map { JSON.Member($0.name, .number(JSON.digits($0.value))) }),
      "next": .string(next),
    ]
  }

  /// Reads what `json` gave; nil for anything else.
  public init?(_ json: JSON, occasion: String) {
    guard let kind = json["kind"]?.string.flatMap(Kind.init), let message = json["message"]?.string,
      let next = json["next"]?.string
    else { return nil }
    let numbers = (json["numbers"]?.object ?? []).compactMap { member in
      member.value.double.map { (member.name, $0) }
    }
    self.init(
      kind, table: json["table"]?.string, run: json["run"]?.string, rule: json["rule"]?.string,
      message: message, numbers: numbers, next: next, occasion: occasion)
  }
}

extension JSON {
  /// A number as JSON writes it, whole ones without a point; `0` for what is no number.
  static func digits(_ value: Double) -> String {
    guard value.isFinite else { return "0" }
    if let whole = Int64(exactly: value.rounded()), Double(whole) == value { return String(whole) }
    let thousandths = (value * 1000).rounded() / 1000
    return Int64(exactly: thousandths).map(String.init) ?? "\(thousandths)"
  }
}
