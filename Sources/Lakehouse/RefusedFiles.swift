import Basics
import DeltaLake
import Engines
import Podium

/// `quarantine.files` as SQL shows it: with the moment at which a file was read after all.
///
/// The table itself only grows. Which content of a file was taken in, and when, stands in the
/// progress marks of the bronze tables, so that is where the moment comes from.
struct RefusedFiles {
  static let resolvedAt = StructField(
    "resolved_at", .timestamp,
    metadata: [
      JSON.Member(
        "comment", "When the file was read well after all, UTC; NULL while it was not.")
    ])

  private let lake: Lake
  private let tables: [Table]

  init(_ lake: Lake, _ tables: [Table]) {
    self.lake = lake
    self.tables = tables
  }

  /// A query for the rows of another one with `resolved_at` at the end.
  /// - Parameter snapshot: the state of `quarantine.files` that the other query reads.
  func query(_ query: String, _ snapshot: Snapshot) throws -> String {
    guard snapshot.schema["file"] != nil, snapshot.schema[TechnicalColumn.quarantinedAt] != nil
    else { return query }
    let rows = try taken(Set(snapshot.transactions.keys)).map { file, milliseconds in
      "(\(sqlLiteral(file)), epoch_ms(\(milliseconds)) AT TIME ZONE 'UTC')"
    }.sorted()
    let name = RefusedFiles.resolvedAt.name
    guard !rows.isEmpty else {
      return "SELECT *, CAST(NULL AS TIMESTAMPTZ) AS \(name) FROM (\(query)) AS q"
    }
    // A mark knows milliseconds.
    return """
      SELECT q.*, t.moment AS \(name) FROM (\(query)) AS q \
      LEFT JOIN (VALUES \(rows.joined(separator: ", "))) AS t(name, moment) \
      ON t.name = q.file \
      AND t.moment >= date_trunc('millisecond', q.\(TechnicalColumn.quarantinedAt))
      """
  }

  /// When the files of some marks were last taken in, by their names.
  private func taken(_ marks: Set<String>) throws -> [String: Int64] {
    var moments: [String: Int64] = [:]
    for table in tables where table.landing != nil {
      guard
        let state = try lake.table(.of(table), parquet: { throw DeltaError.notATable("") })
          .state()
      else { continue }
      for mark in marks where mark.hasPrefix(LandingMark.prefix) {
        // A mark that was taken back says that the file is to be read again.
        guard let taken = state.transactions[mark], taken.version >= 0,
          let moment = taken.lastUpdated
        else { continue }
        let file = String(mark.dropFirst(LandingMark.prefix.count))
        moments[file] = max(moments[file] ?? moment, moment)
      }
    }
    return moments
  }
}

/// The progress marks that say which landing files a table has taken in.
public enum LandingMark {
  /// What the application id of a mark begins with, before the file's path.
  public static let prefix = "podium/landing/"
}

extension Schema {
  /// The stored columns of `quarantine.files`.
  public static let quarantinedFiles = Schema([
    field("source", .string, "Landing folder."),
    field("file", .string, "The file, relative to the landing zone."),
    field("code", .string, "Kind of reason, one word."),
    field("reason", .string, "Why the file could not be read."),
    field("line", .long, "Physical line of the fault, where known."),
    field("content_hash", .string, "Hash of the file's bytes."),
    field(TechnicalColumn.run, .string, "Run that met the file."),
    field(TechnicalColumn.quarantinedAt, .timestamp, "When that was, UTC."),
  ])

  /// The columns of `quarantine.dropped`.
  public static let droppedRows = Schema([
    field("table_name", .string, "The table whose quarantine held it."),
    field("file", .string, "Landing file, relative to the landing zone."),
    field("line", .long, "Physical line of the record, from 1; empty for a whole file."),
    field("failed_rules", .string, "Rules the row failed, or the kind of the file's fault."),
    field("reason", .string, "Why it was given up; empty where nothing was told."),
    field("dropped_by", .string, "The user of the system who did it."),
    field(TechnicalColumn.run, .string, "Id of the command."),
    field("dropped_at", .timestamp, "When that was, UTC."),
  ])

  private static func field(_ name: String, _ type: DeltaType, _ about: String) -> StructField {
    StructField(name, type, metadata: [JSON.Member("comment", .string(about))])
  }
}
