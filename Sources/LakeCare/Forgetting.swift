import Basics
import Podium
import Runner

/// Who is to be forgotten, and how.
public struct ForgetRequest: Sendable {
  /// Ids of the person: one at least.
  public var ids: [String]
  /// True to remove landing files that cannot be read and hold bytes of the person.
  public var removesUnreadable: Bool
  /// The business date for tables that were not computed for any yet.
  public var asOf: CivilDate

  public init(ids: [String], removesUnreadable: Bool = false, asOf: CivilDate) {
    self.ids = ids
    self.removesUnreadable = removesUnreadable
    self.asOf = asOf
  }
}

/// Taking a person out of all layers: what is to be done, as it is remembered until it is done.
public struct Forgetting: Hashable, Sendable {
  /// A landing file with records of the person.
  public struct File: Hashable, Sendable {
    /// Relative to the landing zone.
    public let path: String
    /// Bytes before.
    public let bytes: Int64
    /// Hash of the content before.
    let hash: Int64
    public let records: Int64
  }

  /// A place of the lake with a table.
  public struct Step: Hashable, Sendable {
    /// The table's name, or what the place is called that belongs to it.
    public let name: String
    /// The environment that it belongs to; nil for production.
    public let environment: String?
    /// The folder below the lake, as production calls it.
    let folder: String
    /// The version it has before.
    let from: Int64
    /// Rows that are the person's.
    public let rows: Int64
  }

  /// Its own id, which its commits carry.
  public let id: String
  /// The business date for tables that were not computed for any yet.
  let asOf: CivilDate
  let keys: PersonKeys
  /// Names, e-mails and the like of the person.
  let traces: [String]
  public let files: [File]
  /// Landing files that cannot be read and hold bytes of the person.
  public let unreadable: [String]
  public let removesUnreadable: Bool
  /// Inputs before the tables that read them, production before environments.
  public let steps: [Step]
  public let environments: [String]
  /// Ids of the same person that tables told.
  public let matched: Int
  /// Values that belong to others as well: rows that are told by these alone stay.
  public let shared: Int

  /// True if an id is one of the person's.
  public func isOf(_ id: String) -> Bool {
    keys[.person].contains(PersonKeys.trimmed(id))
  }

  /// Rows of all layers.
  public var rows: Int64 { steps.reduce(0) { $0 &+ $1.rows } }
}

/// What is done when somebody is forgotten, in this order.
public enum ForgetStage: Hashable, Sendable {
  /// Landing files are rewritten.
  case landing
  /// Rows go from tables, and what they led to is computed again.
  case rows
  /// Older versions go.
  case past
  /// Databases are published again, and copies looked through.
  case copies
  /// Lines go from logs.
  case records

  var words: String {
    switch self {
    case .landing: "rewrote landing files"
    case .rows: "took rows out of tables, with the landing files rewritten"
    case .past: "removed older versions, with the rows gone from landing files and tables"
    case .copies:
      "looked after published databases, with the rows gone from landing files and tables"
    case .records: "cleaned the logs, with the rows gone from landing files and tables"
    }
  }
}

/// What became of it.
public struct ForgetReport: Sendable {
  public let plan: Forgetting
  /// Tables that the next run computes anew, and why.
  public internal(set) var later: [(name: String, reason: String)] = []
  /// By the names of places: files of older versions that are gone.
  public internal(set) var past: [(name: String, removed: RemovedFiles)] = []
  /// Databases in the lake that were published again.
  public internal(set) var published: [String] = []
  /// Log files of which lines were removed.
  public internal(set) var logs: [String] = []
  /// Files of the lake in which bytes of the person are left, below the lake.
  public internal(set) var left: [String] = []
  public internal(set) var seconds = 0.0

  /// The report of a plan of which nothing was done yet, or was done before.
  public init(plan: Forgetting) { self.plan = plan }
}

/// Why nobody is forgotten; nothing was changed.
public enum ForgetError: Error, Hashable, Sendable {
  /// No record names the person; another spelling of the same id that some do.
  case unknown(String, near: String?)
  /// No bronze table says by which column it tells persons.
  case nothingIdentified
  /// An environment cannot be worked on by itself.
  case unfinishedElsewhere
  /// A table cannot be read.
  case unreadable(String, reason: String)
  /// The first landing file could not be rewritten.
  case unwritable(String)
}

extension ForgetError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknown(let id, let near):
      "no record, row or landing file names '\(printable(id))'.\(didYouMean(near)) Nothing was "
        + "changed. Name the person by the id that the sources use."
    case .nothingIdentified:
      "no bronze table says which of its columns names a person. Nothing was changed. Declare it with "
        + "`identifies: .person`."
    case .unfinishedElsewhere:
      "a person is being forgotten in this lake, which is not finished. Nothing was changed. Type "
        + "\(CommandHint.command("maintain")) without an environment: it finishes this first."
    case .unreadable(let name, let reason):
      "\(name) cannot be read: \(reason) Nothing was changed."
    case .unwritable(let reason): "\(reason) Nothing was changed. Mend the cause and type it again."
    }
  }
}
