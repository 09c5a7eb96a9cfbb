import Testing

@testable import Engines

@Suite("What a server says")
struct SparkMessageTests {
  private func message(_ text: String, _ sql: String = "") throws -> SparkMessage {
    try #require(SparkMessage(EngineError(.statement, "[Spark] " + text, sql: sql)))
  }

  @Test("A missing function is told with its line, as a fault of the statement")
  func missingFunction() throws {
    let sail = try message("unknown function: nofun")
    #expect(sail.what == "unknown function: nofun")
    #expect(sail.isOfStatement)
    let spark = try message(
      "[UNRESOLVED_ROUTINE] Cannot resolve routine `nofun` on search path [`system`]. "
        + "SQLSTATE: 42883; line 3 pos 7;\n'Project ['nofun(1)]\n")
    #expect(spark.what.hasPrefix("[UNRESOLVED_ROUTINE] Cannot resolve routine `nofun`"))
    #expect(!spark.what.contains("Project"))
    #expect(spark.line == 3)
    #expect(spark.isOfStatement)
    #expect(!spark.isOfRows)
  }

  @Test("Sail's place in bytes becomes a line")
  func bytes() throws {
    let sql = "SELECT a\nFROM t\nWHER b"
    let told = try message("invalid argument: found WHER at 16:20 expected ';'", sql)
    #expect(told.line == 3)
  }

  @Test(
    "Values of rows are never shown",
    arguments: [
      "[CAST_INVALID_INPUT] The value 'Ann Miller' of the type \"STRING\" cannot be cast to \"INT\". "
        + "SQLSTATE: 22018\n== SQL (line 1, position 8) ==\nSELECT 'Ann Miller'",
      "Cannot cast string 'Ann Miller' to value of Int32 type",
      "Arrow error: Parser error: Error parsing timestamp from 'Ann Miller': error parsing date",
    ])
  func values(_ text: String) throws {
    let told = try message(text)
    #expect(!told.what.contains("Ann"))
    #expect(told.isOfRows)
    #expect(!told.isOfStatement)
    #expect(!EngineMessage.withoutValues("[Spark] " + text).contains("Ann"))
    #expect(!EngineError(.statement, "[Spark] " + text).description.contains("Ann"))
  }

  @Test(
    "A server that is gone is told apart from a statement that is wrong",
    arguments: [
      ("connection error: desc = \"transport: Error while dialing\"", EngineError.Code.serverLost),
      ("error reading from server: EOF", .serverLost),
      ("invalid argument: session 12-34 is not running", .serverLost),
      ("[INVALID_HANDLE.SESSION_CLOSED] The handle is invalid.", .serverLost),
      ("java.io.IOException: No space left on device", .diskFull),
    ])
  func lost(_ text: String, _ code: EngineError.Code) {
    #expect(SparkMessage.code("[Spark] " + text, vendor: 0) == code)
  }

  @Test("gRPC's code for what cannot be reached counts for this driver alone")
  func vendor() {
    #expect(SparkMessage.code("[Spark] anything", vendor: 14) == .serverLost)
    #expect(SparkMessage.code("Catalog Error: anything", vendor: 14) == nil)
    #expect(SparkMessage.code("[Spark] unknown function: x", vendor: 13) == nil)
  }
}

@Suite("Where a server is, and what it is")
struct SparkAddressTests {
  @Test(
    "An address is a host, a port and parameters",
    arguments: [
      ("sc://h", "sc://h:15002"), ("sc://h:7", "sc://h:7"), ("SC://h:7/", "sc://h:7"),
      ("sc://h:7/;token=secret;use_ssl=true", "sc://h:7"), ("sc://[::1]:7", "sc://[::1]:7"),
    ])
  func addresses(_ text: String, _ shown: String) throws {
    #expect(try #require(SparkAddress(text)).description == shown)
  }

  @Test(
    "Anything else is none",
    arguments: [
      "", "h:7", "http://h:7", "sc://", "sc://:7", "sc://h:x", "sc://h:0", "sc://h:70000",
      "sc://h i",
      "sc://h/;token",
    ])
  func others(_ text: String) { #expect(SparkAddress(text) == nil) }

  @Test("The session is added, unless one is named; secrets stay in what the driver gets")
  func session() throws {
    let address = try #require(SparkAddress("sc://h:7/;token=secret"))
    #expect(address.text(session: "s") == "sc://h:7/;token=secret;session_id=s")
    let named = try #require(SparkAddress("sc://h:7/;session_id=mine"))
    #expect(named.text(session: "s") == "sc://h:7/;session_id=mine")
    #expect(!"\(address)".contains("secret"))
  }

  @Test("Versions tell what a server is; old ones are refused with what is needed")
  func versions() throws {
    let address = try #require(SparkAddress("sc://h:7"))
    let spark = try SparkServer("4.2.0 32f7299601108917fb01920a54e084595b7b3bf8", at: address)
    #expect(spark.kind == .apacheSpark && spark.version == "4.2.0" && spark.hasRowIndexes)
    let sail = try SparkServer("0.7.2", at: address)
    #expect(sail.kind == .sail && !sail.hasRowIndexes)
    for (version, needed) in [
      ("3.5.1 abc", "Apache Spark 4.0"), ("0.6.9", "Sail 0.7"), ("", "Sail"),
    ] {
      let error = #expect(throws: EngineError.self) { try SparkServer(version, at: address) }
      #expect(error?.code == .wrongServer)
      #expect(error?.description.contains(needed) == true)
      #expect(error?.description.contains("--engine duckdb") == true)
    }
  }
}
