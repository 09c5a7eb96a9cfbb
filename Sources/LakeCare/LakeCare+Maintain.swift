import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium
import Runner
import Storage

extension LakeCare {
  /// Milliseconds after which a file goes that no commit names, where no run is at work.
  ///
  /// Another program may be writing to the table.
  private static let unnamedAfter: Int64 = 3_600_000

  /// Deletes rows that are older than their tables keep them, rewrites small files as large ones,
  /// removes what no version needs, and landing files whose rows are in bronze long since.
  ///
  /// Whatever ends it in the middle, each table is as it was or done. What tables that read a table
  /// have not read of it stays.
  /// - Parameter lock: takes the lake's lock; never asked for where nothing is to be changed.
  public func maintain(
    _ request: MaintenanceRequest, onTable: (String) -> Void = { _ in },
    lock: @escaping () throws -> LakeLock
  ) throws -> MaintenanceReport {
    let start = monotonicSeconds()
    let selected = try graph.select(request.selectors)
    var places = places(of: selected)
    if request.selectors.isEmpty {
      places.insert(Place(location: .quarantinedFiles, table: nil), at: 0)
      places.insert(Place(location: .droppedRows, table: nil), at: 0)
    }
    let shared = SharedLock(lock)
    var report = MaintenanceReport()
    for place in try existing(places) {
      if !request.dryRun { try shared.hold() }
      onTable(place.location.name)
      report.tables.append(try maintain(place, request, &report.unread))
    }
    if !request.dryRun, (try? lake.exchange.listFolder(""))?.isEmpty == false {
      try shared.hold()
      lake.removeLeftovers()
    }
    // Landing belongs to production.
    if let retention = request.landingRetention, lake.environment == nil {
      for table in selected {
        guard case .landing(let source) = table.origin else { continue }
        if !request.dryRun { try shared.hold() }
        let upkeep = try cleanLanding(table, source, retention, dryRun: request.dryRun)
        if let upkeep { report.landing.append(upkeep) }
      }
    }
    report.seconds = monotonicSeconds() - start
    return report
  }

  private func maintain(
    _ place: Place, _ request: MaintenanceRequest, _ unread: inout [UnreadVersions]
  ) throws -> TableUpkeep {
    var upkeep = TableUpkeep(name: place.location.name)
    do {
      let session = try engine.session()
      let delta = delta(place.location, session)
      var state = try delta.snapshot()
      if let table = place.table, place.isTable, let retention = table.retention {
        upkeep.expiredRows = try expire(retention, request, delta, &state, session)
      }
      let small = delta.optimizable(state)
      upkeep.compacted.files = small.files
      upkeep.compacted.bytes = small.bytes
      let due = try delta.commitsSinceCheckpoint(state) >= LakeCare.checkpointAfter
      upkeep.checkpointed = due
      if !request.dryRun {
        if small.files > 0 {
          let transaction = Transaction("OPTIMIZE", isBlindAppend: false)
          state = try delta.optimize(state.upkeep, state, transaction: transaction).snapshot
        }
        if due { try delta.writeCheckpoint(state) }
      }
      let needs = try needs(of: place, delta, state)
      unread += needs.unread
      let dead = try delta.vacuum(
        state, dryRun: request.dryRun, keeping: needs.files,
        unnamedAfter: LakeCare.unnamedAfter)
      upkeep.dead = RemovedFiles(dead.files)
      let log = try delta.cleanLog(
        state, keeping: needs.floor, dryRun: request.dryRun)
      upkeep.log = RemovedFiles(log)
    } catch let error as StorageError where error.code == .diskFull {
      throw error
    } catch let error as EngineError where error.isOfLibrary {
      throw error
    } catch {
      upkeep.failure = EngineMessage.withoutValues("\(error)")
    }
    return upkeep
  }

  /// A reader need not go through more commits than these.
  private static let checkpointAfter: Int64 = 5

  /// Deletes the rows that are older than the table keeps them.
  /// - Returns: how many there are.
  private func expire(
    _ retention: Retention, _ request: MaintenanceRequest, _ delta: DeltaTable,
    _ state: inout Snapshot, _ session: EngineSession
  ) throws -> Int64 {
    let column = retention.column ?? TechnicalColumn.ingestDate
    guard let field = state.schema[column] else { return 0 }
    let (day, overflow) = request.asOf.daysSinceEpoch.subtractingReportingOverflow(retention.days)
    guard !overflow else { return 0 }
    let oldest = CivilDate(daysSinceEpoch: day).description
    let limit =
      field.type == .date ? "DATE '\(oldest)'" : "TIMESTAMPTZ '\(oldest) 00:00:00+00'"
    let condition = "\(sqlName(column)) < \(limit)"
    guard !request.dryRun else {
      let rows = try DuckDBParquet(session).scan(delta.scan(state))
      return try session.count("SELECT count(*) FROM \(rows.name) WHERE \(condition)")
    }
    var transaction = Transaction("DELETE", isBlindAppend: false)
    transaction.tags = [JSON.Member(CommitTag.maintenance, .bool(true))]
    let result = try delta.delete(where: condition, state, transaction: transaction)
    state = result.snapshot
    return result.rows
  }
}
