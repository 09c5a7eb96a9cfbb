import DeltaLake
import Lakehouse
import Podium
import Storage
import Synchronization

/// The states of a lake's tables as far as this process knows them.
///
/// A state is used again as long as no newer commit stands in the log, so that a run reads each
/// log once. For any number of threads.
public final class LakeTables: Sendable {
  public let lake: Lake
  private let known = Mutex<[TableLocation: Snapshot]>([:])
  private let onCommit: @Sendable (TableCommit) -> Void

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
    if let current = try current(location) { return current }
    let snapshot = try table(location, session).snapshotIfAny()
    if let snapshot { known.withLock { $0[location] = snapshot } }
    return snapshot
  }

  /// The newest version and progress; nil where there is no table.
  ///
  /// Needs no engine as long as the log has its checksum file.
  func state(_ location: TableLocation, parquet: @escaping () throws -> any ParquetHandler)
    throws -> TableState?
  {
    if let current = try current(location) { return TableState(current).withoutWithdrawn }
    return try lake.table(location, parquet: parquet).state()?.withoutWithdrawn
  }

  /// True if the place has a table.
  func exists(_ location: TableLocation) throws(StorageError) -> Bool {
    if known.withLock({ $0[location] }) != nil { return true }
    return try DeltaTable.exists(in: lake.store(location))
  }

  /// Remembers the state after a commit.
  func record(_ location: TableLocation, _ snapshot: Snapshot) {
    let before = known.withLock { $0.updateValue(snapshot, forKey: location) }
    guard before?.version != snapshot.version else { return }
    onCommit(TableCommit(location, before, snapshot))
  }

  private func current(_ location: TableLocation) throws(StorageError) -> Snapshot? {
    guard let snapshot = known.withLock({ $0[location] }) else { return nil }
    let next = try lake.store(location).info(DeltaTable.commitPath(snapshot.version + 1))
    return next == nil ? snapshot : nil
  }
}
