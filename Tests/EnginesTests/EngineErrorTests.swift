@testable import Engines
import Lakehouse
import TestKit
import Testing

@Suite("Errors of the engine")
struct EngineErrorTests {
  private func failure(_ sql: String) throws -> EngineError? {
    let connection = try Engine.connect()
    return #expect(throws: EngineError.self) { try connection.query(sql).rows() }
  }

  @Test("The engine's words are kept whole, with line and caret, next to the statement")
  func whole() throws {
    let sql = "SELECT\n  nope\nFROM range(3)"
    let error = try failure(sql)
    #expect(error?.code == .statement)
    #expect(error?.sql == sql)
    #expect(
      error?.message == """
        Binder Error: Referenced column "nope" not found in FROM clause!
        Candidate bindings: "range"

        LINE 2:   nope
                  ^
        """)
    #expect(error?.excerpted == error?.message)
  }

  @Test("A statement that fails far into its rows is an error all the same")
  func late() throws {
    // On a busy machine the engine may tell of the thread that it stopped for the error instead.
    var error: EngineError?
    for _ in 0..<10 where error == nil || error?.code == .cancelled {
      error = try failure(
        "SELECT CASE WHEN i = 500000 THEN error('row ' || i) ELSE i::VARCHAR END "
          + "FROM range(1000000) AS r(i)")
    }
    #expect(error?.code == .statement)
    #expect(error?.message == "Invalid Input Error: row 500000")
  }

  @Test("A text without a statement is an error", arguments: ["", " ", ";", "-- nothing"])
  func nothing(sql: String) throws {
    #expect(try failure(sql)?.message.isEmpty == false)
  }

  @Test("Describing reports what running would")
  func describing() throws {
    let connection = try Engine.connect()
    let error = #expect(throws: EngineError.self) {
      try connection.describe("SELECT 1 AS a,\nb FROM range(1)")
    }
    #expect(error?.message.contains("LINE 2: b FROM range(1)") == true)
  }

  @Test("Memory that runs out has a code of its own")
  func memory() throws {
    var settings = try DuckDBSettings.fromEnvironment(spillFolder: nil)
    settings.memoryLimit = 20 << 20
    settings.threads = 1
    let connection = try DuckDB(settings).connect()
    try connection.execute("SET temp_directory = ''")
    let error = #expect(throws: EngineError.self) {
      try connection.execute(
        "CREATE TEMP TABLE big AS SELECT md5(i::VARCHAR) FROM range(3000000) AS r(i)")
    }
    #expect(error?.code == .outOfMemory)
    #expect(
      error?.description.hasPrefix("the engine ran out of memory: Out of Memory Error") == true)
  }

  @Test("A connection goes on after an error")
  func goesOn() throws {
    let connection = try Engine.connect()
    for _ in 0..<50 {
      #expect(throws: EngineError.self) { try connection.execute("SELECT nope") }
    }
    #expect(try connection.query("SELECT 1").rows() == [[.int(1)]])
  }
}

@Suite("Finding the engine")
struct LibraryTests {
  private func start(_ library: String, _ entry: String = "duckdb_adbc_init") -> EngineError? {
    #expect(throws: EngineError.self) {
      try EngineDatabase(library: library, entry: entry, options: [("path", ":memory:")])
    }
  }

  @Test("A library that is not there is named")
  func missing() {
    let error = start("/nowhere/libduckdb.so")
    #expect(error?.code == .libraryMissing)
    #expect(
      error?.description
        == "the engine's library could not be loaded: /nowhere/libduckdb.so: No such file or directory. "
        + "Type 'make setup', or name another one with PODIUM_DUCKDB.")
  }

  @Test("A file that is no library says so")
  func noLibrary() throws {
    let folder = try TemporaryFolder()
    try Files.write(String(repeating: "no library\n", count: 20), to: folder.file("lib.so"))
    let error = start(folder.file("lib.so"))
    #expect(error?.code == .libraryMissing)
    #expect(error?.message.hasSuffix("lib.so: it is no library") == true)
  }

  @Test("A library that was cut short is refused, and does not end the process")
  func cutLibrary() throws {
    let whole = try DuckDBSettings.fromEnvironment(spillFolder: nil).library
    #expect(throws: Never.self) { try SharedLibrary.check(whole) }
    let folder = try TemporaryFolder()
    let bytes = try Files.read(whole)
    for length in [64, 5000, bytes.count - 1] {
      let cut = folder.file("cut\(length).so")
      try Files.write(Array(bytes[..<length]), to: cut)
      #expect(start(cut)?.message == "\(cut): it is cut short")
    }
  }

  @Test("What the system denies the engine is told apart from what is wrong with a statement")
  func denied() {
    let spill = CallError.code(
      of: "IO Error: Failed to create directory \"/l/.podium/spill/7\": Permission denied")
    #expect(spill == .permissionDenied)
    #expect(
      CallError.code(of: "IO Error: Cannot open file \"/a.parquet\": Read-only file system")
        == .permissionDenied)
    #expect(CallError.code(of: "Binder Error: no 'Permission denied'") == .statement)
    let words = EngineError(.permissionDenied, "IO Error: x/.podium/spill/7").description
    #expect(words.contains("PODIUM_MEMORY_LIMIT"))
  }

  @Test("A library without the entry point is no driver")
  func noDriver() throws {
    let error = start("libc.so.6")
    #expect(error?.code == .notADriver)
    #expect(error?.description.hasPrefix("the engine's library is no ADBC driver: ") == true)
    #expect(error?.message.contains("duckdb_adbc_init") == true)
  }

  @Test("A database that cannot be opened is an error of the engine's own words")
  func noDatabase() throws {
    let library = try DuckDBSettings.fromEnvironment(spillFolder: nil).library
    let error = #expect(throws: EngineError.self) {
      try EngineDatabase(
        library: library, entry: "duckdb_adbc_init", options: [("path", "/nowhere/db.duckdb")])
    }
    #expect(error?.code == .statement)
    #expect(error?.message.contains("/nowhere/db.duckdb") == true)
  }

  @Test("A setting that the engine refuses is an error, not a default")
  func refused() throws {
    var settings = try DuckDBSettings.fromEnvironment(spillFolder: nil)
    settings.threads = 0
    #expect(throws: EngineError.self) { try DuckDB(settings) }
  }
}
