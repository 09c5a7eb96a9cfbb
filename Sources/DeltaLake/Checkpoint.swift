import Basics
import Storage

extension DeltaTable {
  /// Applies the actions of a checkpoint: its own and those of its sidecars.
  func apply(_ checkpoint: LogSegment.CheckpointFiles, to replay: inout LogReplay) throws {
    do {
      var sidecars: [String] = []
      for path in checkpoint.paths {
        let actions =
          path.hasSuffix(".json")
          ? try readCommit(path) : try apply([store.address(path)], to: &replay)
        replay.apply(actions)
        for case .sidecar(let sidecar) in actions {
          let path = PercentEncoding.decode(sidecar.path)
          sidecars.append(
            path.contains("/")
              ? address(ofData: path) : store.address("_delta_log/_sidecars/" + path))
        }
      }
      if !sidecars.isEmpty { replay.apply(try apply(sidecars, to: &replay)) }
    } catch {
      throw DeltaError.unreadableCheckpoint(
        version: checkpoint.version, reason: "\(error)", table: address)
    }
  }

  /// Applies the files of a checkpoint's parts.
  /// - Returns: the other actions.
  private func apply(_ addresses: [String], to replay: inout LogReplay) throws -> [Action] {
    let read = try parquet().readActions(addresses)
    replay.apply(adds: read.adds, removes: read.removes)
    return try read.others.compactMap { try Action.parse($0) }
  }

  /// Writes a checkpoint of a state, and then the hint that names it.
  ///
  /// The file is written under another name and moved, so that a reader finds all of it or none.
  public func writeCheckpoint(_ snapshot: Snapshot) throws {
    let actions = snapshot.checkpointActions(now: clock.now())
    let path = LogFile.checkpointPath(snapshot.version)
    let staged = LogFile.folder + LocalStore.temporaryPrefix + "checkpoint-\(uniqueName())"
    defer { try? store.delete(staged) }
    try parquet().writeActions(actions.map(\.json), to: store.address(staged))
    let bytes = try store.read(staged)
    _ = try store.putIfAbsent(path, bytes)
    let hint: JSON = [
      "version": .int(snapshot.version), "size": .int(actions.count),
      "sizeInBytes": .int(bytes.count), "numOfAddFiles": .int(snapshot.files.count),
    ]
    try store.put(LogFile.lastCheckpoint, Array(hint.text.utf8))
  }
}

extension DeltaTable {
  /// Removes from the log's folder what a process that was killed had begun to write; only for one
  /// that knows that no other writes there.
  public static func removeTemporaries(in store: any ObjectStore) {
    store.removeTemporaries(String(LogFile.folder.dropLast()))
  }
}

extension Snapshot {
  /// How long tombstones stay in checkpoints, in milliseconds (`delta.deletedFileRetentionDuration`).
  var tombstoneRetention: Int64 {
    metadata.configuration["delta.deletedFileRetentionDuration"]
      .flatMap(parseInterval) ?? 7 * 86_400_000
  }

  /// The actions that stand for the whole log up to this version.
  func checkpointActions(now: Timestamp) -> [Action] {
    var actions: [Action] = [.protocol(tableProtocol), .metaData(metadata)]
    actions += transactions.values.sorted { $0.appId < $1.appId }.map(Action.txn)
    actions += domains.values.sorted { $0.domain < $1.domain }.map(Action.domainMetadata)
    actions += orderedFiles.map { file in
      var file = file
      file.dataChange = false
      return .add(file)
    }
    let oldest = now.milliseconds - tombstoneRetention
    actions += tombstones.values.filter { ($0.deletionTimestamp ?? 0) > oldest }
      .sorted { $0.path < $1.path }
      .map { file in
        var file = file
        file.dataChange = false
        return .remove(file)
      }
    return actions
  }
}

/// Milliseconds of a text, never negative, such as `interval 7 days` or `interval 1 week 2 hours`.
func parseInterval(_ text: String) -> Int64? {
  let units: [String: Int64] = [
    "millisecond": 1, "second": 1000, "minute": 60_000, "hour": 3_600_000, "day": 86_400_000,
    "week": 604_800_000,
  ]
  var words = text.lowercased().split(separator: " ").map(String.init)
  if words.first == "interval" { words.removeFirst() }
  guard !words.isEmpty, words.count % 2 == 0 else { return nil }
  var sum: Int64 = 0
  for index in stride(from: 0, to: words.count, by: 2) {
    let unit =
      words[index + 1].hasSuffix("s") ? String(words[index + 1].dropLast()) : words[index + 1]
    guard let number = Int64(words[index]), number >= 0, let size = units[unit] else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: size)
    let (next, overflow2) = sum.addingReportingOverflow(product)
    guard !overflow, !overflow2 else { return nil }
    sum = next
  }
  return sum
}
