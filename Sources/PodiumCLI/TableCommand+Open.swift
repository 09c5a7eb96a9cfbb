import ArgumentParsing
import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium
import S3
import Storage

/// A Delta table that a command works on.
struct OpenTable {
  let delta: DeltaTable
  let engine: EngineProvider
  /// Held while the table is written, where it is one of a lake.
  let lock: LakeLock?
  /// True for a table that runs compute.
  let isDeclared: Bool
}

extension OpenTable {
  /// The table and a session of the engine: rows of a query, and what is done with them, must be in
  /// one.
  func inOneSession() throws -> (DeltaTable, EngineSession) {
    let session = try engine.session()
    let table = DeltaTable(store: delta.store, clock: delta.clock) { DuckDBParquet(session) }
    return (table, session)
  }
}

extension Argument {
  static let tableOrPath = Argument.required(
    "table", "A table's name, or the path of a Delta table (with a /).")
}

extension Option {
  static let version = Option.option(
    "version", "N", "The version to read; the newest where it is left out.", .int(0...Int.max))
  static let timestamp = Option.option(
    "timestamp", "TIME", "The version of that time, such as 2025-03-01T12:00:00Z.")
}

extension Project {
  /// The table that the argument means: a path where it contains a `/`, else a name of the lake.
  /// - Parameter writing: true to keep runs and other writers of the lake out.
  func open(_ session: Session, writing: Bool = false) throws -> OpenTable {
    let asked = try session.values.string("table")
    if asked.contains("/") {
      let isInBucket = S3Location.isMeant(asked)
      guard isInBucket || !asked.contains("://") else {
        throw WrongUsage(
          description:
            "'\(printable(asked))' is no folder of this machine and no place in a bucket "
            + "(s3://bucket/prefix).")
      }
      guard isInBucket || kindOfFile(asked) != .file else {
        throw WrongUsage(
          description:
            "'\(printable(asked))' is not a Delta table but a file; write a folder's path.")
      }
      let store = try Lake.store(asked).folder("", rights: .usual, followsLinks: false)
      let engine = EngineProvider(lake: nil, buckets: (store as? S3Store)?.settings)
      return OpenTable(
        delta: DeltaTable(store: store) { DuckDBParquet(try engine.session()) }, engine: engine,
        lock: nil, isDeclared: false)
    }
    let lake = try session.lake()
    let engine = EngineProvider(lake: lake)
    let entry = try session.catalog(lake).entry(asked, tool: name)
    guard try DeltaTable.exists(in: lake.store(entry.location)) else {
      throw WrongUsage(description: missing(entry))
    }
    guard !writing || lake.owns(entry.location) else {
      throw WrongUsage(
        description: "\(entry.location.name) is production's; the environment only reads it.")
    }
    let lock =
      writing
      ? try LakeLock(lake, command: "\(name) table", patience: 0, onLost: session.lockLost) : nil
    if lock != nil { try session.finishInterrupted(lake) }
    return OpenTable(
      delta: lake.table(entry.location) { DuckDBParquet(try engine.session()) }, engine: engine,
      lock: lock, isDeclared: entry.table != nil)
  }

  /// Why a table of the catalog is not there.
  private func missing(_ entry: Catalog.Entry) -> String {
    let name = entry.location.name
    switch entry.content {
    case .declared: return "\(name) has not been made yet; \(CommandHint.command("run")) makes it."
    case .rejects(let table):
      return "\(name) does not exist, since no row of \(table.name) has failed a rule so far."
    case .refusedFiles:
      return "\(name) does not exist, since all files could be read so far."
    case .droppedRows:
      return "\(name) does not exist, since nothing was given up so far."
    }
  }
}

extension Session {
  /// The state that `--version` or `--timestamp` asks for, or the newest one.
  func snapshot(_ delta: DeltaTable) throws -> Snapshot {
    try values.refuseTogether(["version", "timestamp"])
    if let text = try values.stringIfGiven("timestamp") {
      guard let time = Timestamp(iso8601: text) else {
        throw WrongUsage(
          description: "'\(printable(text))' is no time: write 2025-03-01 or 2025-03-01T12:00:00Z.")
      }
      return try delta.snapshot(version: try delta.version(at: time))
    }
    return try delta.snapshot(version: try values.intIfGiven("version").map(Int64.init))
  }
}
