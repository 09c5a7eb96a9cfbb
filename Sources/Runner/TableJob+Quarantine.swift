import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium

extension TableJob {
  /// Puts the rows that failed a rule into the table's quarantine, in one commit that carries the
  /// same progress as the table's own.
  ///
  /// A batch that is already there is not put there again. A rebuild replaces what the quarantine
  /// held, since all rows are judged anew; a table that depends on the business date judges the
  /// rows of one date.
  func quarantine(_ candidates: Candidates, _ batch: Batch) throws {
    let location = TableLocation.quarantine(of: table)
    let existing = try context.tables.snapshot(location, session)
    let marks = batch.inputs.map { input in
      SetTransaction(
        appId: TableJob.progressID(input.name, input.identity), version: input.to,
        lastUpdated: context.lake.clock.now().milliseconds)
    }
    if !batch.rebuild, let existing,
      marks.allSatisfy({ mark in
        existing.transactions[mark.appId]?.version == mark.version
      })
    {
      return
    }
    guard candidates.quarantined > 0 || batch.rebuild && existing.map({ !$0.files.isEmpty }) == true
    else { return }
    var transaction = transaction(
      batch.rebuild ? "OVERWRITE" : "WRITE", blindAppend: !batch.rebuild)
    transaction.actions = marks.map(Action.txn)
    let delta = context.tables.table(location, session)
    let base = try existing ?? createQuarantine(delta, location)
    let updated = try withSchema(base, table.quarantineSchema, &transaction)
    let others = batch.rebuild ? try otherDates(batch, delta, updated) : ""
    let rows = Relation("(\(quarantineQuery(candidates))\(others))")
    let result =
      batch.rebuild
      ? try delta.overwrite(rows, updated, transaction: transaction, replacing: base.orderedFiles)
      : try delta.append(rows, updated, transaction: transaction)
    context.tables.record(location, result.snapshot)
  }

  /// The quarantined rows of other business dates, to be added to a query; empty where the date does
  /// not matter.
  private func otherDates(
    _ batch: Batch, _ delta: DeltaTable, _ snapshot: Snapshot
  ) throws -> String {
    guard table.query?.readsBusinessDate == true, let column = table.partitionedBy.first else {
      return ""
    }
    let rows = try DuckDBParquet(session).scan(delta.scan(snapshot))
    let names = table.quarantineSchema.names.map(sqlName).joined(separator: ", ")
    return " UNION ALL SELECT \(names) FROM \(rows.name) "
      + "WHERE \(sqlName(column)) <> DATE \(sqlLiteral(batch.asOf))"
  }

  private func quarantineQuery(_ candidates: Candidates) -> String {
    let columns = table.declaredSchema.names.map(sqlName).joined(separator: ", ")
    let origin =
      table.carriesOrigin
      ? "\(TechnicalColumn.file), \(TechnicalColumn.line)"
      : "CAST(NULL AS VARCHAR) AS \(TechnicalColumn.file), "
        + "CAST(NULL AS BIGINT) AS \(TechnicalColumn.line)"
    let now = context.lake.clock.now().text(decimals: 6, separator: " ", zone: "+00")
    return """
      SELECT \(columns), \(candidates.judgement.failedRules([.quarantine])) \
      AS \(TechnicalColumn.failedRules), \(origin), \
      \(sqlLiteral(context.run)) AS \(TechnicalColumn.run), \
      TIMESTAMPTZ \(sqlLiteral(now)) AS \(TechnicalColumn.quarantinedAt) \
      FROM \(candidates.name) AS q \
      WHERE \(Judgement.verdictColumn) = \(Judgement.Verdict.quarantined.rawValue)
      """
  }

  private func createQuarantine(_ delta: DeltaTable, _ location: TableLocation) throws -> Snapshot {
    try context.lake.store(location).createFolder("")
    let metadata = Metadata(
      id: randomUUID(), name: location.name,
      description: "Rows of \(table.name) that failed a rule, with the rules' names.",
      schema: table.quarantineSchema, createdTime: context.lake.clock.now().milliseconds)
    return try delta.create(metadata, transaction: transaction("CREATE TABLE"))
  }

  /// A state with another schema, and the action that makes it so; the same state where the schema
  /// is right already.
  func withSchema(
    _ base: Snapshot, _ schema: Schema, _ transaction: inout Transaction
  ) throws -> Snapshot {
    guard base.schema != schema else { return base }
    let old = base.metadata
    let metadata = Metadata(
      id: old.id, name: old.name, description: old.description, schema: schema,
      partitionColumns: old.partitionColumns, configuration: old.configuration,
      createdTime: old.createdTime)
    transaction.actions.append(.metaData(metadata))
    return try base.with(metadata)
  }
}
