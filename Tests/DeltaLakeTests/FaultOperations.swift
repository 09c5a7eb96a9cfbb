import Basics
import DeltaTestKit
import Storage
import Testing

@testable import DeltaLake

/// Something that a table is told to do, and the rows that it makes of those before.
struct FaultOperation: CustomTestStringConvertible, Sendable {
  /// What the operation leaves behind.
  enum Effect: Sendable {
    /// One more version.
    case version
    /// One more version, and the old ones may go.
    case versionAlone
    /// One more version, and another one without a change of rows.
    case versionAndCompaction
    /// No version; the old ones stay or may go.
    case files
    case filesAlone

    /// The most versions that it adds.
    var versions: Int64 {
      switch self {
      case .version, .versionAlone: 1
      case .versionAndCompaction: 2
      case .files, .filesAlone: 0
      }
    }
    var addsVersion: Bool { versions > 0 }
    var keepsHistory: Bool { self != .versionAlone && self != .filesAlone }
  }

  let testDescription: String
  var configuration: [String: String] = [:]
  var effect = Effect.version
  /// What is done before, while the store is well.
  var prepare: @Sendable (TestTable) throws -> Void = { _ in }
  var expected: @Sendable ([Row]) -> [Row] = { $0 }
  let run: @Sendable (TestTable) throws -> Void

  private static let vectors = ["delta.enableDeletionVectors": "true"]
  private static let feed = ["delta.enableChangeDataFeed": "true"]
  private static let both = vectors.merging(feed) { $1 }

  /// All that the engine can do to a table that exists.
  static let all: [FaultOperation] = changes + upkeep + alterations

  private static func transaction(_ operation: String) -> Transaction {
    Transaction(operation, isBlindAppend: false)
  }

  private static let new: [Row] = [
    ["p": "a", "id": 100, "v": "new"], ["p": "c", "id": 101, "v": "new"],
  ]

  private static func isOdd(_ row: Row) -> Bool { (row["id"]?.int ?? 0) % 2 == 1 }

  private static func overwrite(
    _ name: String, _ scope: OverwriteScope, _ configuration: [String: String] = [:],
    _ rows: [Row] = new, _ stays: @escaping @Sendable (Row) -> Bool
  ) -> FaultOperation {
    FaultOperation(
      testDescription: name, configuration: configuration,
      expected: { $0.filter(stays) + rows },
      run: { table in
        _ = try table.table.overwrite(
          scope, by: table.parquet.relation(rows), table.table.snapshot(),
          transaction: transaction("WRITE"))
      })
  }

  private static func merge(_ configuration: [String: String]) -> FaultOperation {
    FaultOperation(
      testDescription: "merge \(configuration.keys.sorted())", configuration: configuration,
      expected: { rows in
        rows.compactMap { row in
          switch row["id"] {
          case 1: ["p": "c", "id": 1, "v": "new"]
          case 2: nil
          default: row.merging(isOdd(row) ? ["v": "gone"] : [:]) { $1 }
          }
        } + new
      },
      run: { table in
        let source: [Row] = [["p": "c", "id": 1, "v": "new"], ["id": 2]] + new
        _ = try table.table.merge(
          table.parquet.relation(source), table.table.snapshot(), keys: ["id"],
          whenMatched: [.init(.delete, when: "source.id % 2 = 0"), .init(.update)],
          whenNotMatchedBySource: [
            .init(.set(["v": "'gone'"]), when: "target.id % 2 = 1"), .init(.keep),
          ]
        ) { _ in transaction("MERGE") }
      })
  }

  private static func update(_ configuration: [String: String]) -> FaultOperation {
    FaultOperation(
      testDescription: "update \(configuration.keys.sorted())", configuration: configuration,
      expected: { $0.map { isOdd($0) ? $0.merging(["v": "old?"]) { $1 } : $0 } },
      run: { table in
        _ = try table.table.update(
          ["v": "v || '?'"], where: "id % 2 = 1", table.table.snapshot(),
          transaction: transaction("UPDATE"))
      })
  }

  private static func delete(_ configuration: [String: String]) -> FaultOperation {
    FaultOperation(
      testDescription: "delete \(configuration.keys.sorted())", configuration: configuration,
      expected: { $0.filter { !isOdd($0) } },
      run: { table in
        _ = try table.table.delete(
          where: "id % 2 = 1", table.table.snapshot(), transaction: transaction("DELETE"))
      })
  }

  private static let changes: [FaultOperation] =
    [
      FaultOperation(
        testDescription: "append", expected: { $0 + new }, run: { try $0.append(new) }),
      FaultOperation(
        testDescription: "append with progress", expected: { $0 + new },
        run: { table in
          var append = Transaction("WRITE", isBlindAppend: true)
          append.actions = [.txn(SetTransaction(appId: "app", version: 7))]
          _ = try table.table.append(
            table.parquet.relation(new), table.table.snapshot(), transaction: append)
        }),
      overwrite("overwrite", .table) { _ in false },
      overwrite("overwrite partitions", .partitions) { $0["p"] != "a" && $0["p"] != "c" },
      overwrite(
        "overwrite rows", .rows(where: "id % 2 = 1"), both, [["p": "b", "id": 101, "v": "new"]]
      ) { !isOdd($0) },
    ] + [[:], vectors, feed, both].flatMap { [merge($0), update($0), delete($0)] }

  private static func optimize(_ name: String, by columns: [String]) -> FaultOperation {
    FaultOperation(
      testDescription: name, configuration: vectors,
      run: { table in
        _ = try table.table.optimize(
          OptimizeRequest(zOrderBy: columns), table.table.snapshot(),
          transaction: transaction("OPTIMIZE"))
      })
  }

  private static let upkeep: [FaultOperation] = [
    optimize("optimize", by: []), optimize("optimize in Z-order", by: ["id"]),
    FaultOperation(
      testDescription: "checkpoint", effect: .files,
      run: { try $0.table.writeCheckpoint($0.table.snapshot()) }),
    FaultOperation(
      testDescription: "vacuum", configuration: both, effect: .filesAlone,
      prepare: { table in
        _ = try table.table.delete(
          where: "id % 2 = 1", table.table.snapshot(), transaction: transaction("DELETE"))
        try table.overwrite(new)
      },
      run: { table in
        _ = try table.table.vacuum(
          table.table.snapshot(), retention: 0, dryRun: false, force: true)
      }),
    FaultOperation(
      testDescription: "append that lets old commits go",
      configuration: ["delta.logRetentionDuration": "interval 0 seconds"],
      effect: .versionAlone, expected: { $0 + new }, run: { try $0.append(new) }),
    FaultOperation(
      testDescription: "append that has small files compacted",
      configuration: [Metadata.autoCompactKey: "true"], effect: .versionAndCompaction,
      prepare: { table in
        for id in 10..<Int64(7 + Snapshot.manyFiles) {
          try table.append([["p": "a", "id": .int(id), "v": "old"]])
        }
      }, expected: { $0 + new }, run: { try $0.append(new) }),
    FaultOperation(
      testDescription: "restore", configuration: both,
      prepare: { try $0.overwrite(new) },
      expected: { _ in
        [["p": "a", "id": 1, "v": "old"], ["p": "b", "id": 2, "v": "old"]]
      },
      run: { table in
        _ = try table.table.restore(
          to: table.table.snapshot(version: 1), table.table.snapshot(),
          transaction: transaction("RESTORE"))
      }),
    FaultOperation(
      testDescription: "repair",
      prepare: { table in
        try table.store.put("p=a/others.parquet", Array(#"{"id":50,"v":"others"}"#.utf8))
      },
      expected: { $0 + [["p": "a", "id": 50, "v": "others"]] },
      run: { table in
        _ = try table.table.repair(
          table.table.snapshot(), transaction: Transaction("REPAIR", isBlindAppend: true))
      }),
  ]

  private static func alter(
    _ change: SchemaChange, _ expected: @escaping @Sendable ([Row]) -> [Row] = { $0 }
  ) -> FaultOperation {
    FaultOperation(
      testDescription: "alter: \(change)",
      prepare: { table in
        _ = try table.table.alter(
          [.addColumn(StructField("n", .integer))], table.table.snapshot(),
          transaction: transaction("ALTER TABLE"))
      }, expected: expected,
      run: { table in
        _ = try table.table.alter(
          [change], table.table.snapshot(), transaction: transaction("ALTER TABLE"))
      })
  }

  private static let alterations: [FaultOperation] = [
    alter(.addColumn(StructField("more", .string))), alter(.widen("n", to: .long)),
    alter(.rename("v", to: "w")) { rows in
      rows.map { row in
        var row = row
        row["w"] = row.removeValue(forKey: "v")
        return row
      }
    },
    alter(.drop("v")) { rows in rows.map { $0.filter { $0.key != "v" } } },
    FaultOperation(
      testDescription: "set properties",
      run: { table in
        _ = try table.table.setProperties(
          both.mapValues { $0 }, table.table.snapshot(), transaction: transaction("SET"))
      }),
    FaultOperation(
      testDescription: "add a constraint",
      run: { table in
        _ = try table.table.addConstraint(
          "counted", "id > 0", table.table.snapshot(), transaction: transaction("ADD"))
      }),
  ]
}
