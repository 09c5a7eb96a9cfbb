import Basics
import DeltaLake
import Engines
import Glibc
import Lakehouse
import Podium
import Runner
import Storage

/// Looks after a lake: maintenance, rolling back, backups.
public struct LakeCare: Sendable {
  public let lake: Lake
  public let graph: Graph
  public let engine: EngineProvider
  /// Is told of each step of what is done in steps, before it is done.
  package var probe: (@Sendable (String) throws -> Void)?

  public init(lake: Lake, graph: Graph, engine: EngineProvider) {
    self.lake = lake
    self.graph = graph
    self.engine = engine
  }

  /// A place of the lake where a table may lie.
  struct Place {
    let location: TableLocation
    /// The declared table that the place belongs to; nil for what belongs to all.
    let table: Table?

    /// True for the place of the table's rows, false for what is kept beside them.
    var isTable: Bool { table.map { TableLocation.of($0) == location } ?? false }
  }

  /// Every place that belongs to some tables, in their order: what is kept beside a table comes before
  /// the table.
  func places(of tables: [Table]) -> [Place] {
    tables.flatMap { table -> [Place] in
      guard table.query != nil else { return [Place(location: .of(table), table: table)] }
      return [
        Place(location: .quarantine(of: table), table: table),
        Place(location: .tombstones(of: table), table: table),
        Place(location: .of(table), table: table),
      ]
    }
  }

  /// Every place of the lake.
  var places: [Place] {
    [.quarantinedFiles, .droppedRows].map { Place(location: $0, table: nil) }
      + places(of: graph.ordered)
  }

  /// The places with a table, without those that an environment only reads.
  func existing(_ places: [Place]) throws -> [Place] {
    try places.filter {
      try lake.owns($0.location) && DeltaTable.exists(in: lake.store($0.location))
    }
  }

  /// A table read and written through a session's engine.
  func delta(_ location: TableLocation, _ session: EngineSession) -> DeltaTable {
    lake.table(location) { DuckDBParquet(session) }
  }

  /// A table of which no rows are read unless its log has no other way.
  func delta(_ location: TableLocation) -> DeltaTable {
    lake.table(location) { [engine] in DuckDBParquet(try engine.session()) }
  }
}

/// The lake's lock, let go of now and then so that a run that waits for it comes in.
final class SharedLock {
  private let take: () throws -> LakeLock
  private var lock: LakeLock?
  private var since = 0.0
  /// Seconds for which others have to wait at most, unless one table takes longer.
  private static let patience = 2.0
  /// Who waits looks every 50 ms.
  private static let pause: UInt32 = 150_000

  init(_ take: @escaping () throws -> LakeLock) { self.take = take }

  /// Holds the lock for the next piece of work.
  func hold() throws {
    if lock != nil {
      guard monotonicSeconds() - since > SharedLock.patience else { return }
      lock = nil
      usleep(SharedLock.pause)
    }
    lock = try take()
    since = monotonicSeconds()
  }
}
