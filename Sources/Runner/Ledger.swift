import Basics
import Lakehouse
import Podium
import SQLite
import Storage

/// The record of runs, and of what is known of landing files, in one SQLite file.
///
/// It answers questions quickly; the truth is in the tables' logs. For one thread at a time.
public final class Ledger: LandingCache {
  let database: Database
  /// True for a copy in memory, of a lake that may only be read.
  let isCopy: Bool
  /// The lake elsewhere that this machine works on a copy of; nil for one on this machine.
  let home: Lake?

  /// Opens the ledger of a lake, making it where it does not exist.
  /// - Throws: `LakeError` where it cannot be written, for want of rights or room.
  public convenience init(_ lake: Lake) throws {
    do {
      try Ledger.fetch(lake)
      try self.init(Ledger.database(of: lake), isCopy: false, home: lake.isLocal ? nil : lake)
    } catch {
      throw Ledger.refusal(error, lake) ?? error
    }
  }

  init(_ database: Database, isCopy: Bool, home: Lake? = nil) throws {
    self.database = database
    self.isCopy = isCopy
    self.home = home
    try database.migrate(Ledger.migrations)
  }

  /// The file's name among the lake's records.
  static let file = "ledger.sqlite"

  static func path(_ lake: Lake) -> String { lake.local.address(file) }

  private static let migrations = [
    Migration(
      to: 1,
      """
      CREATE TABLE runs (
        run TEXT PRIMARY KEY, started TEXT NOT NULL, ended TEXT, as_of TEXT NOT NULL,
        selectors TEXT NOT NULL, full_refresh INTEGER NOT NULL, status TEXT NOT NULL
      );
      CREATE TABLE run_tables (
        run TEXT NOT NULL, table_name TEXT NOT NULL, position INTEGER NOT NULL,
        status TEXT NOT NULL, reason TEXT NOT NULL, error TEXT, version INTEGER,
        rows_after INTEGER, seconds REAL NOT NULL, rows_read INTEGER NOT NULL,
        inserted INTEGER NOT NULL, updated INTEGER NOT NULL, deleted INTEGER NOT NULL,
        unchanged INTEGER NOT NULL, superseded INTEGER NOT NULL, deduplicated INTEGER NOT NULL,
        filtered INTEGER NOT NULL, quarantined INTEGER NOT NULL, files_taken INTEGER NOT NULL,
        files_quarantined INTEGER NOT NULL, files_changed INTEGER NOT NULL,
        PRIMARY KEY (run, table_name)
      );
      CREATE TABLE rule_failures (
        run TEXT NOT NULL, table_name TEXT NOT NULL, rule TEXT NOT NULL, action TEXT NOT NULL,
        rows INTEGER NOT NULL
      );
      CREATE TABLE landing_files (
        path TEXT PRIMARY KEY, size INTEGER NOT NULL, modified INTEGER NOT NULL,
        hash INTEGER NOT NULL
      );
      """),
    Migration(
      to: 2,
      """
      ALTER TABLE runs ADD COLUMN resumes TEXT;
      ALTER TABLE runs ADD COLUMN jobs INTEGER NOT NULL DEFAULT 2;
      ALTER TABLE runs ADD COLUMN discard_history INTEGER NOT NULL DEFAULT 0;
      CREATE TABLE file_lags (
        file TEXT NOT NULL, table_name TEXT NOT NULL, run TEXT NOT NULL, arrived INTEGER NOT NULL,
        committed INTEGER NOT NULL, ready INTEGER, waiting TEXT NOT NULL,
        first_load INTEGER NOT NULL, told INTEGER NOT NULL, PRIMARY KEY (file, run)
      );
      CREATE TABLE alerts (
        occasion TEXT NOT NULL, table_name TEXT NOT NULL, kind TEXT NOT NULL, facts TEXT NOT NULL,
        at INTEGER NOT NULL, pending TEXT NOT NULL, PRIMARY KEY (occasion, table_name, kind)
      );
      CREATE INDEX run_tables_by_table ON run_tables (table_name);
      """),
    Migration(
      to: 3,
      """
      ALTER TABLE runs ADD COLUMN kind TEXT NOT NULL DEFAULT 'run';
      UPDATE runs SET kind = 'replay' WHERE selectors LIKE 'quarantine replay %';
      """),
    Migration(to: 4, "ALTER TABLE runs ADD COLUMN subset TEXT;"),
  ]

  /// The hash of a landing file that is known.
  func hash(of file: LandingFile) -> Int64? {
    let row = try? database.first(
      "SELECT hash FROM landing_files WHERE path = ? AND size = ? AND modified = ?",
      [.text(file.path), .integer(file.size), .integer(file.modified.microseconds)])
    return (try? row?.int("hash")).map(Int64.init)
  }

  func hashes(in folder: String) -> [LandingFile: Int64] {
    var hashes: [LandingFile: Int64] = [:]
    // What begins with `folder/` stands before `folder0`.
    let rows = try? database.rows(
      "SELECT path, size, modified, hash FROM landing_files WHERE path > ? AND path < ?",
      [.text(folder + "/"), .text(folder + "0")])
    for row in rows ?? [] {
      guard let path = try? row.text(0), let size = try? row.int(1),
        let modified = try? row.int(2), let hash = try? row.int(3)
      else { continue }
      let file = LandingFile(
        path: path, size: Int64(size), modified: Timestamp(microseconds: Int64(modified)))
      hashes[file] = Int64(hash)
    }
    return hashes
  }

  func remember(_ file: LandingFile, _ hash: Int64) {
    _ = try? database.run(
      "INSERT OR REPLACE INTO landing_files (path, size, modified, hash) VALUES (?, ?, ?, ?)",
      [
        .text(file.path), .integer(file.size), .integer(file.modified.microseconds),
        .integer(hash),
      ])
  }
}
