import Basics
import DeltaTestKit
import Storage
import Testing

@testable import DeltaLake

@Suite("Which tables are refused")
struct ProtocolTests {
  private let log = Log()

  private func open(_ format: String, configuration: [String: String] = [:]) throws -> Snapshot {
    try log.commit(0, #"{"protocol":\#(format)}"#, Log.metadata(configuration: configuration))
    return try TestTable(log.store).table.snapshot()
  }

  private func refusal(_ format: String, configuration: [String: String] = [:]) -> DeltaError? {
    #expect(throws: DeltaError.self) { try open(format, configuration: configuration) }
  }

  @Test("A reader feature that Podium does not know stops it, and is named")
  func readerFeatures() {
    #expect(
      refusal(
        """
        {"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["timestampNtz","fooBar"],\
        "writerFeatures":["timestampNtz","fooBar"]}
        """) == .unsupportedFeatures(["fooBar"], writing: false, table: "memory:"))
    #expect(
      refusal(#"{"minReaderVersion":4,"minWriterVersion":7}"#)
        == .unsupportedProtocol(reader: 4, writer: 7, table: "memory:"))
    #expect(
      DeltaError.unsupportedFeatures(["fooBar"], writing: false, table: "t").description
        == "t needs table features that Podium cannot read: fooBar")
  }

  @Test("A writer feature that Podium does not know stops only writing")
  func writerFeatures() throws {
    let state = try open(
      #"{"minReaderVersion":1,"minWriterVersion":7,"writerFeatures":["appendOnly","fooBar"]}"#)
    #expect(
      throws: DeltaError.unsupportedFeatures(["fooBar"], writing: true, table: "memory:")
    ) {
      try TestTable(log.store).table.commit(Transaction("WRITE", isBlindAppend: true), on: state)
    }
    #expect(try TestTable(log.store).table.snapshot().version == 0)
  }

  @Test("Features that an old version merely allows bind only where they are used")
  func legacy() throws {
    let format = #"{"minReaderVersion":2,"minWriterVersion":6}"#
    let table = TestTable(log.store).table
    let unused = try open(format, configuration: ["delta.columnMapping.mode": "none"])
    #expect(try table.commit(Transaction("WRITE", isBlindAppend: true), on: unused).version == 1)
    let mapped = ["delta.columnMapping.mode": "name"]
    #expect(try open(format, configuration: mapped).columnMapping == .name)
    // Listed for writers alone it binds readers too, or they would find no column.
    let forWriters = """
      {"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":[],\
      "writerFeatures":["columnMapping"]}
      """
    #expect(try open(forWriters, configuration: mapped).columnMapping == .name)
    // A property without the feature means nothing.
    let plain = #"{"minReaderVersion":1,"minWriterVersion":2}"#
    #expect(try open(plain, configuration: mapped).columnMapping == .none)
  }

  @Test(
    "Promises in the schema that Podium does not keep stop writing",
    arguments: [
      ("delta.generationExpression", "generatedColumns"),
      ("delta.identity.start", "identityColumns"),
    ])
  func schemaPromises(key: String, feature: String) throws {
    let schema = """
      {"type":"struct","fields":[{"name":"a","type":"long","nullable":true,\
      "metadata":{"\(key)":"x"}}]}
      """
    try log.commit(
      0, #"{"protocol":{"minReaderVersion":1,"minWriterVersion":6}}"#, Log.metadata(schema: schema))
    let table = TestTable(log.store).table
    let state = try table.snapshot()
    #expect(throws: DeltaError.unsupportedFeatures([feature], writing: true, table: "memory:")) {
      try table.commit(Transaction("WRITE", isBlindAppend: true), on: state)
    }
  }

  @Test("A table that only takes new rows keeps those it has")
  func appendOnly() throws {
    let table = TestTable()
    try table.create(configuration: ["delta.appendOnly": "true"])
    try table.append([["id": 1]])
    #expect(throws: DeltaError.appendOnly("memory:")) { try table.overwrite([["id": 2]]) }
    #expect(throws: DeltaError.appendOnly("memory:")) { try table.merge([["id": 1, "v": "x"]]) }
    #expect(try table.rows() == [["id": 1]])
    // Rows may move between files.
    let state = try table.table.snapshot()
    var compaction = Transaction("OPTIMIZE", isBlindAppend: false)
    compaction.actions = state.orderedFiles.map {
      .remove(RemoveFile($0, at: 0, dataChange: false))
    }
    #expect(try table.table.commit(compaction, on: state).version == 2)
  }

  @Test("NULL is not stored where the schema promises a value, in data or in partitions")
  func required() throws {
    let table = TestTable()
    try table.create()
    try table.append([["id": 1, "v": "a"]])
    let error = DeltaError.constraintViolated(name: "id NOT NULL", rows: 2, table: "memory:")
    #expect(throws: error) { try table.append([["v": "b"], ["id": 3], ["v": "c"]]) }
    #expect(throws: error) { try table.overwrite([["v": "b"], ["v": "c"]]) }
    #expect(try table.rows() == [["id": 1, "v": "a"]])
    let parted = TestTable()
    try parted.create(
      Schema([StructField("id", .long), StructField("v", .string, nullable: false)]),
      partitionedBy: ["v"])
    #expect(
      throws: DeltaError.constraintViolated(name: "v NOT NULL", rows: 1, table: "memory:")
    ) { try parted.append([["id": 1, "v": "a"], ["id": 2, "v": ""]]) }
  }
}
