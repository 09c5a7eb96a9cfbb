import Basics
import Storage

/// The state of a table at one version.
public struct Snapshot: Sendable {
  public let version: Int64
  public internal(set) var tableProtocol: TableProtocol
  public internal(set) var metadata: Metadata
  public internal(set) var schema: Schema
  /// The table's data files by what tells them apart.
  public internal(set) var files: [FileKey: AddFile]
  /// Removed files that old versions may still need.
  public internal(set) var tombstones: [FileKey: RemoveFile]
  /// The progress of each application.
  public internal(set) var transactions: [String: SetTransaction]
  public internal(set) var domains: [String: DomainMetadata]
  /// The address of the table, for messages.
  public let table: String

  /// The files in the order of their paths.
  public var orderedFiles: [AddFile] {
    files.values.sorted { a, b in
      a.path == b.path
        ? (a.deletionVector?.id ?? "") < (b.deletionVector?.id ?? "") : a.path < b.path
    }
  }

  /// Bytes of all data files.
  public var sizeInBytes: Int64 {
    files.values.reduce(0) { $0 &+ $1.size }
  }

  /// Rows in all files, by their statistics; nil where a file has none.
  public var rowCount: Int64? {
    files.values.rowCount
  }
}

extension Sequence<AddFile> {
  /// Rows in all files, deleted ones left out, by their statistics; nil where a file has none.
  public var rowCount: Int64? {
    var sum: Int64 = 0
    for file in self {
      guard let rows = file.recordCount else { return nil }
      sum = sum &+ rows &- (file.deletionVector?.cardinality ?? 0)
    }
    return sum
  }
}

extension AddFile {
  /// The rows that the file's statistics count, deleted ones included.
  public var recordCount: Int64? {
    guard let stats, let json = try? JSON(parsing: stats) else { return nil }
    return json["numRecords"]?.int
  }
}

/// Applies actions in the order of their versions.
struct LogReplay {
  var tableProtocol: TableProtocol?
  var metadata: Metadata?
  var files: [FileKey: AddFile] = [:]
  var tombstones: [FileKey: RemoveFile] = [:]
  var transactions: [String: SetTransaction] = [:]
  var domains: [String: DomainMetadata] = [:]
  /// A schema that was read before, and the text that it was read from.
  private var knownSchema: (text: String, schema: Schema)?

  /// Applies the files of a checkpoint.
  mutating func apply(adds: [AddFile], removes: [RemoveFile]) {
    files.reserveCapacity(files.count + adds.count)
    for remove in removes { tombstones[remove.key] = remove }
    for add in adds { files[add.key] = add }
  }

  /// Applies one commit; within it the order of actions means nothing.
  mutating func apply(_ actions: [Action]) {
    for case .remove(let remove) in actions {
      let key = remove.key
      files[key] = nil
      tombstones[key] = remove
    }
    for action in actions {
      switch action {
      case .add(let add):
        let key = add.key
        files[key] = add
        tombstones[key] = nil
      case .metaData(let new): metadata = new
      case .protocol(let new): tableProtocol = new
      case .txn(let txn): transactions[txn.appId] = txn
      case .domainMetadata(let domain):
        domains[domain.domain] = domain.removed ? nil : domain
      case .remove, .cdc, .commitInfo, .sidecar, .checkpointMetadata: continue
      }
    }
  }

  func snapshot(version: Int64, table: String) throws(DeltaError) -> Snapshot {
    guard let tableProtocol, let metadata else {
      throw .incompleteLog(table, version: version)
    }
    try tableProtocol.checkReadable(table)
    let schema: Schema
    if let knownSchema, knownSchema.text == metadata.schemaString {
      schema = knownSchema.schema
    } else {
      do { schema = try Schema(parsing: metadata.schemaString) } catch {
        throw .malformedMetadata(error.reason, table: table)
      }
    }
    return Snapshot(
      version: version, tableProtocol: tableProtocol, metadata: metadata, schema: schema,
      files: files, tombstones: tombstones, transactions: transactions, domains: domains,
      table: table)
  }
}

extension LogReplay {
  /// Goes on from a state.
  init(_ state: Snapshot) {
    tableProtocol = state.tableProtocol
    metadata = state.metadata
    files = state.files
    tombstones = state.tombstones
    transactions = state.transactions
    domains = state.domains
    knownSchema = (state.metadata.schemaString, state.schema)
  }
}

extension Snapshot {
  /// The state after one more commit.
  func applying(_ actions: [Action], version: Int64) throws(DeltaError) -> Snapshot {
    var replay = LogReplay(self)
    replay.apply(actions)
    return try replay.snapshot(version: version, table: table)
  }
}

extension Snapshot {
  /// The same state under other metadata and a protocol that backs them, as a commit of
  /// `actions(for:)` will leave it.
  public func with(_ metadata: Metadata) throws(DeltaError) -> Snapshot {
    var changed = self
    changed.tableProtocol = tableProtocol.backing(metadata)
    changed.metadata = metadata
    do { changed.schema = try Schema(parsing: metadata.schemaString) } catch {
      throw .malformedMetadata(error.reason, table: table)
    }
    return changed
  }
}
