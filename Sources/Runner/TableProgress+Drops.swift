import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium

extension TableProgress {
  /// The progress mark of an environment's table whose version is that of production's record of rows
  /// that were given up, when the table was last computed whole.
  package static let droppedMark = "podium/dropped"

  /// True if rows of a table may have been given up in production since an environment computed it
  /// whole.
  ///
  /// The statistics of the record's files tell of which tables they are; no rows are read.
  /// - Parameter record: production's record of what was given up.
  package static func missesDrops(
    _ table: Table, _ state: TableState?, _ record: DeltaTable
  ) throws -> Bool {
    guard table.query != nil, table.carriesOrigin, let state,
      let newest = try record.state()?.version
    else { return false }
    let seen = state.transactions[droppedMark]?.version ?? -1
    guard seen < newest else { return false }
    let snapshot = try record.snapshot()
    let isMeant = Predicate.compare("table_name", .equal, .string(table.name.description))
    return try ((seen + 1)...newest).contains { version in
      // What is not known any more may have been anything.
      guard let actions = try record.actions(of: version) else { return true }
      return actions.contains { action in
        guard case .add(let file) = action, file.dataChange else { return false }
        return snapshot.file(file, mayHold: isMeant)
      }
    }
  }
}

extension TableJob {
  /// The mark that an environment's table was computed whole with what production has given up so far.
  func droppedMark(_ batch: Batch) throws -> [Action] {
    guard context.lake.environment != nil, batch.rebuild, table.carriesOrigin,
      let record = try context.state(.droppedRows)
    else { return [] }
    return [
      .txn(
        SetTransaction(
          appId: TableProgress.droppedMark, version: record.version,
          lastUpdated: context.lake.clock.now().milliseconds))
    ]
  }
}
