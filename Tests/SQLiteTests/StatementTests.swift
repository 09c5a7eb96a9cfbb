import SQLite
import Testing

@Suite("Statements")
struct StatementTests {
  private func table() throws -> Database {
    let database = try Database.inMemory()
    try database.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL);")
    return database
  }

  @Test("A statement runs again with other values, and counts the rows it changed")
  func runAgain() throws {
    let database = try table()
    let insert = try database.prepare("INSERT INTO t (name) VALUES (?)")
    for name in ["a", "b", "c"] { #expect(try insert.run([.text(name)]) == 1) }
    #expect(try database.run("UPDATE t SET name = name || '!' WHERE id > ?", [1]) == 2)
    #expect(try database.run("DELETE FROM t WHERE id > 100") == 0)
    #expect(try database.run("CREATE TABLE u (a)") == 0)
    #expect(
      try database.rows("SELECT name FROM t ORDER BY id").map { try $0.text(0) } == [
        "a", "b!", "c!",
      ])
  }

  @Test("Rows are handed on one by one, and an error thrown half-way ends it cleanly")
  func streaming() throws {
    struct Enough: Error {}
    let database = try Database.inMemory()
    let count = try database.prepare(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT i FROM n")
    var sum = 0
    try count.forEach([1000]) { sum += try $0.int("i") }
    #expect(sum == 500_500)
    #expect(throws: Enough.self) {
      try count.forEach([1_000_000_000]) { if try $0.int(0) == 10 { throw Enough() } }
    }
    #expect(try count.rows([2]).count == 2)
    #expect(try count.first([1_000_000_000])?.int(0) == 1)
    #expect(try count.first([0])?.int(0) == 1)
  }

  @Test("A statement does not run within its own rows")
  func reentry() throws {
    let database = try Database.inMemory()
    let statement = try database.prepare("SELECT 1")
    #expect(throws: SQLiteError.statementRunning(sql: "SELECT 1")) {
      try statement.forEach { _ in _ = try statement.rows() }
    }
    #expect(try statement.rows().count == 1)
  }

  @Test("The columns follow a schema that changes after compiling")
  func schemaChange() throws {
    let database = try table()
    let all = try database.prepare("SELECT * FROM t")
    #expect(all.columns == ["id", "name"])
    try database.run("INSERT INTO t (name) VALUES ('a')")
    #expect(try all.first()?.columns == ["id", "name"])
    try database.execute("ALTER TABLE t RENAME COLUMN name TO title; ALTER TABLE t ADD COLUMN more")
    #expect(try all.first()?.columns == ["id", "title", "more"])
    #expect(try all.first()?.text("title") == "a")
  }

  @Test(
    "Anything but one statement is refused",
    arguments: ["", "-- nothing", " ; ", "SELECT 1; SELECT 2", "SELECT 1; nonsense"])
  func notOne(sql: String) throws {
    let database = try Database.inMemory()
    #expect(throws: SQLiteError.notOneStatement(sql: sql)) { try database.prepare(sql) }
  }

  @Test("Comments and a semicolon may follow")
  func comments() throws {
    let database = try Database.inMemory()
    #expect(try database.first("SELECT 1; -- one\n /* two */ ")?.int(0) == 1)
  }

  @Test("A statement keeps its database open")
  func lifetime() throws {
    func make() throws -> Statement { try Database.inMemory().prepare("SELECT 5") }
    #expect(try make().first()?.int(0) == 5)
  }

  @Test("A character 0 cannot hide the end of a statement or a path")
  func nul() throws {
    let database = try Database.inMemory()
    #expect(throws: SQLiteError.nulInText) { try database.prepare("SELECT 1\u{0} nonsense") }
    #expect(throws: SQLiteError.nulInText) { try database.execute("SELECT 1\u{0} nonsense") }
    #expect(throws: SQLiteError.nulInText) { try Database("/tmp/a\u{0}b") }
  }
}
