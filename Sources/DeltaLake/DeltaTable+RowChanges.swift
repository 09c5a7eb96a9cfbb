import Basics
import Storage

/// Data files that come and go in one commit.
struct FileChanges {
  var adds: [AddFile] = []
  var removes: [AddFile] = []
  /// Change files, where the table has a change feed.
  var changes: [AddCDCFile] = []
}

extension DeltaTable {
  /// Stores changes of rows, by deletion vectors where the table has them.
  /// - Parameter files: the files that the changes name by their index.
  func store(
    _ changes: RowChanges, of files: [AddFile], on base: Snapshot
  ) throws -> FileChanges {
    try checkConstraints(changes.written, base)
    let gone = changes.gone.map { (file: files[$0.key], rows: $0.value) }
      .sorted { $0.file.path < $1.file.path }
    var stored: FileChanges
    if base.writesDeletionVectors {
      // Who reads a deletion vector must know how many rows its file has.
      stored = try markDeleted(gone.filter { $0.file.recordCount != nil })
      let rest = try rewrite(gone.filter { $0.file.recordCount == nil }, changes, base)
      stored.adds += rest.adds
      stored.removes += rest.removes
    } else {
      stored = try rewrite(gone, changes, base)
    }
    stored.changes = try changeFiles(changes, files, base)
    return stored
  }

  /// Writes what stays of the files together with the new rows: one set of files for both, so that
  /// a table does not fall into ever smaller ones.
  private func rewrite(
    _ changed: [(file: AddFile, rows: RoaringBitmap)], _ new: RowChanges, _ base: Snapshot
  ) throws -> FileChanges {
    var changes = FileChanges(removes: changed.map(\.file))
    var relations = new.written
    var expected: Int64? = new.images.rows + new.inserts.rows
    let remaining = try changed.compactMap { change -> (AddFile, Scan.Rows)? in
      let gone = try allDeleted(change)
      let staying = change.file.recordCount.map { $0 &- Int64(gone.count) }
      expected = staying.flatMap { staying in expected.map { $0 &+ staying } }
      return staying == 0 ? nil : (change.file, .except(gone))
    }
    let parquet = try parquet()
    var staying: Relation?
    defer { if let staying { parquet.release(staying) } }
    if !remaining.isEmpty {
      let relation = try parquet.scan(scan(remaining, base))
      staying = relation
      relations.append(relation)
    }
    guard !relations.isEmpty else { return changes }
    changes.adds = try writeFiles(relations, base, expected: expected)
    return changes
  }

  /// Marks rows as deleted; a file without a live row goes.
  private func markDeleted(
    _ changed: [(file: AddFile, rows: RoaringBitmap)]
  ) throws -> FileChanges {
    var changes = FileChanges(removes: changed.map(\.file))
    var marked: [(file: AddFile, rows: RoaringBitmap)] = []
    for change in changed {
      let gone = try allDeleted(change)
      if Int64(gone.count) != change.file.recordCount { marked.append((change.file, gone)) }
    }
    let vectors = try writeDeletionVectors(marked.map(\.rows))
    changes.adds = zip(marked, vectors).map { change, vector in
      var file = change.file
      file.deletionVector = vector
      file.dataChange = true
      file.stats = file.stats.map(StatisticsWriter.withWideBounds)
      return file
    }
    return changes
  }

  private func allDeleted(
    _ change: (file: AddFile, rows: RoaringBitmap)
  ) throws -> RoaringBitmap {
    try deletedRows(of: change.file)?.union(change.rows) ?? change.rows
  }

  /// Writes what happened to each row, where the table keeps a change feed and its data files alone
  /// do not tell: rows that were updated, or deleted by rewriting a file.
  private func changeFiles(
    _ changes: RowChanges, _ files: [AddFile], _ base: Snapshot
  ) throws -> [AddCDCFile] {
    guard base.hasChangeFeed, !changes.gone.isEmpty else { return [] }
    let parquet = try parquet()
    var held: [Relation] = []
    defer { held.forEach(parquet.release) }
    func before(_ rows: [Int: RoaringBitmap], _ kind: String) throws -> [(Relation, String)] {
      guard !rows.isEmpty else { return [] }
      let chosen = rows.sorted { $0.key < $1.key }.map { (files[$0.key], Scan.Rows.only($0.value)) }
      let relation = try parquet.scan(scan(chosen, base))
      held.append(relation)
      return [(relation, kind)]
    }
    var rows = try before(changes.updated, "update_preimage")
    rows += try before(changes.deleted, "delete")
    if changes.images.rows > 0 { rows.append((changes.images.relation, "update_postimage")) }
    if changes.inserts.rows > 0 { rows.append((changes.inserts.relation, "insert")) }
    let labelled = rows.map {
      parquet.adding(ChangeFeed.changeTypeColumn, $0.1, to: $0.0)
    }
    held += labelled
    var schema = base.schema
    schema.fields.append(StructField(ChangeFeed.changeTypeColumn, .string))
    let folder = "_change_data"
    let written = try parquet.write(
      labelled,
      WriteTarget(
        address: store.address(folder), schema: schema,
        partitionColumns: base.metadata.partitionColumns, mapping: base.columnMapping))
    let paths = written.map { folder + "/" + $0.path }
    try store.flush(paths)
    return zip(written, paths).map { file, path in
      AddCDCFile(
        path: PercentEncoding.encode(path: path), partitionValues: file.partitionValues,
        size: file.size)
    }
  }
}

extension Snapshot {
  /// True if rows are deleted by bitmaps beside the data files (`delta.enableDeletionVectors`).
  public var writesDeletionVectors: Bool {
    tableProtocol.lists("deletionVectors") && metadata.isOn("delta.enableDeletionVectors")
  }

  /// True if the table keeps files that tell what happened to each row
  /// (`delta.enableChangeDataFeed`).
  public var hasChangeFeed: Bool { metadata.isOn("delta.enableChangeDataFeed") }
}

extension Metadata {
  /// True if a property of the table is switched on.
  func isOn(_ property: String) -> Bool { configuration[property]?.lowercased() == "true" }
}
