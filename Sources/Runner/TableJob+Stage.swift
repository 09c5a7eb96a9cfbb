import DeltaLake
import Engines
import Lakehouse
import Podium
import SparkEngine

/// Where the judged rows of a query are.
struct StagedRows {
  /// What they are called after FROM.
  let name: String
  /// The column that numbers them.
  var rowID = "rowid"
  /// Files of a server that hold them, and nothing else.
  var parts: [DeltaTable.PartitionFiles]?
  /// The same rows for a server.
  var shared: SparkJob.Shared?

  init(_ name: String) { self.name = name }

  /// Rows that lie where a server reads them too, with numbers.
  init(_ shared: SparkJob.Shared, as name: String? = nil, rowID: String) {
    self.name = name ?? shared.relation
    self.rowID = rowID
    self.shared = shared
  }
}

extension TableJob {
  /// Has a query computed and its rows judged, by a server where there is one.
  /// - Parameters:
  ///   - isWhole: true if none of its rows are left out.
  ///   - isFinal: true if none are taken from them later.
  ///   - judging: the embedded engine's statement that judges the rows of a query.
  func stage(
    _ query: SQL, _ text: String, _ judgement: Judgement, read: Int64, isWhole: Bool, isFinal: Bool,
    judging: (String) -> String
  ) throws -> StagedRows {
    let readsMany = try isFinal && isMany(read)
    if isWhole, readsMany, let judged = try computeJudged(query, text, judgement) { return judged }
    let output = try computeElsewhere(query, text, isWhole: isWhole, readsMany)
    let statement = judging(output?.query ?? text)
    if isWhole, let output, try isMany(output.rows),
      let relation = try allPassed(output, judgement, statement)
    {
      var staged = StagedRows(relation)
      staged.parts = output.parts
      return staged
    }
    var staged =
      try readsMany ? stageFile(statement) : StagedRows(session.stage("candidates", as: statement))
    staged.parts = output?.parts
    return staged
  }

  /// Stages the rows of a statement in a file, which a server can read too; in a temporary table where
  /// Parquet does not hold all their types.
  private func stageFile(_ statement: String) throws -> StagedRows {
    guard try session.connection.describe(statement).allSatisfy(\.type.isKeptByParquet) else {
      return StagedRows(try session.stage("candidates", as: statement))
    }
    if let spark { return StagedRows(try spark.share(statement), rowID: "file_row_number") }
    var staged = StagedRows(
      try session.stageFile("candidates", as: statement, in: context.lake.spillFolder))
    staged.rowID = "file_row_number"
    return staged
  }

  /// True for rows that are better left where they lie than taken into memory.
  ///
  /// Not where some were given up before. A server is worth being asked about fewer.
  private func isMany(_ rows: Int64) throws -> Bool {
    let many = spark == nil ? session.rowsAtOnce : session.rowsAtOnce / 10
    return try rows >= max(1, many) && !context.tables.exists(.droppedRows)
  }

  /// Has a server compute a query; nil where the embedded engine does.
  /// - Parameters:
  ///   - isWhole: true if its rows may be all that the table has then, in the server's files.
  ///   - readsMany: true if many partitions are better written by the server; a few rows in each are
  ///     written sooner here.
  private func computeElsewhere(
    _ query: SQL, _ text: String, isWhole: Bool, _ readsMany: Bool
  ) throws -> SparkJob.Output? {
    var partitions: [String] = []
    let isOne = table.storedPartitions == [datePartition]
    if isWhole, isOne || readsMany, case .derived = table.write {
      partitions = table.storedPartitions
    }
    return try spark?.compute(
      text, inputs: query.inputs.map(\.alias), as: table.querySchema,
      SparkJob.Layout(sortedBy: timeOrder, partitionedBy: partitions, inOnePartition: isOne))
  }
}

extension EngineType {
  /// True for types whose values come back from a Parquet file as they were.
  fileprivate var isKeptByParquet: Bool {
    switch self {
    case .bool, .int, .float, .double, .text, .binary, .date: true
    // A wider whole number looks the same and would come back rounded.
    case .decimal(let precision, _, _): precision < 38
    case .timestamp(let perSecond, _): perSecond == 1_000_000
    default: false
    }
  }
}
