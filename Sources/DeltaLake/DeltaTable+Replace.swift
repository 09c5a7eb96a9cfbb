import Basics

extension DeltaTable {
  /// Makes the table consist of files of another one that lie in this one's folder too, under its
  /// metadata, in one version; the table is created where there is none.
  /// - Parameters:
  ///   - other: the other table's state.
  ///   - metadata: what the table is from then on.
  ///   - base: the state that is replaced; nil where there is no table.
  ///   - kept: files of this table that stay.
  package func replace(
    by other: Snapshot, _ metadata: Metadata, _ base: Snapshot?, transaction: Transaction,
    keeping kept: (AddFile) -> Bool = { _ in false }
  ) throws -> Snapshot {
    let adds = other.orderedFiles.filter { base?.files[$0.key] == nil }.map { file in
      var file = file
      file.dataChange = true
      return file
    }
    guard let base else {
      var transaction = transaction
      transaction.actions = adds.map(Action.add) + transaction.actions
      return try create(metadata, protocol: other.tableProtocol, transaction: transaction)
    }
    var transaction = transaction
    if metadata != base.metadata { transaction.actions += base.actions(for: metadata) }
    let removes = base.orderedFiles.filter { other.files[$0.key] == nil && !kept($0) }
    return try commit(transaction, FileChanges(adds: adds, removes: removes), on: base).snapshot
  }

  /// The paths, below the table, of the data files and deletion vectors of a state.
  ///
  /// An error where one lies elsewhere.
  package func ownFiles(of state: Snapshot) throws -> [String] {
    let files = try files(of: state).sorted()
    for file in files where file.hasPrefix("/") || file.contains("://") {
      throw DeltaError.fileGone(file, version: state.version, table: address)
    }
    return files
  }
}
