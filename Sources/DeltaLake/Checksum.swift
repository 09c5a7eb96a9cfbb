import Basics
import Storage

/// A table's state without its files: enough to tell what is new and what was consumed.
public struct TableState: Hashable, Sendable {
  public let version: Int64
  public let metadata: Metadata
  public let transactions: [String: SetTransaction]
  /// Bytes of the data files; nil where the checksum file does not say.
  public let bytes: Int64?

  package init(
    version: Int64, metadata: Metadata, transactions: [String: SetTransaction], bytes: Int64?
  ) {
    self.version = version
    self.metadata = metadata
    self.transactions = transactions
    self.bytes = bytes
  }

  public init(_ snapshot: Snapshot) {
    self.init(
      version: snapshot.version, metadata: snapshot.metadata, transactions: snapshot.transactions,
      bytes: snapshot.sizeInBytes)
  }
}

extension DeltaTable {
  /// The state of the newest version, from its checksum file where there is one, so that neither
  /// a checkpoint nor an engine is needed; nil where there is no table.
  public func state() throws -> TableState? {
    let segment: LogSegment
    do { segment = try LogSegment.find(store, version: nil) } catch DeltaError.notATable {
      return nil
    } catch DeltaError.missingCommit {
      return TableState(try snapshot())
    }
    if segment.hasChecksum, isWhole(segment.commits.last),
      let state = try readChecksum(segment.version)
    {
      return state
    }
    return TableState(try snapshot())
  }

  /// False for a commit that breaks off, as a disk may leave it that lost its power.
  private func isWhole(_ commit: ObjectInfo?) -> Bool {
    guard let commit else { return true }
    guard commit.size > 0,
      let end = try? store.read(commit.path, range: commit.size - 1..<commit.size).first
    else { return false }
    return end == 0x0A || end == UInt8(ascii: "}")
  }

  /// When a version was committed, in milliseconds since 1970: its own word, else the time of its
  /// file; nil where the commit is gone.
  public static func commitTime(_ version: Int64, in store: any ObjectStore) -> Int64? {
    let path = LogFile.commitPath(version)
    guard let start = try? store.read(path, range: 0..<65_536) else { return nil }
    let first = start.split(separator: 0x0A, maxSplits: 1).first.flatMap { try? JSON(parsing: $0) }
    let info = CommitInfo(first?["commitInfo"]?.object ?? [])
    return info.time ?? (try? store.info(path))?.modified.milliseconds
  }

  /// What a checksum file tells; nil where another writer left out the progress of applications.
  private func readChecksum(_ version: Int64) throws -> TableState? {
    guard let bytes = try? store.read(LogFile.checksumPath(version)),
      let json = try? JSON(parsing: bytes), let metadata = json["metadata"],
      let transactions = json["setTransactions"]?.array
    else { return nil }
    guard let metadata = try? Metadata(metadata) else { return nil }
    var byApp: [String: SetTransaction] = [:]
    for entry in transactions {
      guard let transaction = try? SetTransaction(entry) else { return nil }
      byApp[transaction.appId] = transaction
    }
    return TableState(
      version: version, metadata: metadata, transactions: byApp,
      bytes: json["tableSizeBytes"]?.int)
  }

  /// Writes the version's checksum file (PROTOCOL.md, "Version Checksum File").
  ///
  /// A reader works without it, so a failure is nobody's problem.
  func writeChecksum(_ snapshot: Snapshot) {
    let json: JSON = [
      "tableSizeBytes": .int(snapshot.sizeInBytes), "numFiles": .int(snapshot.files.count),
      "numMetadata": 1, "numProtocol": 1,
      "setTransactions": .array(
        snapshot.transactions.values.sorted { $0.appId < $1.appId }.map(\.json)),
      "domainMetadata": .array(
        snapshot.domains.values.sorted { $0.domain < $1.domain }.compactMap {
          Action.domainMetadata($0).json["domainMetadata"]
        }), "metadata": snapshot.metadata.json, "protocol": snapshot.tableProtocol.json,
    ]
    _ = try? store.putIfAbsent(LogFile.checksumPath(snapshot.version), Array(json.text.utf8))
  }
}
