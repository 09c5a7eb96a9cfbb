import SQLite
import TestKit
import Testing

/// The error that `body` throws, as text.
private func message(_ body: () throws -> some Any) -> String {
  do {
    _ = try body()
    return "no error"
  } catch {
    return "\(error)"
  }
}

@Suite("Errors")
struct ErrorTests {
  @Test("A broken rule of the schema has its own code, and names no value")
  func constraints() throws {
    let database = try Database.inMemory()
    try database.execute(
      """
      CREATE TABLE p (
        id INTEGER PRIMARY KEY, mail TEXT UNIQUE NOT NULL, n INTEGER CHECK (n > 0)) STRICT
      """)
    try database.execute("CREATE TABLE c (p INTEGER REFERENCES p (id))")
    try database.run("INSERT INTO p VALUES (1, 'x@y', 1)")
    func code(_ sql: String, _ values: Bindings) -> SQLiteCode? {
      do throws(SQLiteError) {
        try database.run(sql, values)
        return nil
      } catch {
        #expect(!error.description.contains("secret"))
        return error.code
      }
    }
    let insert = "INSERT INTO p VALUES (?, ?, ?)"
    #expect(code(insert, [1, "secret", 1]) == .constraint(.primaryKey))
    #expect(code(insert, [2, "x@y", 1]) == .constraint(.unique))
    #expect(code(insert, [2, nil, 1]) == .constraint(.notNull))
    #expect(code(insert, [2, "secret", 0]) == .constraint(.check))
    #expect(code(insert, [2, "secret", "secret"]) == .constraint(.other))
    #expect(code("INSERT INTO c VALUES (?)", [9]) == .constraint(.foreignKey))
    #expect(
      message { try database.run(insert, [2, "x@y", 1]) } == """
        ':memory:': UNIQUE constraint failed: p.mail (SQLite code 2067). \
        Statement: INSERT INTO p VALUES (?, ?, ?)
        """)
  }

  @Test("A wrong statement is told in SQLite's words, with the statement")
  func syntax() throws {
    let database = try Database.inMemory()
    #expect(
      message { try database.rows("SELEC 1") }
        == "':memory:': near \"SELEC\": syntax error (SQLite code 1). Statement: SELEC 1")
    #expect(
      message { try database.execute("CREATE TABLE a (b);\nSELECT c FROM a") }
        == "':memory:': no such column: c (SQLite code 1). Statement: CREATE TABLE a (b); SELECT c FROM a"
    )
  }

  @Test("A function's complaint about a bound value is cut off before the value")
  func noBoundValues() throws {
    let database = try Database.inMemory()
    let sql = "SELECT json_extract('{}', ?)"
    let text = message { try database.rows(sql, ["secret@example.org"]) }
    #expect(!text.contains("secret"))
    #expect(
      text.hasPrefix("':memory:': JSON path error near …")
        || text.hasPrefix("':memory:': bad JSON path: …"))
    #expect(
      message { try database.rows("SELECT abs(?)", [.integer(.min)]) }
        == "':memory:': integer overflow (SQLite code 1). Statement: SELECT abs(?)")
  }

  @Test("A long statement is cut in the message and whole in the error")
  func longStatement() throws {
    let database = try Database.inMemory()
    let sql = "SELECT " + String(repeating: "x", count: 300)
    let error = #expect(throws: SQLiteError.self) { try database.rows(sql) }
    guard case .failed(let failure) = error else { return }
    #expect(failure.sql == sql)
    #expect(failure.description.hasSuffix("Statement: " + sql.prefix(199) + "…"))
  }

  @Test("What is no database, or not there, is told with the path and advice")
  func opening() throws {
    let folder = try TemporaryFolder()
    let missing = folder.file("no/such/file")
    #expect(
      message { _ = try Database(missing) } == """
        '\(missing)': unable to open database file (SQLite code 14). \
        Check that the folder exists and may be read and written.
        """)
    let other = folder.file("other")
    try Files.write(String(repeating: "no database ", count: 100), to: other)
    for access in [DatabaseOptions.Access.readOnly, .readWrite] {
      let error = #expect(throws: SQLiteError.self) {
        _ = try Database(other, DatabaseOptions(access: access))
      }
      #expect(error?.code == .notADatabase)
    }
    for access in [DatabaseOptions.Access.readOnly, .readWrite] {
      let error = #expect(throws: SQLiteError.self) {
        _ = try Database(folder.file("none"), DatabaseOptions(access: access))
      }
      #expect(error?.code == .cannotOpen)
    }
    #expect(message { _ = try Database("") }.hasPrefix("'': the path is empty"))
    #expect(folder.names == ["other"])
  }

  @Test("A database opened for reading refuses changes")
  func readOnly() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.db")
    try Database(path, DatabaseOptions(journal: .rollback)).execute("CREATE TABLE t (a)")
    let reader = try Database(path, DatabaseOptions(access: .readOnly))
    let error = #expect(throws: SQLiteError.self) { try reader.run("INSERT INTO t VALUES (1)") }
    #expect(error?.code == .readOnly)
    #expect(try reader.rows("SELECT * FROM t") == [])
  }

  @Test("A second writer is told that the database is busy, and that trying again can help")
  func busy() throws {
    let folder = try TemporaryFolder()
    let options = DatabaseOptions(busyMilliseconds: 1)
    let one = try Database(folder.file("a.db"), options)
    let two = try Database(folder.file("a.db"), options)
    try one.execute("CREATE TABLE t (a)")
    try one.transaction {
      let error = #expect(throws: SQLiteError.self) { try two.run("INSERT INTO t VALUES (1)") }
      #expect(error?.code == .busy)
      #expect(error?.code?.isRetryable == true)
    }
    #expect(try two.run("INSERT INTO t VALUES (1)") == 1)
  }
}
