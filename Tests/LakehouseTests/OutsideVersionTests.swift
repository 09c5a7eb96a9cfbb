import Basics
import DeltaLake
import Lakehouse
import TestKit
import Testing

/// Each way of writing is read by each reader at every version.
///
/// Where one cannot read something, its message is what must come, so that the day is noticed on
/// which it can.
@Suite("Every version, as others read it", .serialized)
struct OutsideVersionTests {
  /// What stands in a table at one version, and who must know what to read it.
  private struct Version {
    let rows: [JSON]
    let names: [String]
    let features: Set<String>
  }

  private func versions(_ table: FolderTable) throws -> [Version] {
    try (0...table.table.snapshot().version).map { number in
      let state = try table.table.snapshot(version: number)
      return Version(
        rows: try table.rows(version: number), names: state.schema.names,
        features: Set(state.tableProtocol.readerFeatures ?? []))
    }
  }

  /// What a reader makes of each version: its rows, or the text of its error.
  private func answers(
    _ table: FolderTable, _ expected: [Version], _ what: String, _ reader: String
  ) throws -> [JSON] {
    let names = JSON.array(expected.map { .array($0.names.map(JSON.string)) })
    let found = try Outsiders.ask(
      what, [("reader", .string(reader)), ("path", .string(table.path)), ("names", names)])
    let answers = try #require(found.array)
    try #require(answers.count == expected.count)
    return answers
  }

  /// Compares what a reader makes of each version.
  /// - Parameter refused: the features that it does not read, as its error spells them.
  private func compare(
    _ table: FolderTable, _ expected: [Version], _ what: String, _ reader: String,
    refused: [String: String] = [:]
  ) throws {
    let answers = try answers(table, expected, what, reader)
    for (number, (version, answer)) in zip(expected, answers).enumerated() {
      let unknown = version.features.compactMap { refused[$0] }
      guard !unknown.isEmpty else {
        if answer.array?.ordered != version.rows {
          Issue.record("\(reader), version \(number): \(answer.text.prefix(1000))")
        }
        continue
      }
      for word in unknown {
        #expect(answer.string?.contains(word) == true, "\(reader), version \(number): \(answer)")
      }
    }
  }

  @Test("It has the rows it had when it was written", arguments: WrittenTable.all)
  func everyVersion(_ written: WrittenTable) throws {
    let table = try FolderTable()
    try written.write(table)
    let expected = try versions(table)
    #expect(expected.last?.features == written.features)
    // Into PyArrow the package reads few features; its own queries know most.
    try compare(
      table, expected, "versions", "deltalake",
      refused: [
        "deletionVectors": "deletionVectors", "columnMapping": "columnMapping",
        "typeWidening": "typeWidening",
      ])
    try compare(
      table, expected, "versions", "deltalake_query",
      refused: ["typeWidening": "Unsupported table features required: [TypeWidening]"])
    try compareDuckDB(table, expected, written)
    try compare(table, expected, "versions_as_newest", "sail")
    try compareTimeTravel(table, expected)
  }

  /// Under a mapping by ids DuckDB gives NULL for a partition column once another column was renamed,
  /// in files from before that.
  private func compareDuckDB(
    _ table: FolderTable, _ expected: [Version], _ written: WrittenTable
  ) throws {
    let state = try table.table.snapshot()
    guard state.columnMapping == .id, let column = state.metadata.partitionColumns.first else {
      return try compare(table, expected, "versions", "duckdb")
    }
    let left = expected.map { version in
      guard let at = version.names.firstIndex(of: column) else { return version }
      func without<T>(_ list: [T]) -> [T] {
        list.enumerated().filter { $0.offset != at }.map(\.element)
      }
      return Version(
        rows: version.rows.map { .array(without($0.array ?? [])) }.ordered,
        names: without(version.names), features: version.features)
    }
    try compare(table, left, "versions", "duckdb")
    let answers = try answers(table, expected, "versions", "duckdb")
    #expect(zip(expected, answers).contains { $0.rows != $1.array?.ordered })
  }

  /// Sail reads an older version unless a newer checkpoint misleads it.
  private func compareTimeTravel(_ table: FolderTable, _ expected: [Version]) throws {
    let answers = try answers(table, expected, "versions", "sail")
    let newest = try table.table.store.list("_delta_log/").last { $0.path.contains(".checkpoint.") }
    let checkpoint = newest.flatMap { Int($0.path.dropFirst("_delta_log/".count).prefix(20)) } ?? 0
    for (number, (version, answer)) in zip(expected, answers).enumerated() {
      if number < checkpoint, answer.string?.contains("Missing commit file") == true { continue }
      if answer.array?.ordered != version.rows {
        Issue.record("sail, version \(number): \(answer.text.prefix(1000))")
      }
    }
  }

  @Test(
    "The change feed has the same rows for others",
    arguments: WrittenTable.all.filter { $0.testDescription.contains("a change feed") })
  func changeFeed(_ written: WrittenTable) throws {
    let table = try FolderTable()
    try written.write(table)
    let state = try table.table.snapshot()
    let feed = try table.table.changeFeed(from: 0, through: state.version)
    let handler = DuckDBParquet(table.session)
    let relation = try handler.changes(feed)
    defer { handler.release(relation) }
    let columns = [ChangeFeed.versionColumn, ChangeFeed.changeTypeColumn] + state.schema.names
    let own = try table.rows(
      of: "SELECT \(columns.joined(separator: ", ")) FROM \(relation.name)")
    #expect(own.count > 100)
    let names = JSON.array(state.schema.names.map(JSON.string))
    func theirs() throws -> [JSON] {
      try Outsiders.ask("changes", [("path", .string(table.path)), ("names", names)]).array ?? []
    }
    guard state.metadata.partitionColumns.isEmpty else {
      // The package does not decode the paths of files that it reads for a feed.
      let error = try #require(throws: OutsideError.self) { try theirs() }
      #expect(error.description.contains("%25"))
      #expect(error.description.contains("not found"))
      return
    }
    // Of a file that comes back with a deletion vector the package gives too few rows.
    let restored = try table.table.history().filter { $0.operation == "RESTORE" }.map(\.version)
    let left = state.writesDeletionVectors ? Set(restored.map { JSON.int($0) }) : []
    func counted(_ rows: [JSON]) -> [JSON] {
      rows.filter { row in row.array?.first.map { !left.contains($0) } ?? false }
    }
    #expect(counted(try theirs()).ordered == counted(own))
  }
}
