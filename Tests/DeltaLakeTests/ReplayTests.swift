import Basics
import DeltaTestKit
import Storage
import Testing

@testable import DeltaLake

@Suite("What a log means")
struct ReplayTests {
  private let log = Log()

  private func snapshot(_ version: Int64? = nil) throws -> Snapshot {
    try TestTable(log.store).table.snapshot(version: version)
  }

  /// The live files as `path` or `path@vector`.
  private func files(_ version: Int64? = nil) throws -> [String] {
    try snapshot(version).orderedFiles.map { file in
      file.path + (file.deletionVector.map { "@" + $0.pathOrInlineDv } ?? "")
    }
  }

  @Test("Within a commit the order of actions means nothing")
  func unordered() throws {
    try log.commit(0, Log.add("a"), Log.add("b"), Log.metadata, Log.format)
    try log.commit(1, Log.add("c"), Log.remove("a"))
    try log.commit(2, Log.add("b", vector: "v1"), Log.remove("b"))
    try log.commit(3, Log.remove("b", vector: "v1"), Log.add("b", vector: "v2", rows: 5))
    #expect(try files(0) == ["a", "b"])
    #expect(try files(1) == ["b", "c"])
    #expect(try files(2) == ["b@v1", "c"])
    #expect(try files(3) == ["b@v2", "c"])
    let state = try snapshot()
    #expect(state.rowCount == 4)
    #expect(Set(state.tombstones.keys.map(\.path)) == ["a", "b"])
    #expect(
      Set(state.tombstones.keys.compactMap(\.deletionVector)) == ["uv1@1"])
  }

  @Test("A file is known by its decoded path and its deletion vector with offset")
  func keys() throws {
    try log.commit(0, Log.format, Log.metadata, Log.add("p=a%20b/x"), Log.add("p=a%2Bb/x"))
    try log.commit(1, Log.remove("p=a b/x"), Log.remove("p=a+b/x"))
    #expect(try files() == [])
    let vector = DeletionVector(
      storageType: "u", pathOrInlineDv: "ab", offset: 1, sizeInBytes: 1, cardinality: 1)
    var inline = vector
    inline.offset = nil
    #expect(vector.id == "uab@1")
    #expect(inline.id == "uab")
  }

  @Test("The same file added again replaces what was known of it")
  func addedAgain() throws {
    try log.commit(0, Log.format, Log.metadata, Log.add("a", rows: 3))
    try log.commit(1, Log.add("a", change: false, rows: 5))
    #expect(try snapshot(0).rowCount == 3)
    #expect(try snapshot(1).rowCount == 5)
    #expect(try snapshot(1).files.count == 1)
  }

  @Test("A file removed and added later is there, and no tombstone is left")
  func cameBack() throws {
    try log.commit(0, Log.format, Log.metadata, Log.add("a"))
    try log.commit(1, Log.remove("a"))
    try log.commit(2, Log.add("a"))
    #expect(try snapshot(1).tombstones.count == 1)
    #expect(try files(2) == ["a"])
    #expect(try snapshot(2).tombstones.isEmpty)
  }

  @Test("Unknown actions and fields, empty lines and CRLF are passed over")
  func unknown() throws {
    try log.put(
      LogFile.commitPath(0),
      """
      {"futureAction":{"x":1}}\r

      {"protocol":{"minReaderVersion":1,"minWriterVersion":2,"later":[1]},"comment":null}
      \(Log.metadata)
      {"add":{"path":"a","partitionValues":null,"size":1.0,"modificationTime":null,\
      "dataChange":true,"future":{"a":[]},"stats":null,"tags":{"k":null}}}
      {"add":null,"remove":null,"txn":{"appId":"app","version":3}}
      {"futureAction":null}
      """)
    let state = try snapshot()
    #expect(state.orderedFiles.map(\.path) == ["a"])
    #expect(state.orderedFiles[0].size == 1)
    #expect(state.orderedFiles[0].tags == ["k": String?.none])
    #expect(state.rowCount == nil)
    #expect(state.transactions["app"]?.version == 3)
  }

  @Test("The last recorded progress holds, not the greatest; domains can be taken back")
  func progress() throws {
    try log.commit(
      0, Log.format, Log.metadata, Log.txn("a", 9), Log.txn("b", 1),
      #"{"domainMetadata":{"domain":"d","configuration":"{}","removed":false}}"#,
      #"{"domainMetadata":{"domain":"e","configuration":"x","removed":false}}"#)
    try log.commit(
      1, Log.txn("a", 4), #"{"domainMetadata":{"domain":"d","configuration":"","removed":true}}"#)
    #expect(try snapshot(0).transactions["a"]?.version == 9)
    #expect(try snapshot(1).transactions.mapValues(\.version) == ["a": 4, "b": 1])
    #expect(try snapshot(0).domains.keys.sorted() == ["d", "e"])
    #expect(try snapshot(1).domains.mapValues(\.configuration) == ["e": "x"])
  }

  @Test("Metadata and protocol are those of the last commit that has them")
  func newestMetadata() throws {
    try log.commit(0, Log.format, Log.metadata)
    try log.commit(1, Log.metadata(configuration: ["k": "v"]))
    try log.commit(2, #"{"protocol":{"minReaderVersion":1,"minWriterVersion":4}}"#)
    #expect(try snapshot(0).metadata.configuration == [:])
    #expect(try snapshot(2).metadata.configuration == ["k": "v"])
    #expect(try snapshot(1).tableProtocol == .plain)
    #expect(try snapshot(2).tableProtocol.minWriterVersion == 4)
  }

  @Test("A log without protocol or metadata is incomplete")
  func incomplete() throws {
    try log.commit(0, Log.metadata)
    #expect(throws: DeltaError.incompleteLog("memory:", version: 0)) { try snapshot() }
    try log.commit(0, Log.format)
    #expect(throws: DeltaError.incompleteLog("memory:", version: 0)) { try snapshot() }
  }

  @Test(
    "A line that is no action is reported with its file and line",
    arguments: [
      (#"{"add":{"path":"a","size":1}"#, "the text ends inside a value, at byte 28"),
      (#"{"add":{"partitionValues":{},"size":1}}"#, "add.path is missing or of the wrong kind"),
      (#"{"add":{"path":"a","size":"x"}}"#, "add.size is missing or of the wrong kind"),
      (#"{"add":{"path":"a","size":1e99}}"#, "add.size is missing or of the wrong kind"),
      (
        #"{"add":{"path":"a","size":1,"partitionValues":[]}}"#,
        "add.partitionValues is missing or of the wrong kind"
      ),
      (#"{"remove":{}}"#, "remove.path is missing or of the wrong kind"),
      (#"{"txn":{"appId":"a"}}"#, "txn.version is missing or of the wrong kind"),
      (
        #"{"protocol":{"minReaderVersion":3000000000,"minWriterVersion":2}}"#,
        "protocol.minReaderVersion is missing or of the wrong kind"
      ),
      (
        #"{"metaData":{"id":"x","schemaString":"{}","partitionColumns":"p"}}"#,
        "metaData.partitionColumns is missing or of the wrong kind"
      ),
      (
        #"{"add":{"path":"a","size":1,"deletionVector":{"storageType":"u"}}}"#,
        "add.deletionVector.pathOrInlineDv is missing or of the wrong kind"
      ),
      ("[1]", "an action is not an object"),
      ("42", "an action is not an object"),
      ("x", "a character that JSON does not allow here, at byte 0"),
    ])
  func malformed(line: String, reason: String) throws {
    try log.commit(0, Log.format, Log.metadata, line)
    #expect(
      throws: DeltaError.malformedLog(
        file: "00000000000000000000.json", line: 3, reason: reason, table: "memory:")
    ) { try snapshot() }
  }

  @Test("Extreme numbers in a log are no reason to crash")
  func extremes() throws {
    let size = Int64.max
    try log.commit(
      0, Log.format,
      Log.metadata(configuration: [
        "delta.deletedFileRetentionDuration": "interval -9223372036854775808 milliseconds",
        "delta.checkpointInterval": "-1",
      ]),
      """
      {"add":{"path":"a","partitionValues":{},"size":\(size),"modificationTime":\(size),\
      "dataChange":true,"stats":"{\\"numRecords\\":-9223372036854775808}",\
      "deletionVector":{"storageType":"i","pathOrInlineDv":"","sizeInBytes":-1,\
      "cardinality":\(size)}}}
      """,
      """
      {"add":{"path":"b","size":\(size),"dataChange":true,"stats":"nonsense"}}
      """,
      #"{"commitInfo":{"timestamp":9223372036854775807,"operation":7}}"#)
    let state = try snapshot()
    #expect(state.files.count == 2)
    #expect(state.rowCount == nil)
    _ = state.sizeInBytes
    _ = state.checkpointActions(now: Timestamp(milliseconds: 0))
    #expect(state.checkpointInterval == 10)
    let history = try TestTable(log.store).table.history()
    #expect(history.count == 1)
    #expect(history[0].operation == nil)
    _ = history[0].timestamp.text(decimals: 3)
  }
}
