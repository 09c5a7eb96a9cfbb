import Basics

/// Data files that may hold rows which satisfy a condition, and what need not be read.
public struct PrunedFiles: Sendable {
  public let files: [AddFile]
  /// Files in which no row can satisfy the condition.
  public let skipped: [AddFile]

  public var skippedFiles: Int { skipped.count }
  public var skippedBytes: Int64 { skipped.reduce(0) { $0 &+ $1.size } }
  /// Rows of the files that need not be read; nil where the statistics of one do not tell.
  public var skippedRows: Int64? { skipped.rowCount }
  /// Bytes of the files that are left.
  public var bytes: Int64 { files.reduce(0) { $0 &+ $1.size } }
}

extension Snapshot {
  /// False only where no row of a file can satisfy a condition.
  package func file(_ file: AddFile, mayHold predicate: Predicate) -> Bool {
    FileJudge(file, self).mayHold(predicate)
  }

  /// The files in which a row may satisfy a condition, by their partition values and statistics.
  public func files(matching predicate: Predicate) -> PrunedFiles {
    var kept: [AddFile] = []
    var skipped: [AddFile] = []
    for file in orderedFiles {
      if FileJudge(file, self).mayHold(predicate) {
        kept.append(file)
      } else {
        skipped.append(file)
      }
    }
    return PrunedFiles(files: kept, skipped: skipped)
  }
}

/// What is known of the values in one file.
private struct FileJudge {
  private let file: AddFile
  private let state: Snapshot
  private let mapping: ColumnMappingMode
  private let partitions: Set<String>
  private let stats: JSON?
  private let rows: Int64?

  init(_ file: AddFile, _ state: Snapshot) {
    self.file = file
    self.state = state
    mapping = state.columnMapping
    partitions = Set(state.metadata.partitionColumns)
    stats = file.stats.flatMap { try? JSON(parsing: $0) }
    rows = stats?["numRecords"]?.int
  }

  /// False only where no row of the file can satisfy the condition.
  func mayHold(_ predicate: Predicate) -> Bool {
    switch predicate {
    case .all(let parts): parts.allSatisfy(mayHold)
    case .any(let parts): parts.contains(where: mayHold)
    case .unknown: true
    case .isNull(let name): mayBeNull(name)
    case .isNotNull(let name): mayHaveValue(name)
    case .compare(let name, let comparison, let value):
      mayHaveValue(name) && mayCompare(name, comparison, value)
    }
  }

  private func mayBeNull(_ name: String) -> Bool {
    guard let field = state.schema[name] else { return true }
    if partitions.contains(field.name) { return partitionValue(field) == nil }
    return stats?["nullCount"]?[field.storedName(mapping)]?.int != 0
  }

  private func mayHaveValue(_ name: String) -> Bool {
    guard let field = state.schema[name] else { return true }
    if partitions.contains(field.name) { return partitionValue(field) != nil }
    guard let rows, let nulls = stats?["nullCount"]?[field.storedName(mapping)]?.int else {
      return true
    }
    return nulls < rows
  }

  private func mayCompare(
    _ name: String, _ comparison: Predicate.Comparison, _ value: PredicateValue
  ) -> Bool {
    guard let field = state.schema[name] else { return true }
    var value = value
    // A text is compared as what the column is.
    if case .string(let text) = value, field.type != .string {
      guard let typed = PredicateValue(text, as: field.type) else { return true }
      value = typed
    }
    if partitions.contains(field.name) {
      guard let text = partitionValue(field), let own = PredicateValue(text, as: field.type) else {
        return true
      }
      return fits(own, own, comparison, value)
    }
    return fits(bound("minValues", field), bound("maxValues", field), comparison, value)
  }

  private func partitionValue(_ field: StructField) -> String? {
    (file.partitionValues[field.storedName(mapping)] ?? nil).flatMap { $0.isEmpty ? nil : $0 }
  }

  /// True if a value between two bounds may satisfy a comparison; a missing bound is none.
  private func fits(
    _ low: PredicateValue?, _ high: PredicateValue?, _ comparison: Predicate.Comparison,
    _ value: PredicateValue
  ) -> Bool {
    let lowOrder = low.flatMap { $0.compared(to: value) }
    let highOrder = high.flatMap { $0.compared(to: value) }
    return switch comparison {
    case .equal: (lowOrder ?? 0) <= 0 && (highOrder ?? 0) >= 0
    case .less: (lowOrder ?? -1) < 0
    case .lessOrEqual: (lowOrder ?? 0) <= 0
    case .greater: (highOrder ?? 1) > 0
    case .greaterOrEqual: (highOrder ?? 0) >= 0
    }
  }

  private func bound(_ kind: String, _ field: StructField) -> PredicateValue? {
    guard let json = stats?[kind]?[field.storedName(mapping)] else { return nil }
    let text: String
    switch json {
    case .string(let string): text = string
    case .number(let number): text = number
    case .bool(let bool): text = bool ? "true" : "false"
    default: return nil
    }
    guard var value = PredicateValue(text, as: field.type) else { return nil }
    // Instants are cut to milliseconds, downwards.
    if kind == "maxValues", case .timestamp(let time) = value {
      value = .timestamp(Timestamp(microseconds: time.microseconds &+ 1_000))
    }
    return value
  }
}
