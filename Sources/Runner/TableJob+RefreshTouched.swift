import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium

extension TableJob {
  /// Computes anew those rows of a derived table that a batch's changes touch, or all where it is not
  /// certain which these are.
  func refreshTouched(_ query: SQL, _ batch: Batch, _ decider: Decider) throws -> JobResult {
    switch try findTouched(query, batch) {
    case .all(let reason):
      var result = try rebuildDerived(query, decider.batch(rebuild: reason))
      result.reason = reason.description
      return result
    case .rows(let touched):
      var result = try refresh(touched, query, batch)
      let inputs = batch.inputs.filter { $0.from != $0.to }.map(\.name)
      result.reason =
        Decision.Reason.inputChanged(inputs).description
        + ": \(counted(touched.count, "value")) of "
        + touched.columns.map(\.name).joined(separator: ", ")
      return result
    }
  }

  /// Computes touched rows anew.
  func refresh(
    _ touched: TouchedRows, _ query: SQL, _ batch: Batch
  ) throws -> JobResult {
    guard touched.count > 0 else { return try recordProgress(batch) }
    for input in query.inputs { try bindTouched(input, touched, batch) }
    try bindReferences(query, batch)
    let candidates = try stageCandidates(
      query, asOf: batch.asOf, read: touched.changes, touched: touched)
    try enforce(candidates, deduplicated: 0)
    try checkKey(candidates)
    if batch.recordsProgress { try batch.store(table, in: context.lake.records) }
    try quarantine(candidates, batch, touched: touched)
    var counts = RowCounts()
    counts.read = touched.changes
    counts.filtered = candidates.filtered
    counts.quarantined = candidates.quarantined
    let result =
      table.partitionedBy == touched.columns.map(\.name)
      ? try replacePartitions(touched, candidates, batch, counts)
      : try mergeTouched(touched, candidates, batch, counts)
    try Batch.remove(table, from: context.lake.records)
    return result
  }

  /// Records that a batch was consumed which changed no row.
  private func recordProgress(_ batch: Batch) throws -> JobResult {
    guard let base = try snapshot(table) else {
      throw RunError.other("\(table.name) is not there any more")
    }
    var transaction = progress("REFRESH", batch, RowCounts())
    let target = try withDeclaration(base, &transaction)
    let after = try delta.commit(transaction, on: target)
    context.tables.record(location, after)
    try Batch.remove(table, from: context.lake.records)
    return JobResult(
      counts: RowCounts(), failures: [], version: after.version, rows: after.rowCount)
  }

  /// Binds an input at the version that the batch pins, without rows that the touched ones do not
  /// depend on, as far as that is known.
  private func bindTouched(
    _ input: SQL.Input, _ touched: TouchedRows, _ batch: Batch
  ) throws {
    guard let limits = limits(input, touched),
      let pinned = batch.inputs.first(where: { $0.name == input.table.name })
    else {
      try bindPinned(input.table, batch)
      return
    }
    let state = try state(of: input.table, version: pinned.to)
    let values = try limits.map { try $0.map { try $0.sql(session) } }
    let files = try filesToRead(input, touched, batch)
    let relation = try DuckDBParquet(session).scan(delta(of: input.table).scan(files, state))
    let condition = values.map(touched.isRead).joined(separator: " OR ")
    try bind(
      input,
      to: "SELECT \(sqlNames(input.table.declaredSchema.names)) FROM \(relation.name) AS r "
        + "WHERE \(condition)")
  }

  /// Expressions over an input of which one must have touched values in a row that is needed; nil where
  /// all rows may be.
  private func limits(_ input: SQL.Input, _ touched: TouchedRows) -> [[KeyLineage.Expression]]? {
    touched.lineage?.limits(touched.columns.map(\.name))[input.alias.lowercased()]
  }

  /// The files of an input that may hold rows on which touched rows depend.
  func filesToRead(
    _ input: SQL.Input, _ touched: TouchedRows, _ batch: Batch
  ) throws -> [AddFile] {
    guard let pinned = batch.inputs.first(where: { $0.name == input.table.name }) else { return [] }
    let state = try state(of: input.table, version: pinned.to)
    guard touched.count > 0 else { return [] }
    guard let limits = limits(input, touched) else { return state.orderedFiles }
    return state.files(matching: try predicate(limits, touched, input.table)).files
  }

  /// What is certain of an input's rows with touched values: columns that are the values themselves
  /// lie within their range.
  private func predicate(
    _ limits: [[KeyLineage.Expression]], _ touched: TouchedRows, _ input: Table
  ) throws -> Predicate {
    let names = touched.columns.indices.map(TouchedRows.column)
    let ranges = try DuckDBParquet(session).ranges(
      zip(names, touched.columns).map { StructField($0, $1.type) }, of: Relation(touched.read))
    return .any(
      limits.map { values in
        .all(
          zip(values, ranges).map { value, range in
            guard let name = value.columnName, let range,
              let field = input.declaredSchema.fields.first(where: {
                $0.name.lowercased() == name.lowercased()
              })
            else { return .unknown }
            return Predicate(field, range)
          })
      })
  }

  /// Replaces the partitions that are touched by the good rows.
  private func replacePartitions(
    _ touched: TouchedRows, _ candidates: Candidates, _ batch: Batch, _ counts: RowCounts
  ) throws -> JobResult {
    var counts = counts
    counts.inserted = candidates.passed
    let values = try session.connection.query(
      "SELECT DISTINCT CAST(\(TouchedRows.column(0)) AS VARCHAR) FROM \(touched.values)"
    ).rows().map { $0[0].string }
    let column = touched.columns[0]
    let predicate = Predicate.any(values.map { Predicate(column, equals: $0) })
    let gone = Set(
      try (snapshot(table)?.files(matching: predicate).files ?? []).map(\.key))
    let rows = Relation("(\(passedRows(candidates.name)))")
    let after = try write(rows, batch, counts, replacing: true) { !gone.contains($0.key) }
    return JobResult(candidates, counts, after)
  }

  /// Merges the good rows into those of the table that have touched values.
  private func mergeTouched(
    _ touched: TouchedRows, _ candidates: Candidates, _ batch: Batch, _ counts: RowCounts
  ) throws -> JobResult {
    guard let existing = try snapshot(table) else {
      throw RunError.other("\(table.name) is not there any more")
    }
    var transaction = Transaction("MERGE", isBlindAppend: false)
    let base = try withDeclaration(existing, &transaction)
    let declared = transaction.actions
    let source = Relation(try session.stage("derived", as: passedRows(candidates.name)))
    defer { session.drop(table: source.name) }
    let values = table.columns.map(\.name).filter { !table.key.contains($0) }
    let same = values.map {
      "source.\(sqlName($0)) IS NOT DISTINCT FROM target.\(sqlName($0))"
    }.joined(separator: " AND ")
    let isTouched = touched.isTouched(touched.columns.map { "target.\(sqlName($0.name))" })
    var counts = counts
    let result = try delta.merge(
      source, base, keys: table.key,
      whenMatched: [.init(.keep, when: same.isEmpty ? "true" : same), .init(.update)],
      whenNotMatchedBySource: [.init(.delete, when: isTouched)]
    ) { matches in
      counts.unchanged = matches.matched[0]
      counts.updated = matches.matched[1]
      counts.deleted = matches.notMatchedBySource[0]
      counts.inserted = matches.inserted
      var transaction = progress("MERGE", batch, counts)
      transaction.actions += declared
      return transaction
    }
    context.tables.record(location, result.snapshot)
    return JobResult(candidates, counts, result.snapshot)
  }
}
