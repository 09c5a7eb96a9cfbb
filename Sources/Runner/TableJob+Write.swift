import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium

extension TableJob {
  /// The progress marks of a batch, and what the run did, for the commit that carries its rows.
  func progress(_ operation: String, _ batch: Batch, _ counts: RowCounts) throws -> Transaction {
    var transaction = transaction(operation)
    transaction.actions = marks(of: batch).map(Action.txn)
    if table.query?.readsBusinessDate == true, batch.recordsProgress {
      transaction.actions.append(
        .txn(
          SetTransaction(
            appId: Decider.asOfMark, version: Decider.day(batch.asOf),
            lastUpdated: context.lake.clock.now().milliseconds)))
    }
    transaction.metrics = Dictionary(
      uniqueKeysWithValues: (counts.fates + [("read", counts.read)]).map {
        ("podium.rows.\($0.name)", String($0.rows))
      })
    if let rowsAfter { transaction.metrics[TableJob.rowsAfterMetric] = String(rowsAfter) }
    transaction.actions += try carried + droppedMark(batch)
    return transaction
  }

  /// What a commit remembers of the versions that a batch consumes: also when they were committed,
  /// so that another version of the same number, in a log that lost some, is told from them.
  func marks(of batch: Batch) -> [SetTransaction] {
    guard batch.recordsProgress else { return [] }
    return batch.inputs.map { input in
      let read = table.upstream.first { $0.name == input.name }
      return SetTransaction(
        appId: TableJob.progressID(input.name, input.identity), version: input.to,
        lastUpdated: read.flatMap { context.commitTime(of: $0, input.to) })
    }
  }

  /// Writes rows as the table's next version, creating it where it does not exist.
  func write(
    _ rows: Relation, _ batch: Batch, _ counts: RowCounts, replacing: Bool,
    in files: [DeltaTable.PartitionFiles]? = nil, keeping: ((AddFile) -> Bool)? = nil
  ) throws -> Snapshot {
    let existing = try snapshot(table)
    let base = try existing ?? create()
    var transaction = try progress(replacing ? "OVERWRITE" : "WRITE", batch, counts)
    let target = try withDeclaration(base, &transaction)
    let after: Snapshot
    if replacing {
      let replaced = base.orderedFiles.filter { keeping?($0) != true }
      let count = counts.inserted + counts.updated + counts.unchanged
      after = try delta.overwrite(
        rows, target, transaction: transaction, replacing: replaced, sortedBy: order(of: count),
        rows: count, in: files
      ).snapshot
    } else {
      after = try delta.append(rows, target, transaction: transaction).snapshot
    }
    context.tables.record(location, after)
    return after
  }

  /// Many rows go in the order of their times, so that parts of a file hold parts of time: what later
  /// reads ask for is mostly new.
  private func order(of rows: Int64) -> [String] { rows > 122_880 ? timeOrder : [] }

  /// The column by which many rows go; none where there is no such column.
  var timeOrder: [String] {
    guard let column = table.timeColumn, !table.partitionedBy.contains(column) else { return [] }
    return [column]
  }

  /// Creates the table without rows, and without a fingerprint: it still has to be computed.
  func create() throws -> Snapshot {
    try context.lake.store(location).createFolder("")
    var bare = metadata(existing: nil)
    bare.configuration[PropertyName.fingerprint] = nil
    let snapshot = try delta.create(bare, transaction: transaction("CREATE TABLE"))
    context.tables.record(location, snapshot)
    return snapshot
  }

  /// The state under the metadata that the declaration asks for, and the action for it.
  func withDeclaration(_ base: Snapshot, _ transaction: inout Transaction) throws -> Snapshot {
    let wanted = metadata(existing: base)
    guard wanted != base.metadata else { return base }
    transaction.actions += base.actions(for: wanted)
    return try base.with(wanted)
  }
}

extension Table {
  /// The column that tells when its rows happened: the one that orders the rows of a key, else the
  /// first time or day of the key; nil where there is none.
  fileprivate var timeColumn: String? {
    if let column = write.orderedBy { return column }
    if case .deduplicate(_, _, let column) = write { return column }
    return key.first { name in
      switch storedSchema[name]?.type {
      case .date, .timestamp: true
      default: false
      }
    }
  }
}
