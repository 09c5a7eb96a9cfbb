import DeltaLake
import TestKit
import Testing

@Suite("Vacuum, on tables that DuckDB wrote")
struct VacuumTests {
  @Test(
    "It takes no file of the newest version, however that was written", arguments: WrittenTable.all)
  func newest(_ written: WrittenTable) throws {
    let table = try FolderTable()
    try written.write(table)
    let rows = try table.rows()
    let state = try table.table.snapshot()
    let others = ["_other/x.parquet", ".hidden", "p=a b/.crc"]
    for path in others { try table.table.store.put(path, [1]) }
    let before = Files.all(below: table.path).count
    let result = try table.anHourLater.vacuum(state, retention: 0, dryRun: false, force: true)
    #expect(Files.all(below: table.path).count == before - result.files.count)
    #expect(try table.rows() == rows)
    #expect(
      try table.anHourLater.vacuum(state, retention: 0, dryRun: true, force: true).files.isEmpty)
    for path in others { #expect(try table.table.store.info(path) != nil, "\(path)") }
    // What is left is what the newest version refers to, and what is none of its business.
    let files = Set(state.files.keys.map(\.path))
    let vectors = state.files.values.filter { $0.deletionVector != nil }
    let left = try table.table.store.list("").map(\.path).filter { path in
      !path.hasPrefix("_delta_log/") && !others.contains(path)
    }
    #expect(Set(left.filter { $0.hasSuffix(".parquet") }) == files)
    #expect(
      left.allSatisfy { $0.hasSuffix(".parquet") || !vectors.isEmpty && $0.hasSuffix(".bin") })
  }

  @Test("It takes no file that rows were just put in order in")
  func ordered() throws {
    let table = try FolderTable()
    try table.create([StructField("id", .long), StructField("p", .string)], partitionedBy: ["p"])
    try table.append("SELECT i AS id, 'a b' AS p FROM range(100) AS r(i)")
    try table.optimize(zOrderBy: ["id"])
    let state = try table.table.snapshot()
    #expect(
      try table.anHourLater.vacuum(state, retention: 0, dryRun: false, force: true).files.count == 1
    )
    #expect(try table.rows().count == 100)
    #expect(state.files.keys.allSatisfy { $0.path.hasPrefix("p=a%20b/part-") })
  }

  @Test("A path that goes by a dot is the file that the folder lists")
  func dots() throws {
    let table = try FolderTable()
    try table.create([StructField("id", .long)])
    let base = try table.append("SELECT 1 AS id")
    var file = try #require(base.orderedFiles.first)
    var transaction = Transaction("WRITE", isBlindAppend: false)
    transaction.actions = [.remove(RemoveFile(file, at: 0, dataChange: false))]
    file.path = "./" + file.path
    transaction.actions.append(.add(file))
    let state = try table.table.commit(transaction, on: base)
    let found = try table.anHourLater.vacuum(state, retention: 0, dryRun: false, force: true)
    #expect(found.files.isEmpty)
    #expect(try table.rows() == [[1]])
  }
}
