import Basics
import Storage

extension DeltaTable {
  /// Takes data files into the table that others put into its folder, and only those: what was in
  /// it before and was removed stays out, and what breaks a promise of the table too.
  ///
  /// Where the log no longer goes back to its first commit, a file as old as what is gone of it may
  /// have been in the table, so it stays out as well.
  public func repair(_ base: Snapshot, transaction: Transaction) throws -> WriteResult {
    let mapping = base.columnMapping
    guard mapping != .id else {
      throw DeltaError.schemaChange(
        "its columns are known by ids, which the files of others do not have", table: address)
    }
    let schema = base.schema.stored(mapping)
    let partitions = base.storedPartitionColumns
    let known = try knownFiles(base)
    let new = try dataFiles().filter { file in
      !known.paths.contains(file.object.path)
        && known.since.map { file.object.modified > $0 } ?? true
    }
    for file in new where file.partitions.map(\.name) != partitions {
      throw DeltaError.mixedPartitions(file.object.path, expected: partitions, table: address)
    }
    let files = try parquet().inspect(new.map { store.address($0.object.path) })
    for file in files { try schema.check(file.schema, table: address) }
    let statistics = StatisticsWriter(
      schema: schema, partitionColumns: partitions, columns: base.statisticsColumns)
    let adds = try adds(new, files, schema, statistics)
    guard !adds.isEmpty else { return .nothing(base) }
    let parquet = try parquet()
    let rows = try parquet.scan(scan(adds, base))
    defer { parquet.release(rows) }
    try checkRequired(rows, base)
    try checkConstraints([rows], base)
    return try commit(transaction, FileChanges(adds: adds), on: base)
  }

  /// The files that are or were in the table, as far as the log tells.
  /// - Returns: their paths, and when the log begins, unless that is with its first commit.
  private func knownFiles(_ base: Snapshot) throws -> (paths: Set<String>, since: Timestamp?) {
    var paths = Set((base.files.keys.map(\.path) + base.tombstones.keys.map(\.path)).map(ownPath))
    let commits = try LogListing(store).commits
    for commit in commits.values {
      for action in try readCommit(commit.path) {
        switch action {
        case .add(let add): paths.insert(ownPath(add.key.path))
        case .remove(let remove): paths.insert(ownPath(remove.key.path))
        default: continue
        }
      }
    }
    if commits[0] != nil { return (paths, nil) }
    return (paths, commits.values.map(\.modified).min() ?? clock.now())
  }

  /// Refuses rows with NULL where the schema promises a value.
  private func checkRequired(_ rows: Relation, _ base: Snapshot) throws {
    for field in base.schema.fields where !field.nullable {
      let missing = try parquet().missing([field.name], in: rows)
      guard missing == 0 else {
        throw DeltaError.constraintViolated(
          name: "\(field.name) NOT NULL", rows: missing, table: address)
      }
    }
  }
}

extension Schema {
  /// Refuses a file with columns that the table does not have, or has otherwise.
  fileprivate func check(_ file: Schema, table: String) throws(DeltaError) {
    for field in file.fields {
      guard let own = self[field.name] else {
        throw .unknownColumn(field.name, known: names, table: table)
      }
      guard own.type == field.type || field.type.widens(to: own.type) else {
        throw .schemaChange(
          "column '\(field.name)' is \(own.type.words), and \(field.type.words) in a new file",
          table: table)
      }
    }
  }
}
