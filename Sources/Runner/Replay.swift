import Basics
import DeltaLake
import Lakehouse
import Podium
import Storage

/// Rows that a replay brings in from quarantine, as it is remembered from before its first commit until
/// after its last.
struct Replay: Hashable {
  /// What the table has consumed of its inputs; nothing new is read.
  let batch: Batch
  /// The quarantine's version from which rows are taken.
  let quarantine: Int64
  /// Rows are taken that failed one of these; nil for all.
  let rules: [String]?

  /// The progress mark whose version is that of the quarantine from which rows were taken last.
  static let mark = "podium/replay"
}

extension Replay {
  private static func path(_ table: Table) -> String { "\(table.name).replay.json" }

  func store(_ table: Table, in records: any ObjectStore) throws(StorageError) {
    let json: JSON = [
      "batch": batch.json, "quarantine": .int(quarantine),
      "rules": rules.map { .array($0.map(JSON.string)) } ?? .null,
    ]
    try records.put(Replay.path(table), Array(json.text.utf8))
  }

  static func remove(_ table: Table, from records: any ObjectStore) throws(StorageError) {
    try records.delete(path(table))
  }

  /// True if a replay was begun and not ended.
  static func isPending(_ table: Table, in records: any ObjectStore) throws(StorageError) -> Bool {
    try records.info(path(table)) != nil
  }

  /// The replay that was begun; nil where there is none, or none that can be read.
  static func pending(_ table: Table, in records: any ObjectStore) throws(StorageError) -> Replay? {
    guard let json = try? JSON(parsing: try records.read(path(table))),
      let batch = json["batch"].flatMap(Batch.init), let quarantine = json["quarantine"]?.int
    else { return nil }
    return Replay(
      batch: batch, quarantine: quarantine, rules: json["rules"]?.array?.compactMap(\.string))
  }
}

/// What a replay came to.
public struct ReplayResult: Sendable {
  /// Rows that were in quarantine, of the rules asked for.
  public internal(set) var judged: Int64 = 0
  /// Rows that are there no more.
  public internal(set) var released: Int64 = 0
  /// What became of the rows.
  public internal(set) var counts = RowCounts()
  /// Rows that failed each rule.
  public internal(set) var failures: [RuleCount] = []
  /// Why the whole table was computed anew; nil where only the quarantined rows were judged.
  public internal(set) var rebuilt: String?
  /// Rules whose rows were judged as well, since they changed.
  public internal(set) var alsoChanged: [String] = []
  /// Of a bronze table, what became of its files.
  public internal(set) var files: FileReport?
  /// The table's version afterwards; nil where nothing was committed.
  public internal(set) var version: Int64?
}

extension TableJob {
  /// Marks a commit, in its `commitInfo`, that brought rows in from quarantine.
  static let replayTag = "podiumReplay"
}
