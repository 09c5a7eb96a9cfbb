import Basics
import DeltaTestKit
import Storage
import TestKit

@testable import DeltaLake

/// Does with a table, which may be damaged, all that Podium does with one.
struct TableExercise {
  let store: OverlayStore
  private let test: TestTable
  private var table: DeltaTable { test.table }

  init(_ store: OverlayStore) {
    self.store = store
    test = TestTable(store)
    ModelSQL.teach(test.parquet)
  }

  /// Does something that may be refused, and prints the refusal.
  private func attempt(_ work: () throws -> Void) {
    do { try work() } catch { _ = "\(error)" }
  }

  /// Looks at the table in every way; each may be refused.
  func read(through last: Int64) {
    attempt { _ = try table.state() }
    attempt { _ = try table.history().map { $0.timestamp.text(decimals: 3) } }
    attempt { _ = try table.version(at: Timestamp(milliseconds: 1_704_067_230_000)) }
    attempt { _ = try table.changes(after: 0, through: last) }
    attempt { _ = try test.rows(version: last / 2) }
    attempt {
      let feed = try table.changeFeed(from: 0, through: last)
      for part in feed.parts {
        _ = part.timestamp.text(decimals: 6)
        attempt { test.parquet.release(try test.parquet.scan(part.scan)) }
      }
    }
  }

  /// Writes to the table in every way; each may be refused.
  func write() throws {
    func transaction(_ name: String) -> Transaction { Transaction(name, isBlindAppend: false) }
    let state = try table.snapshot()
    _ = (state.rowCount, state.sizeInBytes, state.columnMapping, state.statisticsColumns)
    attempt { _ = try test.rows() }
    attempt { _ = try table.vacuum(state, dryRun: true) }
    attempt { _ = try table.vacuum(state, retention: .max, dryRun: true) }
    attempt { try test.append([["id": 1000, "text": "new"]]) }
    attempt { try test.merge([["id": 4, "text": "new"], ["id": 1001]]) }
    attempt {
      _ = try table.delete(
        where: "id % 5 = 2", table.snapshot(), transaction: transaction("DELETE"))
    }
    attempt { _ = try table.optimize(table.snapshot(), transaction: transaction("OPTIMIZE")) }
    for change: SchemaChange in [
      .rename("id", to: "key"), .addColumn(StructField("more", .long)), .drop("m"),
      .widen("f", to: .double),
    ] {
      attempt {
        _ = try table.alter([change], table.snapshot(), transaction: transaction("ALTER TABLE"))
      }
    }
    attempt {
      _ = try table.restore(
        to: table.snapshot(version: 2), table.snapshot(), transaction: transaction("RESTORE"))
    }
    attempt {
      _ = try table.repair(table.snapshot(), transaction: transaction("REPAIR"))
    }
    attempt { try test.overwrite([["id": 1]]) }
    attempt { try table.writeCheckpoint(table.snapshot()) }
  }
}

extension DeltaTable {
  fileprivate func optimize(_ base: Snapshot, transaction: Transaction) throws -> WriteResult {
    try optimize(OptimizeRequest(), base, transaction: transaction)
  }
}
