import Basics

/// Which rows of a table new ones replace.
public enum OverwriteScope: Hashable, Sendable {
  /// All rows.
  case table
  /// All rows of the partitions that the new rows are in.
  case partitions
  /// The rows that satisfy an SQL condition over the table's columns, as all new rows must.
  case rows(where: String)
}

extension DeltaTable {
  /// Replaces rows by others, as one version.
  public func overwrite(
    _ scope: OverwriteScope, by rows: Relation, _ base: Snapshot, transaction: Transaction
  ) throws -> WriteResult {
    switch scope {
    case .table: return try overwrite(rows, base, transaction: transaction)
    case .partitions:
      guard !base.metadata.partitionColumns.isEmpty else {
        throw DeltaError.schemaChange(
          "it has no partitions that could be overwritten one by one", table: address)
      }
      try checkConstraints([rows], base)
      let adds = try writeFiles([rows], base)
      let touched = Set(adds.map(base.partition(of:)))
      let removes = base.orderedFiles.filter { touched.contains(base.partition(of: $0)) }
      return try commit(transaction, FileChanges(adds: adds, removes: removes), on: base)
    case .rows(let condition):
      return try overwrite(where: condition, by: rows, base, transaction)
    }
  }

  private func overwrite(
    where condition: String, by rows: Relation, _ base: Snapshot, _ transaction: Transaction
  ) throws -> WriteResult {
    let parquet = try parquet()
    try check([condition], of: base.schema)
    let outside = try parquet.violations([condition], in: rows, of: base.schema).reduce(0, +)
    guard outside == 0 else {
      throw DeltaError.constraintViolated(name: condition, rows: outside, table: address)
    }
    let predicate = try parquet.predicate(condition)
    let files = base.files(matching: predicate).files
    let found = try parquet.update(
      UpdateRequest(
        target: try scan(files, base, positions: true), condition: condition, assignments: nil))
    defer { parquet.release(found.images.relation) }
    let changes = RowChanges(
      updated: [:], deleted: found.deleted, images: found.images,
      inserts: .init(rows, rows: try parquet.count(rows)))
    var transaction = transaction
    transaction.reads = .rows(predicate)
    transaction.parameters["predicate"] = JSON.array([.string(condition)]).text
    return try commit(transaction, try store(changes, of: files, on: base), on: base)
  }
}

extension Snapshot {
  /// A file's partition by the values themselves, which writers spell in different ways; NULL and the
  /// empty text are the same.
  fileprivate func partition(of file: AddFile) -> [PredicateValue?] {
    let mapping = columnMapping
    return metadata.partitionColumns.map { name in
      let field = schema[name]
      let text = file.partitionValues[field?.storedName(mapping) ?? name] ?? nil
      return text.flatMap { $0.isEmpty ? nil : field?.type.partitionValue($0) ?? .string($0) }
    }
  }
}

extension DeltaType {
  /// The value that a text stands for, the same for all its spellings; nil where it is none.
  fileprivate func partitionValue(_ text: String) -> PredicateValue? {
    if self == .float || self == .double {
      let value = self == .float ? Float(text).map(Double.init) : Double(text)
      return value.map { $0.isNaN ? .string("nan") : .double($0) }
    }
    guard case .decimal(var digits, var scale)? = PredicateValue(text, as: self) else {
      return PredicateValue(text, as: self)
    }
    while scale > 0, digits % 10 == 0 { (digits, scale) = (digits / 10, scale - 1) }
    return .decimal(digits: digits, scale: scale)
  }
}
