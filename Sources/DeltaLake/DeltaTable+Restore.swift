import Basics
import Storage

extension DeltaTable {
  /// Gives the table the rows, columns and properties that it had at an older state, as a new
  /// version; what came since stays in the history.
  public func restore(
    to old: Snapshot, _ base: Snapshot, transaction: Transaction
  ) throws -> WriteResult {
    let back = old.orderedFiles.filter { base.files[$0.key] == nil }
    let gone = base.orderedFiles.filter { old.files[$0.key] == nil }
    try checkFiles(of: old, missingIn: base)
    var transaction = transaction
    transaction.parameters["version"] = String(old.version)
    var metadata = old.metadata
    if old.columnMapping != .none, let last = base.metadata.configuration[Metadata.maxColumnIDKey] {
      // An id is given once.
      metadata.configuration[Metadata.maxColumnIDKey] = last
    }
    if metadata != base.metadata {
      // The protocol never goes back: files written since may need it.
      transaction.actions += base.actions(for: metadata)
    }
    let adds = back.map { file in
      var file = file
      file.dataChange = true
      return file
    }
    guard !adds.isEmpty || !gone.isEmpty || !transaction.actions.isEmpty else {
      return .nothing(base)
    }
    return try commit(transaction, FileChanges(adds: adds, removes: gone), on: base)
  }

  /// Refuses a state of which a file is gone that a newer one no longer has.
  package func checkFiles(of old: Snapshot, missingIn base: Snapshot) throws {
    for file in old.orderedFiles where base.files[file.key] == nil {
      try checkPresent(file, old.version)
    }
  }

  private func checkPresent(_ file: AddFile, _ version: Int64) throws {
    var paths = [PercentEncoding.decode(file.path)]
    if let vector = file.deletionVector, vector.storageType == "u",
      let path = try? DeltaTable.path(ofUUID: vector.pathOrInlineDv)
    {
      paths.append(path)
    }
    for path in paths where try info(ofData: path) == nil {
      throw DeltaError.fileGone(path, version: version, table: address)
    }
  }

  /// Size and time of a file that the log names, also one beside the table; nil where it is gone.
  func info(ofData path: String) throws -> ObjectInfo? {
    let place = address(ofData: path)
    if place == store.address(path) { return try store.info(path) }
    guard place.hasPrefix("/") else {
      return ObjectInfo(path: place, size: 0, modified: clock.now())
    }
    return try LocalStore(root: "/").info(String(place.dropFirst()))
  }
}
