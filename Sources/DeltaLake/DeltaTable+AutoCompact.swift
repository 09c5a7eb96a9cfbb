import Basics

extension DeltaTable {
  /// Compacts small files right after a write, where the table asks for it and has many
  /// (`delta.autoOptimize.autoCompact`).
  ///
  /// The write stands whatever happens here: files that cannot be compacted now are next time.
  /// - Returns: the newest state that this brought about.
  func compactWhereDue(after state: Snapshot) -> Snapshot {
    guard state.metadata.isOn(Metadata.autoCompactKey) else { return state }
    let bins = state.smallFiles
    guard !bins.isEmpty else { return state }
    var transaction = Transaction("OPTIMIZE", isBlindAppend: false)
    transaction.parameters["auto"] = "true"
    return (try? rewrite(bins, OptimizeRequest(), state, transaction))?.snapshot ?? state
  }
}

extension Metadata {
  /// The property by which a table's small files are compacted as part of writing.
  public static let autoCompactKey = "delta.autoOptimize.autoCompact"
}

extension Snapshot {
  /// So many small files of one partition are worth being compacted.
  static let manyFiles = 10
  /// Files below this size count as small, in bytes: larger ones would make a write wait.
  private static let small: Int64 = 4 << 20
  /// Files up to this size are rewritten with smaller ones of whatever size, in bytes.
  private static let tiny: Int64 = 1 << 20

  /// The files of each partition that a compaction after a write is worth rewriting.
  ///
  /// A file is rewritten with those that are together at least as large, so that rows are rewritten a
  /// number of times that grows with the logarithm of the table.
  fileprivate var smallFiles: [[AddFile]] {
    let keys = storedPartitionColumns
    let small = orderedFiles.filter { $0.size < Snapshot.small }
    guard small.count >= Snapshot.manyFiles else { return [] }
    let partitions = Dictionary(grouping: small) { file in
      keys.map { file.partitionValues[$0] ?? nil }
    }
    return partitions.values.compactMap { files in
      let files = files.sorted { ($0.size, $0.path) < ($1.size, $1.path) }
      var (count, sum) = (0, Int64(0))
      for (index, file) in files.enumerated() {
        if file.size <= max(sum, Snapshot.tiny) { count = index + 1 }
        sum = sum &+ file.size
        if sum > OptimizeRequest.standardSize { break }
      }
      return count < Snapshot.manyFiles ? nil : Array(files.prefix(count))
    }.sorted { ($0.first?.path ?? "") < ($1.first?.path ?? "") }
  }
}
