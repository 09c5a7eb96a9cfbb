import SQLite
import TestKit
import Testing

@Suite("Databases")
struct DatabaseTests {
  @Test("With a write-ahead log readers go on while a writer has its lock")
  func wal() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.db")
    let writer = try Database(path)
    try writer.execute("CREATE TABLE t (a); INSERT INTO t VALUES (1)")
    #expect(try writer.first("PRAGMA journal_mode")?.text(0) == "wal")
    let reader = try Database(path, DatabaseOptions(access: .readOnly, busyMilliseconds: 0))
    try writer.transaction {
      try writer.run("INSERT INTO t VALUES (2)")
      #expect(try reader.first("SELECT count(*) FROM t")?.int(0) == 1)
    }
    #expect(try reader.first("SELECT count(*) FROM t")?.int(0) == 2)
  }

  @Test("Without it one file is left at rest")
  func rollbackJournal() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.db")
    do {
      let database = try Database(path)
      try database.execute("CREATE TABLE t (a)")
      #expect(folder.names == ["a.db", "a.db-shm", "a.db-wal"])
    }
    #expect(folder.names == ["a.db"])
    let database = try Database(path, DatabaseOptions(access: .readWrite, journal: .rollback))
    try database.execute("INSERT INTO t VALUES (1)")
    #expect(try database.first("PRAGMA journal_mode")?.text(0) == "delete")
    #expect(folder.names == ["a.db"])
  }

  @Test("The options reach SQLite")
  func options() throws {
    let folder = try TemporaryFolder()
    func pragma(_ name: String, _ options: DatabaseOptions) throws -> Int? {
      try Database(folder.file("a.db"), options).first("PRAGMA \(name)")?.int(0)
    }
    #expect(try pragma("synchronous", DatabaseOptions()) == 2)
    #expect(try pragma("synchronous", DatabaseOptions(survivesPowerLoss: false)) == 1)
    #expect(try pragma("busy_timeout", DatabaseOptions(busyMilliseconds: 123)) == 123)
    #expect(try pragma("busy_timeout", DatabaseOptions(busyMilliseconds: -1)) == 0)
    #expect(try pragma("busy_timeout", DatabaseOptions(busyMilliseconds: .max)) == 2_147_483_647)
    #expect(try pragma("foreign_keys", DatabaseOptions()) == 1)
    #expect(try pragma("trusted_schema", DatabaseOptions()) == 0)
  }

  @Test("A file called ':memory:' is a file")
  func memoryName() throws {
    #expect(try Database.inMemory().path == ":memory:")
    #expect(throws: SQLiteError.self) {
      _ = try Database(":memory:", DatabaseOptions(access: .readOnly))
    }
  }
}

@Suite("Migrations")
struct MigrationTests {
  private let one = Migration(to: 1, "CREATE TABLE t (a)")
  private let two = Migration(to: 2) { database in
    for value in 1...3 { try database.run("INSERT INTO t VALUES (?)", [.int(value)]) }
  }
  private let three = Migration(to: 3, "ALTER TABLE t ADD COLUMN b; UPDATE t SET b = a * 2")

  @Test("Each step runs once, in order, from wherever the file stands")
  func steps() throws {
    let database = try Database.inMemory()
    #expect(try database.userVersion() == 0)
    #expect(try database.migrate([one]) == [1])
    #expect(try database.migrate([one]) == [])
    #expect(try database.migrate([one, two, three]) == [2, 3])
    #expect(try database.userVersion() == 3)
    #expect(try database.first("SELECT sum(b) FROM t")?.int(0) == 12)
  }

  @Test("A step that fails leaves the schema as it was")
  func failure() throws {
    let database = try Database.inMemory()
    try database.migrate([one])
    let bad = Migration(to: 3, "CREATE TABLE u (a); CREATE TABLE t (a)")
    #expect(throws: SQLiteError.self) { try database.migrate([one, two, bad]) }
    #expect(try database.userVersion() == 1)
    #expect(try database.rows("SELECT name FROM sqlite_schema").map { try $0.text(0) } == ["t"])
    #expect(try database.rows("SELECT * FROM t") == [])
  }

  @Test("A file written by a later program is left alone")
  func newer() throws {
    let database = try Database.inMemory()
    try database.setUserVersion(9)
    let error = #expect(throws: SQLiteError.self) { try database.migrate([one]) }
    #expect(
      error?.description == """
        ':memory:' has schema version 9, and this program knows versions up to 1. \
        Use the program that wrote it, or a newer one.
        """)
    #expect(try database.rows("SELECT name FROM sqlite_schema") == [])
  }

  @Test("Versions with a gap are refused")
  func gap() throws {
    let database = try Database.inMemory()
    #expect(throws: SQLiteError.migrationsOutOfOrder([1, 3])) {
      try database.migrate([one, three])
    }
  }

  @Test("Programs that migrate at the same time do it once")
  func concurrent() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.db")
    _ = try Database(path)
    let steps = [one, two, three]
    let reached = try await withThrowingTaskGroup(of: [Int].self) { group in
      for _ in 0..<4 {
        group.addTask { try Database(path).migrate(steps) }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(reached == [1, 2, 3])
    #expect(try Database(path).first("SELECT count(*) FROM t")?.int(0) == 3)
  }
}
