import Basics
import Testing

@testable import DeltaLake

@Suite("Actions as JSON")
struct ActionTests {
  private static let vector = DeletionVector(
    storageType: "u", pathOrInlineDv: "ab^-aqEH.-t@S}K{vb[*k^", offset: 4, sizeInBytes: 40,
    cardinality: 6)

  private static let add = AddFile(
    path: "p=a%20b/part.parquet", partitionValues: ["p": "a b", "q": nil], size: .max,
    modificationTime: -1, dataChange: false, stats: #"{"numRecords":1,"minValues":{"a":"\"ü\""}}"#,
    tags: ["k": "v", "n": nil], deletionVector: vector, baseRowId: 5, defaultRowCommitVersion: 6,
    clusteringProvider: "liquid")

  private static var removal: RemoveFile {
    var remove = RemoveFile(path: "x", dataChange: true)
    remove.size = 0
    return remove
  }

  static let actions: [Action] = [
    .add(add),
    .add(AddFile(path: "a", partitionValues: [:], size: 0, modificationTime: 0, dataChange: true)),
    .remove(RemoveFile(add, at: 1_700_000_000_000, dataChange: true)), .remove(removal),
    .metaData(
      Metadata(
        id: "4d9d-1", name: "n", description: "A \"b\" \\ c\n", schema: Schema([]),
        partitionColumns: ["q", "p"], configuration: ["b": "2", "a": ""], createdTime: 0)),
    .metaData(Metadata(id: "x", schema: Schema([StructField("a", .long)]))),
    .protocol(.plain),
    .protocol(
      TableProtocol(
        minReaderVersion: 3, minWriterVersion: 7, readerFeatures: ["deletionVectors"],
        writerFeatures: ["deletionVectors", "appendOnly"])),
    .protocol(
      TableProtocol(minReaderVersion: 1, minWriterVersion: 7, writerFeatures: [])),
    .txn(SetTransaction(appId: "app \"1\"", version: .min, lastUpdated: 7)),
    .txn(SetTransaction(appId: "", version: 0)),
    .domainMetadata(DomainMetadata(domain: "d", configuration: "{\"a\":1}", removed: true)),
    .cdc(AddCDCFile(path: "_change_data/x", partitionValues: ["p": nil], size: 3)),
    .commitInfo(CommitInfo([JSON.Member("timestamp", .int(1)), JSON.Member("x", ["y": .null])])),
    .sidecar(Sidecar(path: "s.parquet", sizeInBytes: 9)),
    .checkpointMetadata(version: 10),
  ]

  @Test("Every action comes back as it was", arguments: actions)
  func roundTrip(action: Action) throws {
    let text = action.json.text
    #expect(!text.contains("\n"))
    #expect(try Action.parse(JSON(parsing: text)) == action)
    #expect(try Action.parse(JSON(parsing: text))?.json.text == text)
  }

  @Test("The texts are the protocol's: maps of strings, nothing where there is no value")
  func texts() {
    let texts = ActionTests.actions.map(\.json.text)
    #expect(
      texts[1] == """
        {"add":{"path":"a","partitionValues":{},"size":0,"modificationTime":0,"dataChange":true}}
        """)
    #expect(
      texts[2] == """
        {"remove":{"path":"p=a%20b/part.parquet","deletionTimestamp":1700000000000,\
        "dataChange":true,"extendedFileMetadata":true,"partitionValues":{"p":"a b","q":null},\
        "size":9223372036854775807,"deletionVector":{"storageType":"u",\
        "pathOrInlineDv":"ab^-aqEH.-t@S}K{vb[*k^","offset":4,"sizeInBytes":40,"cardinality":6},\
        "baseRowId":5,"defaultRowCommitVersion":6}}
        """)
    #expect(
      texts[4] == """
        {"metaData":{"id":"4d9d-1","name":"n","description":"A \\"b\\" \\\\ c\\n",\
        "format":{"provider":"parquet","options":{}},\
        "schemaString":"{\\"type\\":\\"struct\\",\\"fields\\":[]}","partitionColumns":["q","p"],\
        "configuration":{"a":"","b":"2"},"createdTime":0}}
        """)
    #expect(texts[6] == #"{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}"#)
    #expect(
      texts[7] == """
        {"protocol":{"minReaderVersion":3,"minWriterVersion":7,\
        "readerFeatures":["deletionVectors"],"writerFeatures":["deletionVectors","appendOnly"]}}
        """)
    #expect(texts[10] == #"{"txn":{"appId":"","version":0}}"#)
    #expect(
      texts[12]
        == #"{"cdc":{"path":"_change_data/x","partitionValues":{"p":null},"size":3,"dataChange":false}}"#
    )
  }

  @Test("A removal carries what a reader of the old version needs")
  func removal() {
    let remove = RemoveFile(ActionTests.add, at: 42, dataChange: true)
    #expect(remove.key == ActionTests.add.key)
    #expect(remove.key.path == "p=a b/part.parquet")
    #expect(remove.deletionTimestamp == 42)
    #expect(remove.partitionValues == ["p": "a b", "q": nil])
    #expect(remove.deletionVector == ActionTests.vector)
    #expect(remove.extendedFileMetadata == true)
    #expect(remove.dataChange)
  }

  @Test("Values that other writers spell as numbers or flags are taken as texts")
  func looseMaps() throws {
    let json = try JSON(
      parsing: #"{"add":{"path":"a","partitionValues":{"n":1.50,"b":true,"z":null},"size":1}}"#)
    guard case .add(let add) = try Action.parse(json) else {
      Issue.record("no add")
      return
    }
    #expect(add.partitionValues == ["n": "1.50", "b": "true", "z": nil])
    #expect(add.dataChange)
  }
}
