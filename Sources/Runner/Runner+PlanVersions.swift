import DeltaLake
import Lakehouse
import Podium

extension Runner {
  /// The versions of its inputs that a table has not consumed, by the logs alone.
  func versions(
    _ batch: Batch, _ table: Table, _ context: RunContext
  ) throws -> [TablePlan.NewVersions] {
    try batch.inputs.compactMap { input in
      let from = (input.from ?? -1) + 1
      guard from <= input.to else { return nil }
      let source = table.upstream.first { $0.name == input.name }
      let delta = source.map { source in
        lake.table(.of(source)) { DuckDBParquet(try engine.session()) }
      }
      let changes = try delta?.changes(after: from - 1, through: input.to)
      return TablePlan.NewVersions(
        input: input.name, from: from, to: input.to, rows: changes?.rows, bytes: changes?.bytes ?? 0
      )
    }
  }

  /// Bytes of all that a batch reads; nil where a log does not say.
  func bytes(of batch: Batch, _ table: Table, _ context: RunContext) throws -> Int64? {
    var sum: Int64 = 0
    for input in batch.inputs {
      guard let source = table.upstream.first(where: { $0.name == input.name }),
        let bytes = try context.state(.of(source))?.bytes
      else { return nil }
      sum = sum &+ bytes
    }
    return sum
  }

  /// What changes of a derived table's inputs touch, or why it is computed whole.
  func touched(
    _ batch: Batch, _ table: Table, _ query: SQL, _ context: RunContext
  ) throws -> TablePlan.Action {
    let job = try TableJob(context, table)
    switch try job.findTouched(query, batch) {
    case .all(let reason):
      return .rebuild(reason.description, bytes: try bytes(of: batch, table, context))
    case .rows(let touched):
      let files = try query.inputs.flatMap { try job.filesToRead($0, touched, batch) }
      let isByPartition = touched.columns.map(\.name) == table.partitionedBy
      return .touched(
        TablePlan.Touched(
          versions: try versions(batch, table, context), columns: touched.columns.map(\.name),
          values: touched.count, partitions: isByPartition ? try job.firstValues(touched) : [],
          bytes: files.reduce(0) { $0 &+ $1.size }, rows: files.rowCount))
    }
  }
}

extension TableJob {
  /// The first few of the touched values, as texts.
  fileprivate func firstValues(_ touched: TouchedRows) throws -> [String] {
    try session.connection.query(
      "SELECT CAST(\(TouchedValues.column(0)) AS VARCHAR) FROM \(touched.values.table) ORDER BY 1 LIMIT 3"
    ).rows().map { $0[0].string ?? "NULL" }
  }
}
