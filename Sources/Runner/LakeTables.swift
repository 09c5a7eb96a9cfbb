import Basics
import DeltaLake
import Lakehouse
import Podium
import Storage
import Synchronization

/// The states of a lake's tables as far as this process knows them.
///
/// A state is used again as long as no newer commit stands in the log, so that a run reads each
/// log once. Where each look costs a request, the lake's own are not looked for again within some
/// seconds: a commit in between is found by the commit that it conflicts with, or by the next run. For
/// any number of threads.
public final class LakeTables: Sendable {
  /// What is known of a place.
  private struct Known: Sendable {
    /// The newest state; nil where only its version and progress were asked for, or there is no table.
    var snapshot: Snapshot?
    /// The newest version and progress; nil where there is no table.
    var state: TableState?
    /// When that was so, in seconds.
    var seen: Double
  }

  public let lake: Lake
  private let known = Mutex<[TableLocation: Known]>([:])
  private let onCommit: @Sendable (TableCommit) -> Void

  /// Seconds for which a look at a bucket holds.
  private static let trust = 5.0

  /// - Parameter onCommit: is told of each commit that is recorded.
  public init(_ lake: Lake, onCommit: @escaping @Sendable (TableCommit) -> Void = { _ in }) {
    self.lake = lake
    self.onCommit = onCommit
  }

  /// A table, read and written through a session's engine.
  func table(_ location: TableLocation, _ session: EngineSession) -> DeltaTable {
    lake.table(location) { DuckDBParquet(session) }
  }

  /// The newest state; nil where there is no table.
  func snapshot(_ location: TableLocation, _ session: EngineSession) throws -> Snapshot? {
    if let known = try current(location) {
      if known.snapshot != nil || known.state == nil { return known.snapshot }
    }
    let snapshot = try table(location, session).snapshotIfAny()
    remember(location, snapshot, snapshot.map { TableState($0).withoutWithdrawn })
    return snapshot
  }

  /// The newest version and progress; nil where there is no table.
  ///
  /// Needs no engine as long as the log has its checksum file.
  func state(_ location: TableLocation, parquet: @escaping () throws -> any ParquetHandler)
    throws -> TableState?
  {
    if let known = try current(location) { return known.state }
    let state = try lake.table(location, parquet: parquet).state()?.withoutWithdrawn
    remember(location, nil, state)
    return state
  }

  /// Looks at many places at once, where each look costs a request: what is asked for next is known.
  func look(
    at locations: [TableLocation], parquet: @escaping @Sendable () throws -> any ParquetHandler
  ) {
    guard !lake.isLocal else { return }
    var places: [TableLocation] = []
    for (parent, inside) in Dictionary(grouping: locations, by: { parentPath(lake.folder($0)) }) {
      // A listing of folders tells of many at once that they have no table.
      let there = try? Set(lake.files.listFolder(parent + "/").map(\.path))
      for location in inside {
        if there?.contains(lake.folder(location) + "/") == false {
          remember(location, nil, nil)
        } else {
          places.append(location)
        }
      }
    }
    // What cannot be read is told by whoever needs it.
    _ = try? concurrentMap(places, width: 16) { [self] location in
      _ = try? state(location, parquet: parquet)
    }
  }

  /// True if the place has a table.
  func exists(_ location: TableLocation) throws -> Bool {
    if let known = try current(location) { return known.state != nil }
    return try DeltaTable.exists(in: lake.store(location))
  }

  /// Remembers the state after a commit.
  func record(_ location: TableLocation, _ snapshot: Snapshot) {
    let before = known.withLock { $0[location]?.snapshot }
    remember(location, snapshot, TableState(snapshot).withoutWithdrawn)
    guard before?.version != snapshot.version else { return }
    onCommit(TableCommit(location, before, snapshot))
  }

  private func remember(_ location: TableLocation, _ snapshot: Snapshot?, _ state: TableState?) {
    known.withLock {
      // A folder of this machine tells at no cost that there is no table.
      $0[location] =
        state == nil && lake.isLocal
        ? nil : Known(snapshot: snapshot, state: state, seen: monotonicSeconds())
    }
  }

  /// What is known of a place, if it still holds.
  private func current(_ location: TableLocation) throws(StorageError) -> Known? {
    guard let known = known.withLock({ $0[location] }) else { return nil }
    if !lake.isLocal, monotonicSeconds() - known.seen < LakeTables.trust { return known }
    // Who makes a table here is this process.
    guard let state = known.state else { return known }
    let next = try lake.store(location).info(DeltaTable.commitPath(state.version + 1))
    guard next == nil else { return nil }
    self.known.withLock { $0[location]?.seen = monotonicSeconds() }
    return known
  }
}
