import Basics
import DeltaLake
import Lakehouse
import Testing

@Suite("The change feed, written by DuckDB")
struct ChangeFeedTests {
  private let table: FolderTable
  private static let names = ["id", "p", "v", "s"]

  init() throws { table = try FolderTable() }

  private func create(_ configuration: [String: String]) throws {
    try table.create(
      [
        StructField("id", .long), StructField("p", .string), StructField("v", .string),
        StructField(
          "s",
          .structure([
            StructField("a", .long), StructField("l", .array(.string, containsNull: true)),
          ])),
      ], partitionedBy: ["p"],
      configuration: configuration.merging(["delta.enableChangeDataFeed": "true"]) { $1 },
      protocol: nil)
  }

  private func row(_ id: String, _ v: String) -> String {
    """
    SELECT \(id) AS id, CASE WHEN \(id) % 3 > 0 THEN 'a b/' || \(id) % 3 END AS p, \(v) AS v, \
    {'a': \(id), 'l': ['x', NULL]} AS s
    """
  }

  /// What a version changed, each row as its kind and its values.
  private func changes(_ version: Int64) throws -> [(kind: String, row: JSON)] {
    let feed = try table.table.changeFeed(from: version, through: version)
    let parquet = try #require(try table.table.parquet() as? DuckDBParquet)
    let relation = try parquet.changes(feed)
    defer { parquet.release(relation) }
    let columns = ([ChangeFeed.changeTypeColumn] + Self.names).joined(separator: ", ")
    return try table.rows(of: "SELECT \(columns) FROM \(relation.name)").map { row in
      let values = row.array ?? []
      return (values.first?.string ?? "", .array(Array(values.dropFirst())))
    }
  }

  /// Does something that makes one version, and compares what the feed tells of it with the rows.
  private func expect(
    _ counts: [String: Int], _ work: () throws -> Void,
    _ place: SourceLocation = #_sourceLocation
  ) throws {
    let columns = "SELECT \(Self.names.joined(separator: ", ")) FROM "
    var rows = try table.rows(of: columns + table.scan())
    let before = try table.table.snapshot().version
    try work()
    #expect(try table.table.snapshot().version == before + 1, sourceLocation: place)
    let changes = try changes(before + 1)
    #expect(
      Dictionary(grouping: changes, by: \.kind).mapValues(\.count) == counts,
      sourceLocation: place)
    for change in changes where ["delete", "update_preimage"].contains(change.kind) {
      guard let at = rows.firstIndex(of: change.row) else {
        Issue.record("\(change) was not there", sourceLocation: place)
        continue
      }
      rows.remove(at: at)
    }
    rows += changes.filter { ["insert", "update_postimage"].contains($0.kind) }.map(\.row)
    let after = try table.rows(of: columns + table.scan())
    #expect(rows.ordered == after, sourceLocation: place)
  }

  @Test(
    "It has one delete a row, one pair an update, all columns of both, and no row that was copied",
    arguments: [[:], ["delta.enableDeletionVectors": "true"]])
  func everyWrite(configuration: [String: String]) throws {
    try create(configuration)
    try expect(["insert": 30]) { try table.append("\(row("i", "'old'")) FROM range(30) AS r(i)") }
    try expect(["delete": 2, "update_preimage": 3, "update_postimage": 3, "insert": 1]) {
      try table.merge(
        """
        \(row("i", "CASE WHEN i < 2 THEN 'delete' ELSE 'new' END")) \
        FROM (VALUES (0), (1), (2), (3), (4), (40)) AS r(i)
        """,
        whenMatched: [.init(.delete, when: "source.v = 'delete'"), .init(.update)])
    }
    // Two source rows for one target row, of which one acts.
    try expect(["delete": 1]) {
      try table.merge(
        "\(row("5", "'a'")) UNION ALL \(row("5", "'b'"))",
        whenMatched: [.init(.delete, when: "source.v = 'a'"), .init(.keep)])
    }
    try expect(["update_preimage": 9, "update_postimage": 9]) {
      try table.update(["v": "v || '!'", "s": "{'a': NULL, 'l': s.l}"], "id % 3 = 0")
    }
    try expect(["delete": 4]) { try table.delete("id BETWEEN 10 AND 13") }
    // A row moves to another partition.
    try expect(["update_preimage": 1, "update_postimage": 1]) {
      try table.update(["p": "NULL"], "id = 7")
    }
    try expect([:]) {
      _ = try table.table.optimize(
        OptimizeRequest(), table.table.snapshot(),
        transaction: Transaction("OPTIMIZE", isBlindAppend: false))
    }
    let replaced = try table.rows(of: "SELECT 1 FROM \(table.scan()) WHERE p = 'a b/1'").count
    try expect(["delete": replaced, "insert": 1]) {
      _ = try table.table.overwrite(
        .partitions, by: Relation("(\(row("100", "'over'")))"), table.table.snapshot(),
        transaction: Transaction("WRITE", isBlindAppend: false))
    }
    let left = try table.rows().count
    try expect(["delete": left]) { try table.delete("true") }
    try expect(["insert": 2]) { try table.append("\(row("i", "'again'")) FROM range(2) AS r(i)") }
    try expect(["delete": 2, "insert": 1]) { try table.overwrite(row("7", "'over'")) }
  }

  @Test("What a version changed does not tell of versions before it")
  func ranges() throws {
    try create([:])
    try table.append(row("1", "'a'"))
    try table.update(["v": "'b'"])
    try table.delete("true")
    let all = try table.table.changeFeed(from: 0, through: 3)
    #expect(all.parts.map(\.version) == [1, 2, 3])
    #expect(try changes(2).map(\.kind).sorted() == ["update_postimage", "update_preimage"])
    #expect(try changes(0).isEmpty)
  }
}
