import Basics
import Engines
import Storage
import TestKit
import Testing

@testable import DeltaLake
@testable import Lakehouse

@Suite("Checkpoints written by DuckDB")
struct CheckpointTests {
  private let table: FolderTable

  init() throws { table = try FolderTable() }

  private func delete(_ path: String) throws { try table.table.store.delete(path) }

  private var checkpoint: String { LogFile.checkpointPath(10) }

  /// Everything about a state but whether its files changed rows.
  private func bare(_ state: Snapshot) -> [String] {
    let actions = state.checkpointActions(now: Timestamp(milliseconds: 0))
    return actions.map(\.json.text)
  }

  @Test("After ten commits the table is read back with any hint, or none")
  func tenCommits() throws {
    try table.create(EveryType.fields, partitionedBy: ["da"])
    for _ in 0..<9 { try table.append(EveryType.query) }
    try table.merge(EveryType.query)
    let rows = try table.rows()
    #expect(rows.count == 45)
    #expect(try table.table.store.info(checkpoint) != nil)
    for hint in ["garbage", #"{"version":10,"size":"many"}"#, #"{"version":4}"#, nil] {
      try delete(LogFile.lastCheckpoint)
      if let hint { try table.table.store.put(LogFile.lastCheckpoint, Array(hint.utf8)) }
      #expect(try table.rows() == rows)
    }
    // The checkpoint alone, without any commit before it.
    for version: Int64 in 0...9 { try delete(LogFile.commitPath(version)) }
    #expect(try table.rows() == rows)
    try table.append("\(EveryType.query) WHERE id = 1")
    #expect(try table.rows().count == 46)
  }

  @Test("The state of a checkpoint is the state of the commits it stands for")
  func sameState() throws {
    try table.create(
      [StructField("id", .long), StructField("p", .string)], partitionedBy: ["p"],
      configuration: ["delta.appendOnly": "false", "podium.note": "ü \"q\" \\ \n"])
    let now = Clock.system.now().milliseconds
    for number in 1...10 {
      var transaction = Transaction("WRITE", isBlindAppend: false)
      let base = try table.table.snapshot()
      transaction.actions = [
        .txn(SetTransaction(appId: "app \(number % 3)", version: Int64(number), lastUpdated: nil)),
        .txn(SetTransaction(appId: "fixed", version: .max - Int64(number), lastUpdated: 5)),
        .domainMetadata(
          DomainMetadata(
            domain: "d\(number % 4)", configuration: "{\"a\":\(number)}", removed: number == 7)),
        .add(
          AddFile(
            path: "p=a%20b/\(number).parquet",
            partitionValues: ["p": number % 2 == 0 ? nil : "a b%"],
            size: .max - Int64(number), modificationTime: 1_700_000_000_000, dataChange: true,
            stats: #"{"numRecords":1,"minValues":{"id":1.50}}"#,
            tags: number % 3 == 0 ? ["k": "v", "n": nil] : nil,
            baseRowId: number % 4 == 0 ? 5 : nil,
            defaultRowCommitVersion: number % 4 == 0 ? 6 : nil,
            clusteringProvider: number % 5 == 0 ? "x" : nil)),
      ]
      transaction.actions += base.orderedFiles.prefix(number % 2).map { file in
        .remove(RemoveFile(file, at: now + Int64(number), dataChange: true))
      }
      _ = try table.table.commit(transaction, on: base)
    }
    let fromCheckpoint = try table.table.snapshot()
    try delete(checkpoint)
    let fromCommits = try table.table.snapshot()
    #expect(bare(fromCheckpoint) == bare(fromCommits))
    #expect(fromCheckpoint.tombstones.count == 4)
    #expect(fromCheckpoint.transactions.count == 4)
    #expect(fromCheckpoint.domains.count == 3)
  }

  @Test("Protocol features and deletion vectors survive, absent ones stay absent")
  func actions() throws {
    let vector = DeletionVector(
      storageType: "u", pathOrInlineDv: "ab^-aqEH.-t@S}K{vb[*k^", offset: 4, sizeInBytes: 40,
      cardinality: .max)
    let inline = DeletionVector(
      storageType: "i", pathOrInlineDv: "x", offset: nil, sizeInBytes: 1, cardinality: 1)
    func add(_ vector: DeletionVector?) -> AddFile {
      AddFile(
        path: "a", partitionValues: [:], size: 1, modificationTime: 0, dataChange: false,
        deletionVector: vector)
    }
    let actions: [Action] = [
      .protocol(
        TableProtocol(
          minReaderVersion: 3, minWriterVersion: 7, readerFeatures: ["deletionVectors"],
          writerFeatures: ["deletionVectors", "appendOnly"])),
      .protocol(.plain), .add(add(vector)), .add(add(inline)), .add(add(nil)),
      .remove(RemoveFile(add(vector), at: 5, dataChange: false)),
      .metaData(
        Metadata(
          id: "x", name: "n", description: nil, schema: Schema(EveryType.fields),
          partitionColumns: [], configuration: [:], createdTime: nil)),
    ]
    let handler = DuckDBParquet(table.session)
    try LocalStore(root: table.path).createFolder("")
    let address = table.path + "/actions.parquet"
    try handler.writeActions(actions.map(\.json), to: address)
    let read = try handler.readActions([address])
    #expect(read.count == actions.count)
    #expect(
      read.adds.map(Action.add) == actions.filter { if case .add = $0 { true } else { false } })
    #expect(
      read.removes.map(Action.remove)
        == actions.filter { if case .remove = $0 { true } else { false } })
    #expect(
      try read.others.compactMap { try Action.parse($0) }
        == actions.filter {
          switch $0 {
          case .add, .remove: false
          default: true
          }
        })
  }

  @Test("The file's columns and types are those of the protocol, as others read them")
  func schema() throws {
    try table.create([StructField("id", .long)])
    for number in 1...10 { try table.append("SELECT \(number) AS id") }
    let found = try Python.json(
      """
      import pyarrow.parquet as pq, sys
      from readers import print_json
      schema = pq.read_schema(sys.argv[1])
      shown = {}
      def walk(name, type_):
          shown[name] = str(type_).split("<")[0]
          if str(type_).startswith("struct"):
              for field in type_: walk(name + "." + field.name, field.type)
      for field in schema: walk(field.name, field.type)
      print_json(shown)
      """, [table.path + "/" + checkpoint])
    for (name, type) in [
      ("txn.version", "int64"), ("add.path", "string"), ("add.size", "int64"),
      ("add.partitionValues", "map"), ("add.dataChange", "bool"), ("add.tags", "map"),
      ("add.deletionVector.offset", "int32"), ("add.deletionVector.sizeInBytes", "int32"),
      ("add.deletionVector.cardinality", "int64"), ("remove.deletionTimestamp", "int64"),
      ("remove.extendedFileMetadata", "bool"), ("metaData.partitionColumns", "list"),
      ("metaData.format.options", "map"), ("metaData.configuration", "map"),
      ("metaData.createdTime", "int64"), ("protocol.minReaderVersion", "int32"),
      ("protocol.readerFeatures", "list"), ("domainMetadata.removed", "bool"),
    ] { #expect(found[name]?.string == type, "\(name)") }
    #expect(found["commitInfo"] == nil)
    #expect(found["cdc"] == nil)
  }

  @Test("Nothing in the file is required but the keys of maps, whatever its rows lack")
  func nullable() throws {
    try table.create(
      [StructField("id", .long), StructField("p", .string)], partitionedBy: ["p"],
      configuration: ["delta.dataSkippingNumIndexedCols": "0"])
    // Partitions without a value, in live files and in those that are gone.
    for number in 1...9 { try table.append("SELECT \(number) AS id, NULL AS p") }
    try table.overwrite("SELECT 1 AS id, NULL AS p UNION ALL SELECT 2, 'a'")
    let found = try table.connection.query(
      """
      SELECT name, repetition_type, converted_type FROM \
      parquet_schema('\(table.path)/\(checkpoint)') OFFSET 1
      """
    ).rows().map { $0.map(\.plain) }
    let kinds = Dictionary(grouping: found) { $0[1] }.mapValues { Set($0.map { $0[0] }) }
    #expect(kinds["REQUIRED"] == ["key"])
    #expect(kinds["REPEATED"] == ["key_value", "list"])
    #expect(kinds.keys.sorted() == ["OPTIONAL", "REPEATED", "REQUIRED"])
    let types = Dictionary(grouping: found) { $0[0] }.mapValues { Set($0.map { $0[2] }) }
    #expect(types["partitionValues"] == ["MAP"])
    #expect(types["partitionColumns"] == ["LIST"])
    #expect(types["path"] == ["UTF8"])
    let rows = try table.rows()
    for version: Int64 in 0...9 { try delete(LogFile.commitPath(version)) }
    #expect(try table.rows() == rows)
    let state = try table.table.snapshot()
    #expect(state.tombstones.values.allSatisfy { $0.partitionValues == ["p": nil] })
    #expect(state.tombstones.count == 9)
  }

  @Test("A checkpoint of another writer is read with whatever it holds besides")
  func foreign() throws {
    try table.create([StructField("id", .long), StructField("p", .string)], partitionedBy: ["p"])
    try table.append("SELECT 1 AS id, 'a' AS p UNION ALL SELECT 2, NULL")
    let rows = try table.rows()
    let state = try table.table.snapshot()
    // Typed statistics and partition values next to the usual columns, with values JSON lacks.
    let adds = state.orderedFiles.map { file in
      let value = (file.partitionValues["p"] ?? nil).map(sqlLiteral) ?? "NULL"
      return """
        SELECT {'path': \(sqlLiteral(file.path)), 'partitionValues': MAP {'p': \(value)}, \
        'size': \(file.size), 'modificationTime': 0, 'dataChange': false, \
        'stats': \(sqlLiteral(file.stats ?? "")), 'stats_parsed': {'numRecords': 1, \
        'minValues': {'d': 'nan'::DOUBLE, 't': TIMESTAMPTZ '2024-01-01 00:00:00Z', \
        'b': '\\xFF'::BLOB}}, 'partitionValues_parsed': {'p': \(value)}, 'unknown': 'inf'::FLOAT} AS add
        """
    }
    let query = """
      SELECT add, NULL::STRUCT(minReaderVersion INTEGER, minWriterVersion INTEGER) AS protocol, \
      NULL::STRUCT(id VARCHAR, schemaString VARCHAR, partitionColumns VARCHAR[], \
      configuration MAP(VARCHAR, VARCHAR)) AS metaData, 'x' AS something \
      FROM (\(adds.joined(separator: " UNION ALL "))) \
      UNION ALL SELECT NULL, {'minReaderVersion': 1, 'minWriterVersion': 2}, NULL, NULL \
      UNION ALL SELECT NULL, NULL, {'id': 'x', \
      'schemaString': \(sqlLiteral(state.metadata.schemaString)), 'partitionColumns': ['p'], \
      'configuration': MAP {'k': 'v'}}, NULL
      """
    let address = table.path + "/" + LogFile.checkpointPath(1)
    try table.connection.execute("COPY (\(query)) TO \(sqlLiteral(address)) (FORMAT parquet)")
    try delete(LogFile.commitPath(0))
    #expect(try table.rows() == rows)
    #expect(try table.table.snapshot().metadata.configuration == ["k": "v"])
  }

  @Test("A torn checkpoint is passed over, an unreadable one without commits is an error")
  func torn() throws {
    try table.create([StructField("id", .long)])
    for number in 1...10 { try table.append("SELECT \(number) AS id") }
    let whole = try table.table.store.read(checkpoint)
    for count in [1, 8, whole.count / 2, whole.count - 1] {
      try table.table.store.put(checkpoint, Array(whole.prefix(count)))
      #expect(try table.rows().count == 10)
    }
    try delete(LogFile.commitPath(0))
    let error = #expect(throws: DeltaError.self) { try table.rows() }
    guard case .unreadableCheckpoint(10, let reason, table.path) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(!reason.isEmpty)
  }
}
