import Basics
import Podium
import Storage

/// A stored piece of work: partitions of one table, of some days, to be computed anew part by part.
///
/// It lies in the lake as `.podium/backfills/<id>.json` and is written after each part, so that it
/// goes on where it stopped.
public struct Backfill: Hashable, Sendable {
  /// How far it is.
  public enum Status: String, Hashable, Sendable {
    /// Parts wait, and a process may be at work on them.
    case open
    case paused
    case cancelled
    case done
  }

  /// Days that are computed at once.
  public struct Part: Hashable, Sendable {
    /// How far it is.
    public enum Status: String, Hashable, Sendable {
      case waiting, done, failed
    }

    public let days: ClosedRange<CivilDate>
    public internal(set) var status = Status.waiting
    /// The version that has its rows.
    public internal(set) var version: Int64?
    /// Rows written.
    public internal(set) var rows: Int64 = 0
    public internal(set) var seconds = 0.0
    /// Why it failed.
    public internal(set) var error: String?
  }

  /// A step from one part to the next.
  public enum Step: String, Hashable, Sendable, CaseIterable {
    case day, week, month
  }

  public let id: String
  public let table: TableName
  /// When it was asked for.
  public let created: Timestamp
  public internal(set) var status = Status.open
  public internal(set) var parts: [Part]

  /// Days from the first to the last, in parts of whole weeks (from Monday) or months, or single.
  static func parts(_ days: ClosedRange<CivilDate>, _ step: Step) -> [Part] {
    var parts: [Part] = []
    var first = days.lowerBound
    while first <= days.upperBound {
      let components = first.components
      let end: CivilDate =
        switch step {
        case .day: first
        case .week:
          CivilDate(daysSinceEpoch: first.daysSinceEpoch + 6 - first.weekday)
        case .month:
          CivilDate(year: components.year, month: components.month + 1, day: 0)
        }
      let last = min(end, days.upperBound)
      parts.append(Part(days: first...last))
      first = CivilDate(daysSinceEpoch: last.daysSinceEpoch + 1)
    }
    return parts
  }

  /// Parts that are to be worked on.
  public var left: Int { parts.count { $0.status != .done } }
}

extension Backfill {
  private static let folder = "backfills/"

  private static func path(_ id: String) -> String { "\(folder)\(id).json" }
  private static func requestPath(_ id: String) -> String { "\(folder)\(id).request" }

  /// Writes it down.
  func store(in records: any ObjectStore) throws(StorageError) {
    try records.put(Backfill.path(id), Array(json.text.utf8))
  }

  /// All that are known, the newest first; one that cannot be read is left out.
  static func all(in records: any ObjectStore) throws(StorageError) -> [Backfill] {
    var found: [Backfill] = []
    for object in try records.listFolder(folder) where object.path.hasSuffix(".json") {
      guard let json = try? JSON(parsing: try records.read(object.path)) else { continue }
      if let backfill = Backfill(json) { found.append(backfill) }
    }
    return found.sorted { ($0.created.microseconds, $0.id) > ($1.created.microseconds, $1.id) }
  }

  /// Asks the process at work on it, if there is one, to stop after the part at hand.
  static func request(_ status: Status, _ id: String, in records: any ObjectStore)
    throws(StorageError)
  {
    try records.put(requestPath(id), Array(status.rawValue.utf8))
  }

  /// What was asked of the process at work on it.
  static func requested(_ id: String, in records: any ObjectStore) throws(StorageError) -> Status? {
    guard try records.info(requestPath(id)) != nil else { return nil }
    let bytes = try records.read(requestPath(id))
    return Status(rawValue: String(decoding: bytes, as: UTF8.self))
  }

  static func forgetRequest(_ id: String, in records: any ObjectStore) throws(StorageError) {
    try records.delete(requestPath(id))
  }

  /// The whole as JSON, as it is stored.
  public var json: JSON {
    [
      "id": .string(id), "table": .string(table.description),
      "created": .int(created.microseconds), "status": .string(status.rawValue),
      "parts": .array(
        parts.map { part in
          [
            "from": .string(part.days.lowerBound.description),
            "to": .string(part.days.upperBound.description),
            "status": .string(part.status.rawValue), "version": .optional(part.version),
            "rows": .int(part.rows), "seconds": .number(part.seconds.description),
            "error": .optional(part.error),
          ]
        }),
    ]
  }

  private init?(_ json: JSON) {
    guard let id = json["id"]?.string, let table = json["table"]?.string,
      let created = json["created"]?.int,
      let status = json["status"]?.string.flatMap(Status.init(rawValue:)),
      let entries = json["parts"]?.array
    else { return nil }
    var parts: [Part] = []
    for entry in entries {
      guard let from = entry["from"]?.string.flatMap({ CivilDate($0) }),
        let to = entry["to"]?.string.flatMap({ CivilDate($0) }), from <= to,
        let status = entry["status"]?.string.flatMap(Part.Status.init(rawValue:))
      else { return nil }
      var part = Part(days: from...to)
      part.status = status
      part.version = entry["version"]?.int
      part.rows = entry["rows"]?.int ?? 0
      part.seconds = entry["seconds"]?.double ?? 0
      part.error = entry["error"]?.string
      parts.append(part)
    }
    self.init(
      id: id, table: TableName(table), created: Timestamp(microseconds: created), status: status,
      parts: parts)
  }
}
