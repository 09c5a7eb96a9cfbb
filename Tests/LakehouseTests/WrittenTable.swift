import Basics
import DeltaLake
import Lakehouse
import Storage
import TestKit
import Testing

/// A way of writing a table that uses some of what Podium can do, checkpoints among it.
struct WrittenTable: CustomTestStringConvertible, Sendable {
  let testDescription: String
  /// The features beyond the plain protocol that its readers must know, at the end.
  let features: Set<String>
  let write: @Sendable (FolderTable) throws -> Void

  static let all: [WrittenTable] =
    [false, true].flatMap { partitioned in
      rows(partitioned: partitioned) + [
        columns(partitioned: partitioned), ids(partitioned: partitioned),
        converted(partitioned: partitioned),
      ]
    } + [promises, types]

  private static func name(_ about: String, _ partitioned: Bool) -> String {
    about + (partitioned ? ", partitioned" : "")
  }

  /// Rows that come, go and change in every way.
  private static func rows(partitioned: Bool) -> [WrittenTable] {
    let properties: [(String, [String: String], Set<String>)] = [
      ("rows", [:], []),
      (
        "rows with deletion vectors", ["delta.enableDeletionVectors": "true"], ["deletionVectors"]
      ),
      ("rows with a change feed", ["delta.enableChangeDataFeed": "true"], []),
      (
        "rows with deletion vectors and a change feed",
        ["delta.enableDeletionVectors": "true", "delta.enableChangeDataFeed": "true"],
        ["deletionVectors"]
      ),
    ]
    return properties.map { about, configuration, features in
      WrittenTable(testDescription: name(about, partitioned), features: features) { table in
        try table.create(
          [
            StructField("id", .long, nullable: false), StructField("p", .string),
            StructField("v", .string), StructField("d", .decimal(precision: 12, scale: 2)),
            StructField("t", .timestamp),
          ], partitionedBy: partitioned ? ["p"] : [],
          configuration: configuration.merging(["delta.checkpointInterval": "5"]) { $1 },
          protocol: nil)
        func rows(_ ids: Range<Int>, _ v: String) -> String {
          """
          SELECT i AS id, CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN 'a b' WHEN 2 THEN 'a/b' \
          ELSE 'a%b' END AS p, \(v) AS v, i / 4 AS d, \
          TIMESTAMPTZ '2024-02-29 12:00:00.123456Z' + to_hours(i) AS t \
          FROM range(\(ids.lowerBound), \(ids.upperBound)) AS r(i)
          """
        }
        try table.append(rows(0..<40, "'old'"))
        try table.append(rows(40..<80, "NULL"))
        try table.merge(
          rows(70..<90, "'merged ' || i"),
          whenMatched: [.init(.delete, when: "source.id % 5 = 0"), .init(.update)])
        try table.update(["v": "v || '!'", "p": "'moved ü'"], "id % 7 = 3")
        try table.delete("id BETWEEN 10 AND 30")
        try table.optimize()
        try table.overwrite(.rows(where: "id < 10"), rows(2..<6, "'over'"))
        if partitioned { try table.overwrite(.partitions, rows(101..<102, "'alone'")) }
        try table.delete("id = 50")
        try table.optimize(zOrderBy: ["id", "d"])
        try table.overwrite(rows(200..<210, "'new'"))
        try table.restore(to: 5)
        try table.append(rows(300..<310, "'last'"))
        try table.delete("id % 2 = 1")
      }
    }
  }

  /// Columns that are added, renamed, dropped and widened.
  private static func columns(partitioned: Bool) -> WrittenTable {
    WrittenTable(
      testDescription: name("columns", partitioned), features: ["columnMapping", "typeWidening"]
    ) { table in
      try table.create(
        [
          StructField("id", .integer), StructField("p", .date), StructField("v", .string),
          StructField(
            "s",
            .structure([
              StructField("a", .long), StructField("l", .array(.string, containsNull: true)),
            ])),
        ], partitionedBy: partitioned ? ["p"] : [],
        configuration: ["delta.checkpointInterval": "4"])
      func append(_ id: Int, _ more: String) throws {
        try table.append(
          """
          SELECT \(id) AS id, DATE '2024-01-01' + \(id % 2) AS p, \(more), \
          {'a': \(id), 'l': ['x', NULL]} AS s
          """)
      }
      try append(1, "'one' AS v")
      try table.alter(.addColumn(StructField("w", .double)))
      try append(2, "'two' AS v, 0.5 AS w")
      try table.alter(.rename("v", to: "text"))
      try append(3, "'three' AS \"text\", NULL AS w")
      try table.alter(.drop("w"), .addColumn(StructField("w", .string)))
      try append(4, "'four' AS \"text\", 'new' AS w")
      try table.merge(
        """
        SELECT 1 AS id, DATE '2024-01-05' AS p, 'merged' AS "text", 'x' AS w, \
        {'a': NULL, 'l': NULL} AS s
        """)
      try table.alter(.widen("id", to: .long))
      try append(5_000_000_000, "'five' AS \"text\", NULL AS w")
      try table.optimize()
      try table.restore(to: 3)
    }
  }

  /// Columns that are told apart by ids.
  private static func ids(partitioned: Bool) -> WrittenTable {
    WrittenTable(
      testDescription: name("columns by ids", partitioned), features: ["columnMapping"]
    ) { table in
      try table.create(
        [
          StructField("id", .long), StructField("p", .string),
          StructField("s", .structure([StructField("a", .long), StructField("b", .date)])),
        ], partitionedBy: partitioned ? ["p"] : [],
        configuration: ["delta.columnMapping.mode": "id", "delta.checkpointInterval": "3"],
        protocol: nil)
      try table.append("SELECT 1 AS id, 'a' AS p, {'a': 1, 'b': DATE '2024-01-01'} AS s")
      try table.alter(.rename("id", to: "key"), .addColumn(StructField("id", .string)))
      try table.append("SELECT 2 AS key, NULL AS p, NULL AS s, 'two' AS id")
      try table.delete("key = 1")
    }
  }

  /// Files that others wrote, made a table.
  private static func converted(partitioned: Bool) -> WrittenTable {
    WrittenTable(testDescription: name("converted", partitioned), features: []) { table in
      func copy(_ query: String, _ name: String) throws {
        let folder = table.path + (partitioned ? "/p=2024-01-01/q=a%20b" : "")
        try LocalStore(root: folder).createFolder("")
        try table.connection.execute("COPY (\(query)) TO '\(folder)/\(name)' (FORMAT parquet)")
      }
      try copy("SELECT 1::BIGINT AS id, 'x' AS v, 0.1::DOUBLE AS d", "one.parquet")
      try copy("SELECT 2::BIGINT AS id, TIMESTAMPTZ '2024-01-01 00:00:00Z' AS t", "two.parquet")
      _ = try table.table.convert(
        partitionTypes: partitioned ? ["p": .date] : [:],
        transaction: Transaction("CONVERT", isBlindAppend: true))
      try copy("SELECT 3::BIGINT AS id, 'new' AS v", "three.parquet")
      _ = try table.table.repair(
        table.table.snapshot(), transaction: Transaction("REPAIR", isBlindAppend: true))
      try table.update(["v": "'set'"], "id = 1")
      try table.table.writeCheckpoint(table.table.snapshot())
      try table.delete("id = 2")
    }
  }

  /// Promises of a table, and what else stands in its log.
  private static let promises = WrittenTable(testDescription: "promises", features: []) { table in
    try table.create(
      [StructField("id", .long, nullable: false), StructField("v", .string)],
      configuration: ["delta.checkpointInterval": "3", "delta.appendOnly": "false"])
    try table.append("SELECT 1 AS id, 'a' AS v")
    _ = try table.table.addConstraint(
      "positive", "id > 0", table.table.snapshot(),
      transaction: Transaction("ADD CONSTRAINT", isBlindAppend: false))
    try table.append("SELECT 2 AS id, 'b' AS v")
    var progress = Transaction("WRITE", isBlindAppend: true)
    progress.actions = [.txn(SetTransaction(appId: "podium/input", version: 7, lastUpdated: 1))]
    _ = try table.table.commit(progress, on: table.table.snapshot())
    try table.delete("id = 1")
    try table.setProperties(["delta.appendOnly": "true"])
    try table.append("SELECT 3 AS id, NULL AS v")
  }

  /// Every type, local times among them.
  private static let types = WrittenTable(
    testDescription: "every type", features: ["timestampNtz"]
  ) { table in
    try table.create(
      EveryType.fields + [StructField("nt", .timestampNtz)],
      configuration: ["delta.checkpointInterval": "2"], protocol: nil)
    let query = "SELECT *, TIMESTAMP '2024-02-29 12:34:56.789012' AS nt FROM (\(EveryType.query))"
    try table.append(query)
    try table.append("\(query) WHERE id > 2")
    try table.delete("id = 3")
  }
}

extension FolderTable {
  fileprivate func transaction(_ operation: String) -> Transaction {
    Transaction(operation, isBlindAppend: false)
  }

  func optimize(zOrderBy: [String] = []) throws {
    _ = try table.optimize(
      OptimizeRequest(zOrderBy: zOrderBy), table.snapshot(), transaction: transaction("OPTIMIZE"))
  }

  func overwrite(_ scope: OverwriteScope, _ query: String) throws {
    _ = try table.overwrite(
      scope, by: Relation("(\(query))"), table.snapshot(), transaction: transaction("WRITE"))
  }

  func restore(to version: Int64) throws {
    _ = try table.restore(
      to: table.snapshot(version: version), table.snapshot(), transaction: transaction("RESTORE"))
  }

  func alter(_ changes: SchemaChange...) throws {
    _ = try table.alter(changes, table.snapshot(), transaction: transaction("ALTER TABLE"))
  }

  func setProperties(_ properties: [String: String?]) throws {
    _ = try table.setProperties(
      properties, table.snapshot(), transaction: transaction("SET TBLPROPERTIES"))
  }
}
