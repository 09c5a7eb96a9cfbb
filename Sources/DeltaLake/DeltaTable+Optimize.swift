import Basics

/// What OPTIMIZE is asked to do.
public struct OptimizeRequest: Hashable, Sendable {
  /// Bytes that a data file is to have; by the table's size where it is nil.
  public var targetSize: Int64?
  /// Columns along whose Z-order curve rows are stored; empty for compaction alone.
  public var zOrderBy: [String]
  /// Only files of these partition values, by column; all files where it is empty.
  public var partition: [String: String?]
  /// True to leave a table alone that is mostly in order.
  var isUpkeep = false

  static let standardSize: Int64 = 128 << 20

  public init(
    targetSize: Int64? = nil, zOrderBy: [String] = [], partition: [String: String?] = [:]
  ) {
    self.targetSize = targetSize
    self.zOrderBy = zOrderBy
    self.partition = partition
  }

  init(zOrderBy: [String], isUpkeep: Bool) {
    self.init(zOrderBy: zOrderBy)
    self.isUpkeep = isUpkeep
  }
}

extension DeltaTable {
  /// Rewrites small files, and files of which rows were deleted, as few large ones.
  ///
  /// No row changes: readers of changes see nothing, and writers that add rows meanwhile are not
  /// disturbed. With Z-order all files of a partition are rewritten, unless they are in that order
  /// already, as the tags of files written so say.
  public func optimize(
    _ request: OptimizeRequest = OptimizeRequest(), _ base: Snapshot, transaction: Transaction
  ) throws -> WriteResult {
    for name in request.zOrderBy {
      guard let field = base.schema[name] else {
        throw DeltaError.unknownColumn(name, known: base.schema.names, table: address)
      }
      guard !base.metadata.partitionColumns.contains(field.name), field.type.isOrdered else {
        throw DeltaError.schemaChange(
          "rows cannot be ordered by '\(name)': it is a partition column or of a type without order",
          table: address)
      }
    }
    var transaction = transaction
    transaction.parameters["zOrderBy"] = JSON.array(request.zOrderBy.map(JSON.string)).text
    return try rewrite(request.bins(base), request, base, transaction)
  }

  /// Rewrites the files of each bin together, all as one version.
  func rewrite(
    _ bins: [[AddFile]], _ request: OptimizeRequest, _ base: Snapshot, _ transaction: Transaction
  ) throws -> WriteResult {
    var changes = FileChanges()
    for bin in bins {
      let parquet = try parquet()
      let relation = try parquet.scan(scan(bin, base))
      defer { parquet.release(relation) }
      changes.removes += bin
      changes.adds += try rewrite(relation, of: bin, request, base)
    }
    guard !changes.removes.isEmpty else { return .nothing(base) }
    var transaction = transaction
    transaction.reads = .files(Set(changes.removes.map(\.key)))
    return try commit(transaction, changes, on: base, dataChange: false)
  }

  /// The folder and partition values that files of one partition share; nil where files lie beside
  /// the table or it has no partitions.
  private func place(
    of files: [AddFile], _ base: Snapshot
  ) -> (folder: String, values: [String: String?])? {
    guard !base.metadata.partitionColumns.isEmpty, let file = files.first else { return nil }
    let path = PercentEncoding.decode(file.path)
    guard !path.hasPrefix("/"), !path.contains(":/"), let slash = path.lastIndex(of: "/") else {
      return nil
    }
    return (String(path[..<slash]), file.partitionValues)
  }

  private func rewrite(
    _ rows: Relation, of files: [AddFile], _ request: OptimizeRequest, _ base: Snapshot
  ) throws -> [AddFile] {
    let constant = place(of: files, base)
    // Rows that go missing on the way must not be missed by nobody.
    let expected = files.rowCount
    guard !request.zOrderBy.isEmpty else {
      return try writeFiles(
        [rows], base, expected: expected, constant: constant, dataChange: false)
    }
    let bytes = files.reduce(Int64(0)) { $0 &+ $1.size }
    let count = files.reduce(Int64(0)) { $0 &+ ($1.recordCount ?? 0) }
    let perFile = bytes > 0 ? Double(count) / Double(bytes) * Double(request.size(base)) : 0
    return try writeOrdered(
      rows, by: request.zOrderBy, base, rows: expected ?? count, expected: expected,
      rowsPerFile: request.isUpkeep ? ClusterLayout.rowsPerFile : Int64(min(max(perFile, 1), 1e9)),
      constant: constant, dataChange: false)
  }
}

extension OptimizeRequest {
  /// The tag of files whose rows lie along a Z-order curve; its value names the columns.
  static let zOrderTag = "ZORDER_BY"

  var zOrderText: String { zOrderBy.joined(separator: ",") }

  /// Bytes that a data file is to have.
  ///
  /// A file is the least that readers pass over. Two columns that share a curve each tell one file in
  /// as many as the root of all, so about 500 are asked for, none below 512 kB.
  func size(_ base: Snapshot) -> Int64 {
    if let targetSize { return targetSize }
    return zOrderBy.isEmpty
      ? OptimizeRequest.standardSize
      : min(max(base.sizeInBytes / 512, 1 << 19), OptimizeRequest.standardSize)
  }

  /// Files to be rewritten together.
  func bins(_ base: Snapshot) -> [[AddFile]] {
    let keys = base.storedPartitionColumns
    let wanted = partition.map { (base.schema[$0]?.storedName(base.columnMapping) ?? $0, $1) }
    let files = base.orderedFiles.filter { file in
      wanted.allSatisfy { (file.partitionValues[$0] ?? nil) == $1 }
    }
    let groups = Dictionary(grouping: files) { file in keys.map { file.partitionValues[$0] ?? nil }
    }
    let size = size(base)
    return groups.values.flatMap { files -> [[AddFile]] in
      if zOrderBy.isEmpty { return packed(files, size) }
      guard isUpkeep, isMostlyInOrder(files) else { return unordered(files) }
      let loose = files.filter { !isInOrder($0) || $0.deletionVector != nil }
      return packed(loose, OptimizeRequest.standardSize)
    }.sorted { ($0.first?.path ?? "") < ($1.first?.path ?? "") }
  }

  /// The files that are too small or hold deleted rows, in bins of about the target size.
  private func packed(_ files: [AddFile], _ targetSize: Int64) -> [[AddFile]] {
    let worth = files.filter { file in
      let deleted = file.deletionVector?.cardinality ?? 0
      let rows = file.recordCount ?? 0
      return file.size < targetSize / 4 * 3 || deleted > rows / 20
    }.sorted { ($0.size, $0.path) < ($1.size, $1.path) }
    var bins: [[AddFile]] = []
    var bin: [AddFile] = []
    var size: Int64 = 0
    for file in worth {
      if !bin.isEmpty, size &+ file.size > targetSize {
        bins.append(bin)
        (bin, size) = ([], 0)
      }
      bin.append(file)
      size = size &+ file.size
    }
    bins.append(bin)
    return bins.filter { bin in bin.count > 1 || bin.contains { $0.deletionVector != nil } }
  }

  private func isInOrder(_ file: AddFile) -> Bool {
    file.tags?[OptimizeRequest.zOrderTag] == .some(zOrderText)
  }

  /// True if less than a tenth of the bytes came after the rows were put in order, or there are few.
  private func isMostlyInOrder(_ files: [AddFile]) -> Bool {
    let bytes = files.reduce(Int64(0)) { $0 &+ $1.size }
    let loose = files.reduce(Int64(0)) { $0 &+ (isInOrder($1) ? 0 : $1.size) }
    let rows = files.reduce(Int64(0)) { $0 &+ ($1.recordCount ?? 0) }
    return rows <= ClusterLayout.leastRows || loose < bytes / 10
  }

  private func unordered(_ files: [AddFile]) -> [[AddFile]] {
    let done = files.allSatisfy { isInOrder($0) && $0.deletionVector == nil }
    return done || files.isEmpty ? [] : [files]
  }
}

extension DeltaType {
  /// True for types whose values have an order.
  var isOrdered: Bool {
    switch self {
    case .binary, .void, .array, .map, .structure, .unsupported: false
    default: true
    }
  }
}
