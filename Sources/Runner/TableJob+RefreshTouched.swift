import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium

extension TableJob {
  /// Computes anew those rows of a derived table that a batch's changes touch, or all where it is not
  /// certain which these are.
  func refreshTouched(_ query: SQL, _ batch: Batch, _ decider: Decider) throws -> JobResult {
    switch try step(.trace, { try findTouched(query, batch) }) {
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
    try step(.bind, rows: { touched.changes }) {
      for input in query.inputs { try bindTouched(input, touched, batch) }
      try bindReferences(query, batch)
    }
    var candidates = try step(.stage, rows: \.total) {
      try stageCandidates(query, asOf: batch.asOf, read: touched.changes, touched: touched)
    }
    try enforce(candidates, deduplicated: 0)
    try checkKey(candidates)
    try reconcile(candidates, batch, touched)
    candidates.failures += try judgeTable(
      replacedRows(candidates, batch, touched), candidates, batch)
    if batch.recordsProgress { try batch.store(table, in: context.batches) }
    try step(.quarantine, rows: { candidates.quarantined }) {
      try quarantine(candidates, batch, touched: touched)
    }
    var counts = RowCounts()
    counts.read = touched.changes
    counts.filtered = candidates.filtered
    counts.quarantined = candidates.quarantined
    let result = try step(.write, rows: \.written) {
      table.partitionedBy == touched.columns.map(\.name)
        ? try replacePartitions(touched, candidates, batch, counts)
        : try mergeTouched(touched, candidates, batch, counts)
    }
    try Batch.remove(table, from: context.batches)
    return result
  }

  /// Records that a batch was consumed which changed no row.
  private func recordProgress(_ batch: Batch) throws -> JobResult {
    guard let base = try snapshot(table) else {
      throw RunError.other("\(table.name) is not there any more")
    }
    var transaction = try progress("REFRESH", batch, RowCounts())
    let target = try withDeclaration(base, &transaction)
    let after = try delta.commit(transaction, on: target)
    context.tables.record(location, after)
    try Batch.remove(table, from: context.batches)
    return JobResult(
      counts: RowCounts(), failures: [], version: after.version, rows: after.rowCount)
  }

  /// Binds an input at the version that the batch pins, without rows that the touched ones do not
  /// depend on, as far as that is known.
  func bindTouched(
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
    try searches(files)
    let scan = try delta(of: input.table).scan(files, state)
    let relation = try DuckDBParquet(session).scan(scan)
    let names = input.table.declaredSchema.names
    let condition = values.map(touched.read.contains).joined(separator: " OR ")
    // A server may read more than is needed: the result is looked through for touched rows anyway.
    try bind(
      input, to: "SELECT \(sqlNames(names)) FROM \(relation.name) AS r WHERE \(condition)",
      as: .scan(scan, columns: names))
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
    let schema = input.table.declaredSchema
    return state.files(matching: .any(limits.map { touched.read.predicate($0, schema) })).files
  }

  /// Replaces the partitions that are touched by the good rows.
  private func replacePartitions(
    _ touched: TouchedRows, _ candidates: Candidates, _ batch: Batch, _ counts: RowCounts
  ) throws -> JobResult {
    var counts = counts
    let values = try session.connection.query(
      "SELECT DISTINCT CAST(\(TouchedValues.column(0)) AS VARCHAR) FROM \(touched.values.table)"
    ).rows().map { $0[0].string }
    let column = touched.columns[0]
    let predicate = Predicate.any(values.map { Predicate(column, equals: $0) })
    let replaced = try snapshot(table)?.files(matching: predicate).files ?? []
    let gone = Set(replaced.map(\.key))
    try compare(candidates, replaced, &counts)
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
    var counts = counts
    try searches(existing.orderedFiles)
    let result = try delta.merge(
      source, base, keys: table.key,
      whenMatched: [.init(.keep, when: same.isEmpty ? "true" : same), .init(.update)],
      whenNotMatchedBySource: [.init(.delete, when: touched.isTouched("target"))],
      among: touched.values.predicate(touched.columns.map { .named($0.name) }, base.schema)
    ) { matches in
      counts.unchanged = matches.matched[0]
      counts.updated = matches.matched[1]
      counts.deleted = matches.notMatchedBySource[0]
      counts.inserted = matches.inserted
      var transaction = try progress("MERGE", batch, counts)
      transaction.actions += declared
      return transaction
    }
    context.tables.record(location, result.snapshot)
    return JobResult(candidates, counts, result.snapshot)
  }
}
