import Basics
import DeltaTestKit
import Storage
import TestKit

@testable import DeltaLake

/// A table with all that Podium writes into a log, and every file of it.
struct FuzzTable {
  let store: MemoryStore
  /// The last version.
  let version: Int64
  /// The paths of commits, checkpoints (JSON lines here) and checksums.
  let commits: [String]
  let checkpoints: [String]
  let checksums: [String]

  static let schema = Schema([
    StructField("p", .string), StructField("id", .long, nullable: false),
    StructField("v", .string), StructField("d", .decimal(precision: 20, scale: 4)),
    StructField("t", .timestamp), StructField("n", .timestampNtz), StructField("day", .date),
    StructField("x", .double), StructField("b", .boolean), StructField("f", .float),
    StructField("i", .integer),
    StructField(
      "s",
      .structure([StructField("in", .long), StructField("l", .array(.string, containsNull: true))])),
    StructField("m", .map(key: .string, value: .long, valueContainsNull: true)),
  ])

  static func make() throws -> FuzzTable {
    let store = MemoryStore(clock: .ticking())
    let table = TestTable(store)
    ModelSQL.teach(table.parquet)
    table.parquet.rowsPerFile = 4
    try table.create(
      schema, partitionedBy: ["p"],
      configuration: [
        "delta.enableDeletionVectors": "true", "delta.enableChangeDataFeed": "true",
        "delta.checkpointInterval": "6", "delta.dataSkippingStatsColumns": "id,v,`s`.in",
        "delta.logRetentionDuration": "interval 30 days",
      ])
    func transaction(_ name: String) -> Transaction { Transaction(name, isBlindAppend: false) }
    func rows(_ ids: ClosedRange<Int>) -> [Row] {
      ids.map { id in
        [
          "p": id % 3 == 0 ? .null : .string("a b%/ü\(id % 3)") as JSON, "id": .int(id),
          "v": .string("old \(id)"),
          "i": .int(id), "x": .number("\(id).5"), "day": .string("2024-01-0\(id % 9 + 1)"),
          "t": .string("2024-01-01T00:00:00.00\(id % 9)Z"),
        ]
      }
    }
    try table.append(rows(1...20))
    try table.append(rows(21...30))
    _ = try table.table.delete(
      where: "id % 5 = 1", table.table.snapshot(), transaction: transaction("DELETE"))
    try table.merge(rows(3...6))
    _ = try table.table.update(
      ["v": "v || '?'"], where: "id % 3 = 1", table.table.snapshot(),
      transaction: transaction("UPDATE"))
    _ = try table.table.alter(
      [
        .rename("v", to: "text"), .addColumn(StructField("later", .string)), .widen("i", to: .long),
      ],
      table.table.snapshot(), transaction: transaction("ALTER TABLE"))
    var progress = Transaction("WRITE", isBlindAppend: true)
    progress.actions = [
      .txn(SetTransaction(appId: "podium/input", version: 7, lastUpdated: 1_704_067_200_000)),
      .domainMetadata(DomainMetadata(domain: "d", configuration: "{\"a\":1}", removed: false)),
    ]
    _ = try table.table.commit(progress, on: table.table.snapshot())
    _ = try table.table.optimize(
      OptimizeRequest(zOrderBy: ["id"]), table.table.snapshot(),
      transaction: transaction("OPTIMIZE"))
    try table.append([["id": 90], ["id": 91, "p": "z"]])
    _ = try table.table.delete(
      where: "id % 2 = 0", table.table.snapshot(), transaction: transaction("DELETE"))
    _ = try table.table.restore(
      to: table.table.snapshot(version: 8), table.table.snapshot(),
      transaction: transaction("RESTORE"))
    _ = try table.table.delete(
      where: "id % 3 = 2", table.table.snapshot(), transaction: transaction("DELETE"))
    try table.append(
      rows(40...44).map { row in
        var row = row
        row["text"] = row.removeValue(forKey: "v")
        return row
      })
    let paths = try store.list(LogFile.folder).map(\.path)
    return FuzzTable(
      store: store, version: try table.table.snapshot().version,
      commits: paths.filter { $0.hasSuffix(".json") },
      checkpoints: paths.filter { $0.contains(".checkpoint.") },
      checksums: paths.filter { $0.hasSuffix(".crc") })
  }

  func bytes(_ paths: [String]) throws -> [[UInt8]] { try paths.map { try store.read($0) } }
}

/// Real inputs of other writers: the folder in `PODIUM_DELTA_CASES`, where there is one.
enum OutsideInputs {
  /// The content of all files below the folder whose path ends so, at most 200,000 bytes each.
  static func files(_ endings: String..., in log: Bool = true) -> [[UInt8]] {
    guard let folder = environment("PODIUM_DELTA_CASES") else { return [] }
    return Files.all(below: folder).filter { path in
      (!log || path.contains("/_delta_log/")) && endings.contains(where: path.hasSuffix)
    }.compactMap { try? Files.read($0) }.filter { (1...200_000).contains($0.count) }
  }
}
