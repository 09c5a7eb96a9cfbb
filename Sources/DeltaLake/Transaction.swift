import Basics
import Storage

/// A change of a table that is about to be committed as one version.
public struct Transaction: Sendable {
  /// How the commit names what it did, such as `WRITE` or `MERGE`.
  public var operation: String
  /// Parameters and metrics of the operation, as `commitInfo` shows them.
  public var parameters: [String: String] = [:]
  public var metrics: [String: String] = [:]
  /// Further fields of `commitInfo`.
  public var tags: [JSON.Member] = []
  /// What changes: files, progress, metadata.
  public var actions: [Action] = []
  /// What the change depends on.
  public var reads: ReadSet

  /// What a change was based on, by which later commits of others are judged.
  public enum ReadSet: Hashable, Sendable {
    /// Nothing: rows are added whatever else is there.
    case nothing
    /// Some files and no others, as where rows only move between files.
    case files(Set<FileKey>)
    /// The rows that satisfy a condition, and whether there are others that do.
    case rows(Predicate)
    /// All rows there were.
    case table
  }

  /// True if the write depends on nothing it read: it may follow any other commit.
  public var isBlindAppend: Bool { reads == .nothing }

  public init(_ operation: String, isBlindAppend: Bool) {
    self.init(operation, reads: isBlindAppend ? .nothing : .table)
  }

  public init(_ operation: String, reads: ReadSet) {
    self.operation = operation
    self.reads = reads
  }
}

extension DeltaTable {
  static let engineInfo = "Podium/0.1"

  /// Creates the table as version 0; an error if it exists by now, even if its log begins later.
  /// - Parameter versions: the protocol; the lowest that backs the metadata where it is left out.
  public func create(
    _ metadata: Metadata, protocol versions: TableProtocol? = nil, transaction: Transaction
  ) throws -> Snapshot {
    var transaction = transaction
    var metadata = metadata
    if let schema = try? Schema(parsing: metadata.schemaString) {
      metadata = try metadata.mapped(schema, table: address)
    }
    let versions = versions ?? TableProtocol(for: metadata)
    transaction.actions = [.protocol(versions), .metaData(metadata)] + transaction.actions
    let all = lines(transaction, readVersion: nil)
    guard try !DeltaTable.exists(in: store), try put(0, all) else {
      throw DeltaError.conflict(
        Conflict(
          kind: .metadataChanged, readVersion: -1, winningVersion: 0,
          operation: transaction.operation, table: address))
    }
    var replay = LogReplay()
    replay.apply(transaction.actions)
    let snapshot = try replay.snapshot(version: 0, table: address)
    writeChecksum(snapshot)
    return snapshot
  }

  /// Commits a change based on a state; later commits of others are passed where the protocol's
  /// conflict rules allow it.
  /// - Returns: the state right after the commit.
  public func commit(_ transaction: Transaction, on base: Snapshot) throws -> Snapshot {
    try base.tableProtocol.checkWritable(address, base.metadata)
    try checkAppendOnly(transaction, base)
    let content = lines(transaction, readVersion: base.version)
    var current = base
    while true {
      let version = current.version + 1
      try checkFollows(current, transaction, base)
      if try put(version, content) {
        let after = try current.applying(transaction.actions, version: version)
        afterCommit(after)
        return after
      }
      let winner = try readCommit(LogFile.commitPath(version))
      if let kind = transaction.conflict(with: winner, after: current) {
        throw DeltaError.conflict(
          Conflict(
            kind: kind, readVersion: base.version, winningVersion: version,
            operation: transaction.operation, table: address))
      }
      current = try current.applying(winner, version: version)
    }
  }

  /// Refuses to write a commit into the part of a log that was cleaned: it would be free there, since
  /// the commits that took it are gone, and no reader would ever see the new one.
  private func checkFollows(
    _ current: Snapshot, _ transaction: Transaction, _ base: Snapshot
  ) throws {
    guard try store.info(LogFile.commitPath(current.version)) == nil else { return }
    let listing = try LogListing(store)
    guard let latest = listing.latest, latest > current.version,
      listing.commits[current.version + 1] == nil
    else { return }
    throw DeltaError.conflict(
      Conflict(
        kind: .commitsGone, readVersion: base.version, winningVersion: latest,
        operation: transaction.operation, table: address))
  }

  /// Puts a commit; true if it stands in the log, false if another writer's does.
  ///
  /// A store that fails may have done its work all the same, and one that tries again by itself
  /// then finds its own file there. So the log is asked before either is believed; each commit
  /// differs from all others by its `txnId`.
  private func put(_ version: Int64, _ content: [UInt8]) throws -> Bool {
    let path = LogFile.commitPath(version)
    let failure: StorageError
    do {
      if try store.putIfAbsent(path, content) { return true }
      return try store.read(path) == content
    } catch { failure = error }
    for _ in 0..<DeltaTable.questions {
      do { return try store.read(path) == content } catch {
        // Where no file is, no commit is.
        if [.notFound, .isAFolder, .notAFolder].contains(error.code) { throw failure }
      }
    }
    throw DeltaError.commitInDoubt(
      version: version, reason: failure.description, table: address)
  }

  /// How often a store that fails is asked whether a commit stands.
  static let questions = 3

  private func lines(_ transaction: Transaction, readVersion: Int64?) -> [UInt8] {
    var info: [JSON.Member] = [
      JSON.Member("timestamp", .int(clock.now().milliseconds)),
      JSON.Member("operation", .string(transaction.operation)),
      JSON.Member("operationParameters", .map(transaction.parameters)),
    ]
    if let readVersion { info.append(JSON.Member("readVersion", .int(readVersion))) }
    info += [
      JSON.Member("isolationLevel", "Serializable"),
      JSON.Member("isBlindAppend", .bool(transaction.isBlindAppend)),
      JSON.Member("operationMetrics", .map(transaction.metrics)),
      JSON.Member("engineInfo", .string(DeltaTable.engineInfo)),
      JSON.Member("txnId", .string(uniqueName())),
    ]
    info += transaction.tags
    var bytes: [UInt8] = []
    for action in [.commitInfo(CommitInfo(info))] + transaction.actions {
      action.json.write(to: &bytes)
      bytes.append(0x0A)
    }
    return bytes
  }

  /// Does the work that makes later reading cheaper.
  ///
  /// The commit stands whatever happens here.
  private func afterCommit(_ snapshot: Snapshot) {
    writeChecksum(snapshot)
    if snapshot.version > 0, snapshot.version % snapshot.checkpointInterval == 0 {
      do { try writeCheckpoint(snapshot) } catch { return }
      _ = try? cleanLog(snapshot)
    }
  }
}

extension Snapshot {
  /// A checkpoint is due every so many commits (`delta.checkpointInterval`, 10).
  var checkpointInterval: Int64 {
    let asked = metadata.configuration["delta.checkpointInterval"].flatMap { Int64($0) } ?? 10
    return asked > 0 ? asked : 10
  }
}

extension Transaction {
  /// Why this change cannot follow another writer's commit; nil if it can.
  ///
  /// The isolation is Delta's `Serializable`: what a change read must still hold right before it.
  /// - Parameter state: the state right before that commit.
  func conflict(with winner: [Action], after state: Snapshot) -> Conflict.Kind? {
    let ownTransactions = Set(
      actions.compactMap { action -> String? in
        if case .txn(let txn) = action { return txn.appId }
        return nil
      })
    // By path alone: a file of which the winner deleted rows is another one by now.
    let ownRemoves = Set(
      actions.compactMap { action -> String? in
        if case .remove(let remove) = action { return remove.key.path }
        return nil
      })
    for action in winner {
      switch action {
      case .protocol: return .protocolChanged
      case .metaData: return .metadataChanged
      case .txn(let txn) where ownTransactions.contains(txn.appId): return .transactionRecorded
      case .add(let add) where add.dataChange && isRead(add, state): return .filesAdded
      case .remove(let remove):
        if ownRemoves.contains(remove.key.path) || isRead(remove, state) { return .filesRemoved }
      default: continue
      }
    }
    return nil
  }

  /// True if a file that came would have been read.
  private func isRead(_ add: AddFile, _ state: Snapshot) -> Bool {
    switch reads {
    case .nothing, .files: false
    case .rows(let predicate): state.file(add, mayHold: predicate)
    case .table: true
    }
  }

  /// True if a file that went was read.
  private func isRead(_ remove: RemoveFile, _ state: Snapshot) -> Bool {
    switch reads {
    case .nothing: false
    case .files(let files): files.contains(remove.key)
    case .rows(let predicate):
      remove.dataChange
        && state.files[remove.key].map { state.file($0, mayHold: predicate) } ?? true
    case .table: remove.dataChange
    }
  }
}
