import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium
import Storage

/// Why a table did not commit.
public enum RunError: Error, Sendable {
  /// The engine refused the table's query; the line of the declaration, where it can be told, and
  /// the engine's words without values.
  case query(location: SourceLocation, message: String)
  /// The query's columns are not those declared.
  case columns(location: SourceLocation, missing: [String], unexpected: [String])
  /// Rows failed a rule with `else: .stop`.
  case stopped(rule: String, rows: Int64, location: SourceLocation, examples: [RowOrigin])
  /// Too small a share of the rows passed.
  case share(ShareFailure)
  /// The rows' fates do not sum up to the rows read.
  case accounting(RowCounts, factor: Int, location: SourceLocation)
  /// The table as a whole, or the run, failed a rule with `else: .stop`; what was found, without
  /// values of rows.
  case tableStopped(rule: String, finding: String, location: SourceLocation)
  /// A table and what it is made of do not add up to the same; both numbers where they differ.
  case reconciliation(Difference)
  /// A derived table has several rows for one key.
  case repeatedKey(columns: [String], keys: Int64, location: SourceLocation)
  /// A rebuild would lose keys of a table that keeps its history.
  case losesHistory(keys: Int64, table: TableName, location: SourceLocation)
  /// The table on disk is of another project or shape.
  case foreignTable(String)
  /// A data file of a table is missing or cannot be read.
  case dataFile(String, table: TableName)
  /// The log of a table is torn or lacks a commit; true where the table has rows that its inputs may
  /// no longer have.
  case damagedLog(DeltaError, table: TableName, isRecord: Bool, folder: String)
  case delta(DeltaError)
  case engine(EngineError)
  case storage(StorageError)
  /// Anything else, in its own words.
  case other(String)
}

/// Where a derived table does not add up to what its source does.
public struct Difference: Hashable, Sendable {
  public let rule: String
  /// The table's number, with what is counted, and that of its source, in the parts that differ.
  public let table: String
  public let source: String
  /// Parts that differ, and the columns that tell them; none for a table that is compared whole.
  public let parts: Int64
  public let columns: [String]
  public let location: SourceLocation
}

/// Where a row came from.
public struct RowOrigin: Hashable, Sendable, CustomStringConvertible {
  public let file: String
  public let line: Int64
  public var description: String { "\(file):\(line)" }
}

extension Difference: CustomStringConvertible {
  public var description: String {
    let place =
      columns.isEmpty
      ? "" : " in \(counted(parts, "value")) of \(columns.joined(separator: ", "))"
    return
      "\(location): '\(rule)' failed, which stops the table: it has \(table)\(place), its "
      + "source \(source). Nothing was written to the table or its quarantine. Mend the query, or "
      + "the rule's."
  }
}

/// How many rows failed a rule.
public struct RuleCount: Hashable, Sendable {
  public let rule: String
  public let action: Expectation.Action
  public let rows: Int64
  /// What a rule about the whole table found; nil for one that judges rows.
  public var finding: String?
}

extension RunError {
  /// Sorts an error of a lower module in; errors of the run stay as they are.
  init(_ error: any Error) {
    switch error {
    case let error as RunError: self = error
    case let error as DeltaError: self = .delta(error)
    case let error as EngineError: self = .engine(error)
    case let error as StorageError: self = .storage(error)
    default: self = .other("\(error)")
    }
  }

  /// Sorts in an error that came up at work on a table, which may be about a file of what it reads.
  init(_ error: any Error, of table: Table, _ lake: Lake) {
    let missing = (error as? EngineError).flatMap { RunError.dataFile(in: $0, of: table, lake) }
    let torn = (error as? DeltaError).flatMap { RunError.damagedLog($0, of: table, lake) }
    self = missing ?? torn ?? RunError(error)
  }

  /// The error of a damaged log, of a table or what it reads; nil for any other.
  private static func damagedLog(
    _ error: DeltaError, of table: Table, _ lake: Lake
  ) -> RunError? {
    let address: String
    switch error {
    case .malformedLog(_, _, _, let table), .missingCommit(_, let table),
      .incompleteLog(let table, _), .unreadableCheckpoint(_, _, let table):
      address = table
    default: return nil
    }
    let damaged = (table.upstream + [table]).first { lake.store(.of($0)).address("") == address }
    return damaged.map {
      .damagedLog(
        error, table: $0.name, isRecord: $0.landing != nil || $0.keepsHistory, folder: address)
    }
  }

  /// The engine's words where it cannot read a file; those about writing are others.
  private static let unreadable = [
    "No files found", "Cannot open file", "Could not read", "magic bytes", "too small to be",
    "Invalid Input Error: File", "Failed to read",
  ]

  /// The data file, of a table or what it reads, that an engine's error is about; nil where it is
  /// about none.
  static func dataFile(in error: EngineError, of table: Table, _ lake: Lake) -> RunError? {
    guard error.code == .statement, unreadable.contains(where: error.message.contains) else {
      return nil
    }
    for input in table.upstream + [table] {
      let folder = lake.store(.of(input)).address("") + "/"
      guard let start = error.message.firstRange(of: folder),
        let end = error.message[start.upperBound...].firstRange(of: ".parquet")
      else { continue }
      return .dataFile(String(error.message[start.lowerBound..<end.upperBound]), table: input.name)
    }
    return nil
  }

  /// A short, stable name of the kind of error.
  public var code: String {
    switch self {
    case .query: "query"
    case .columns: "columns"
    case .stopped, .tableStopped: "stop-rule"
    case .reconciliation: "reconciliation"
    case .share: "share-rule"
    case .accounting: "accounting"
    case .repeatedKey: "repeated-key"
    case .losesHistory: "loses-history"
    case .foreignTable: "foreign-table"
    case .dataFile: "data-file"
    case .delta, .damagedLog: "delta"
    case .engine: "engine"
    case .storage: "storage"
    case .other: "other"
    }
  }
}

extension RunError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .query(let location, let message): "\(location): \(message)"
    case .columns(let location, let missing, let unexpected):
      "\(location): " + RunError.sentence(missing: missing, unexpected: unexpected)
    case .stopped(let rule, let rows, let location, let examples):
      "\(location): \(counted(rows, "row")) \(rows == 1 ? "fails" : "fail") '\(rule)', which stops "
        + "the table"
        + (examples.isEmpty
          ? "." : "; for example \(examples.map(\.description).joined(separator: ", ")).")
    case .share(let failure): failure.description
    case .accounting(let counts, let factor, let location):
      "\(location): \(counts.read) rows were read but \(counts.accounted) accounted for ("
        + "\(counts.words)). "
        + (factor == 1
          ? "A query over new rows gives one row for each: leave rows out with an expectation "
            + "`else: .drop`, not with WHERE or JOIN; where each gives several, declare "
            + "`.rows(factor:)`."
          : "`.rows(factor: \(factor))` promises \(factor) rows for each.")
    case .tableStopped(let rule, let finding, let location):
      "\(location): '\(rule)' failed, which stops the table: \(finding). Nothing was written to the "
        + "table or its quarantine."
    case .reconciliation(let difference): difference.description
    case .repeatedKey(let columns, let keys, let location):
      "\(location): \(counted(keys, "key")) (\(columns.joined(separator: ", "))) "
        + "\(keys == 1 ? "has" : "have") more than one row. "
        + "Group by the key, or name all columns of the key."
    case .losesHistory(let keys, let table, let location):
      "\(location): it keeps its history, and a rebuild would lose \(counted(keys, "key")) that its "
        + "inputs no longer hold. The table is as it was. To lose them: "
        + "\(CommandHint.command("run \(table) --full-refresh --discard-history"))."
    case .foreignTable(let what): what
    case .dataFile(let path, let table):
      "the data file \(path) of \(table) is missing or cannot be read. "
        + (table.layer == .bronze
          ? "Put it back from a backup: bronze alone has these rows."
          : "\(CommandHint.command("run \(table) --full-refresh")) makes the table anew.")
    case .damagedLog(let error, let table, let isRecord, let folder):
      "\(error). "
        + (isRecord
          ? "\(table) has rows that are nowhere else."
          : "Or move \(folder) away: the next run computes \(table) anew from its inputs.")
    case .delta(let error): error.description
    case .engine(let error): error.description
    case .storage(let error): error.description
    case .other(let text): EngineMessage.withoutValues(text)
    }
  }

  static func sentence(missing: [String], unexpected: [String]) -> String {
    var parts: [String] = []
    for name in missing {
      let near = didYouMean(name, in: unexpected)
      let technical = TechnicalColumn.all.contains(name)
      parts.append(
        "the query does not give the column '\(name)'"
          + (technical ? ", which says where a row came from: add it to the SELECT." : ".") + near)
    }
    for name in unexpected where nearest(name, in: missing) == nil {
      parts.append(
        "the query gives '\(name)', which is not declared. Declare it, or begin its name with _ "
          + "if only rules need it.")
    }
    return parts.joined(separator: " ")
  }
}
