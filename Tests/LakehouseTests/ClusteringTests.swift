import Basics
import DeltaLake
import Lakehouse
import Testing

@Suite("Clustered tables")
struct ClusteringTests {
  /// A year of bookings of classes in 4 clubs, of 8 types, in no useful order.
  private static func bookings(_ count: Int) -> String {
    """
    SELECT CAST(i AS VARCHAR) AS id, DATE '2024-01-01' + CAST(i % 365 AS INT) AS day,
      'club ' || hash(i) % 4 AS club, 'type ' || hash(i + 100000) % 8 AS type
    FROM range(\(count)) AS r(i) ORDER BY hash(i)
    """
  }
  /// Enough rows for 64 row groups.
  private static let classes = bookings(131_072)
  private static let fewClasses = bookings(20_000)
  private static let schema = [
    StructField("id", .string), StructField("day", .date), StructField("club", .string),
    StructField("type", .string),
  ]

  private func table(partitionedBy: [String] = [], by columns: String) throws -> FolderTable {
    let table = try FolderTable()
    try table.create(
      Self.schema, partitionedBy: partitionedBy,
      configuration: [Metadata.clusteredByKey: columns])
    return table
  }

  private func count(_ table: FolderTable) throws -> Int64? {
    try table.connection.query("SELECT count(*) FROM \(table.scan())").rows().first?.first?.int
  }

  /// The share of rows that stand in row groups which may hold a value.
  private func share(_ column: String, _ value: String, _ table: FolderTable) throws -> Double {
    let files = try table.table.snapshot().orderedFiles.map {
      "'\(table.path)/\(PercentEncoding.decode($0.path))'"
    }
    let share = try table.connection.query(
      """
      SELECT CAST(CAST(sum(num) FILTER (
        WHERE low <= '\(value)' AND high >= '\(value)') AS DOUBLE) / sum(num) AS VARCHAR) FROM (
        SELECT any_value(row_group_num_rows) AS num,
          max(stats_min_value) AS low, max(stats_max_value) AS high
        FROM parquet_metadata([\(files.joined(separator: ", "))])
        WHERE path_in_schema = '\(column)' GROUP BY file_name, row_group_id)
      """
    ).rows().first?.first?.string
    return try #require(share.flatMap { Double($0) })
  }

  @Test("Who asks for a day, a club or a type passes over more than half of the row groups")
  func questions() throws {
    let table = try table(by: "day,club,type")
    try table.overwrite(Self.classes)
    #expect(try count(table) == 131_072)
    for (column, value) in [("day", "2024-05-17"), ("club", "club 2"), ("type", "type 7")] {
      let share = try share(column, value, table)
      #expect(share > 0 && share <= 0.5, "\(column): \(share)")
    }
  }

  @Test("A table whose property names no columns it can be ordered by is written as it comes")
  func unknownColumns() throws {
    let table = try table(by: "nothing,,")
    try table.overwrite(Self.fewClasses)
    #expect(try count(table) == 20_000)
    #expect(try table.table.snapshot().orderedFiles.allSatisfy { $0.tags == nil })
  }

  @Test("Rows of a partition lie together by the columns, also once small files became one")
  func partitions() throws {
    let table = try table(partitionedBy: ["club"], by: "type,day")
    try table.overwrite(Self.fewClasses)
    try table.append(
      "SELECT * FROM (\(Self.fewClasses)) WHERE club = 'club 0' AND day < '2024-03-01'")
    let written = try share("type", "type 7", table)
    #expect(written > 0 && written <= 0.5, "\(written)")
    let state = try table.table.snapshot()
    let done = try table.table.optimize(
      state.upkeep, state, transaction: Transaction("OPTIMIZE", isBlindAppend: false))
    #expect(done.snapshot.files.count == 4)
    let compacted = try share("type", "type 7", table)
    #expect(compacted > 0 && compacted <= 0.5, "\(compacted)")
  }

  @Test("Upkeep orders a table anew once a tenth of it came later, and not before")
  func upkeep() throws {
    let table = try table(by: "club,type")
    try table.overwrite(Self.fewClasses)
    func upkeep() throws -> [String] {
      let state = try table.table.snapshot()
      return try table.table.optimize(
        state.upkeep, state, transaction: Transaction("OPTIMIZE", isBlindAppend: false)
      ).snapshot.orderedFiles.map(\.path)
    }
    let first = try table.table.snapshot().orderedFiles.map(\.path)
    try table.append("\(Self.fewClasses) LIMIT 200")
    #expect(try upkeep().contains(first[0]), "a small share waits")
    try table.append("\(Self.fewClasses) LIMIT 5000")
    let after = try upkeep()
    #expect(!after.contains(first[0]))
    #expect(try count(table) == 25_200)
    #expect(
      try table.table.snapshot().orderedFiles.allSatisfy { $0.tags?["ZORDER_BY"] == "club,type" })
    #expect(try upkeep() == after, "what is in order stays")
  }
}
