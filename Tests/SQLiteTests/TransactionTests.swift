import SQLite
import Testing

private struct Stop: Error {}

@Suite("Transactions")
struct TransactionTests {
  private func table() throws -> Database {
    let database = try Database.inMemory()
    try database.execute(
      """
      CREATE TABLE t (a INTEGER PRIMARY KEY);
      CREATE TABLE c (a INTEGER REFERENCES t DEFERRABLE INITIALLY DEFERRED)
      """)
    return database
  }

  private func rows(_ database: Database) throws -> [Int] {
    try database.rows("SELECT a FROM t ORDER BY a").map { try $0.int(0) }
  }

  @Test("A transaction commits what it did and gives its result")
  func commit() throws {
    let database = try table()
    let result = try database.transaction {
      #expect(database.isInTransaction)
      return try database.run("INSERT INTO t VALUES (1), (2)")
    }
    #expect(result == 2)
    #expect(!database.isInTransaction)
    #expect(try rows(database) == [1, 2])
  }

  @Test("A thrown error undoes all and is thrown on")
  func rollback() throws {
    let database = try table()
    #expect(throws: Stop.self) {
      try database.transaction {
        try database.run("INSERT INTO t VALUES (1)")
        throw Stop()
      }
    }
    #expect(!database.isInTransaction)
    #expect(try rows(database) == [])
    try database.transaction { _ = try database.run("INSERT INTO t VALUES (3)") }
    #expect(try rows(database) == [3])
  }

  @Test("A failed part is undone alone when its error is caught")
  func savepoints() throws {
    let database = try table()
    try database.transaction {
      try database.run("INSERT INTO t VALUES (1)")
      try? database.transaction {
        try database.run("INSERT INTO t VALUES (2)")
        try database.transaction { _ = try database.run("INSERT INTO t VALUES (3)") }
        throw Stop()
      }
      try database.transaction { _ = try database.run("INSERT INTO t VALUES (4)") }
    }
    #expect(try rows(database) == [1, 4])
  }

  @Test("A commit that fails undoes all")
  func failedCommit() throws {
    let database = try table()
    let error = #expect(throws: SQLiteError.self) {
      try database.transaction {
        try database.run("INSERT INTO t VALUES (1)")
        try database.run("INSERT INTO c VALUES (99)")
      }
    }
    #expect(error?.code == .constraint(.foreignKey))
    #expect(!database.isInTransaction)
    #expect(try rows(database) == [])
  }

  @Test("A transaction that rolled itself back still throws its own error")
  func rolledBackWithin() throws {
    let database = try table()
    #expect(throws: Stop.self) {
      try database.transaction {
        try database.execute("ROLLBACK")
        throw Stop()
      }
    }
    #expect(!database.isInTransaction)
  }
}
