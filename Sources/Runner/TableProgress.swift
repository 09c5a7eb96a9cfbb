import Basics
import DeltaLake
import Lakehouse
import Podium
import SQLite
import Storage

/// What those who look after a lake must know of how far a table has read its inputs.
package enum TableProgress {
  /// An input as a batch that was begun pins it.
  package struct PinnedInput: Hashable, Sendable {
    package let name: TableName
    /// The input's metadata id.
    package let identity: String
    /// The last version consumed before; nil reads from the beginning.
    package let from: Int64?
    /// The last version that the batch consumes.
    package let to: Int64
  }

  /// The inputs of the batch that a run began and did not finish; empty where none is open.
  package static func openBatch(_ table: Table, _ lake: Lake) throws -> [PinnedInput] {
    try Batch.pending(table, in: lake.batches)?.inputs.map {
      PinnedInput(name: $0.name, identity: $0.identity, from: $0.from, to: $0.to)
    } ?? []
  }

  /// The version of the table's quarantine that the batch pins which a run began and did not finish;
  /// nil where none is open or it knows none.
  package static func pinnedQuarantine(_ table: Table, _ lake: Lake) throws -> Int64? {
    try Batch.pending(table, in: lake.batches)?.quarantine
  }

  /// Forgets the batch that a run began.
  package static func removeBatch(_ table: Table, _ lake: Lake) throws(StorageError) {
    try Batch.remove(table, from: lake.batches)
  }

  /// The progress mark of an input: which version of it a table has consumed.
  package static func mark(_ input: TableName, _ identity: String) -> String {
    TableJob.progressID(input, identity)
  }

  /// The partition column of a table that depends on the business date; nil for all others.
  package static func datePartition(_ table: Table) -> String? {
    table.query?.readsBusinessDate == true ? table.partitionedBy.first : nil
  }

  /// A table's metadata from before it was computed for the first time.
  package static func notComputed(_ metadata: Metadata) -> Metadata {
    var metadata = metadata
    metadata.configuration[PropertyName.fingerprint] = nil
    return metadata
  }

  /// The progress mark whose version is the business date last computed.
  package static var businessDateMark: String { Decider.asOfMark }
}

extension SetTransaction {
  /// A mark of Podium's that is taken back: a log keeps every mark for ever, and no version is −1.
  package static func withdrawn(_ mark: String, at now: Timestamp) -> SetTransaction {
    SetTransaction(appId: mark, version: -1, lastUpdated: now.milliseconds)
  }
}

extension TableState {
  /// The state without marks that were taken back.
  var withoutWithdrawn: TableState {
    guard transactions.values.contains(where: { $0.version < 0 }) else { return self }
    return TableState(
      version: version, metadata: metadata,
      transactions: transactions.filter { mark, value in
        value.version >= 0 || !mark.hasPrefix("podium/")
      }, bytes: bytes)
  }
}

extension Ledger {
  /// Notes that what some runs did was undone.
  package func markRolledBack(_ runs: [String]) throws(SQLiteError) {
    for run in runs {
      _ = try database.run(
        "UPDATE runs SET status = 'rolled back' WHERE run = ?", [.text(run)])
    }
  }
}

extension Ledger {
  /// Writes the record of runs as it is into a new file.
  package func copy(to path: String) throws(SQLiteError) { try database.copy(to: path) }
}
