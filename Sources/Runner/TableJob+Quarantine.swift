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
  /// rows of one date, and one of which some rows are computed anew, or read again, judges these.
  func quarantine(
    _ candidates: Candidates, _ batch: Batch, touched: TouchedRows? = nil,
    again: RowsAgain? = nil
  ) throws {
    let location = TableLocation.quarantine(of: table)
    let existing = try context.tables.snapshot(location, session)
    let marks = marks(of: batch)
    if !batch.rebuild, batch.recordsProgress, let existing,
      marks.allSatisfy({ mark in
        existing.transactions[mark.appId]?.version == mark.version
      })
    {
      return
    }
    let replaces = batch.rebuild || touched != nil || again != nil
    guard candidates.quarantined > 0 || replaces && existing.map({ !$0.files.isEmpty }) == true
    else { return }
    var transaction = transaction(replaces ? "OVERWRITE" : "WRITE", blindAppend: !replaces)
    transaction.actions = marks.map(Action.txn)
    let delta = context.tables.table(location, session)
    let base =
      try existing
      ?? createSideTable(
        location, "Rows of \(table.name) that failed a rule, with the rules' names.",
        table.quarantineSchema)
    let updated = try withSchema(base, table.quarantineSchema, &transaction)
    let others = replaces ? try otherRows(batch, touched, again, delta, updated) : ""
    let rows = Relation("(\(quarantineQuery(candidates))\(others))")
    let result =
      replaces
      ? try delta.overwrite(rows, updated, transaction: transaction, replacing: base.orderedFiles)
      : try delta.append(rows, updated, transaction: transaction)
    context.tables.record(location, result.snapshot)
  }

  /// The quarantined rows that were not judged anew, to be added to a query: those of other business
  /// dates, without touched values, or not read again; empty where all were.
  private func otherRows(
    _ batch: Batch, _ touched: TouchedRows?, _ again: RowsAgain?, _ delta: DeltaTable,
    _ snapshot: Snapshot
  ) throws -> String {
    let condition: String
    if let again {
      condition = "NOT \(again.holds("q"))"
    } else if let touched {
      condition = "NOT \(touched.isTouched("q"))"
    } else if let column = datePartition {
      condition = "\(sqlName(column)) <> DATE \(sqlLiteral(batch.asOf))"
    } else {
      return ""
    }
    let rows = try DuckDBParquet(session).scan(delta.scan(snapshot))
    return " UNION ALL SELECT \(sqlNames(table.quarantineSchema.names)) FROM \(rows.name) AS q "
      + "WHERE \(condition)"
  }

  func quarantineQuery(_ candidates: Candidates) -> String {
    let origin =
      table.carriesOrigin
      ? "\(TechnicalColumn.file), \(TechnicalColumn.line)"
      : "CAST(NULL AS VARCHAR) AS \(TechnicalColumn.file), "
        + "CAST(NULL AS BIGINT) AS \(TechnicalColumn.line)"
    return """
      SELECT \(sqlNames(table.queriedSchema.names)), \
      \(candidates.judgement.failedRules([.quarantine])) AS \(TechnicalColumn.failedRules), \(origin), \
      \(sqlLiteral(context.run)) AS \(TechnicalColumn.run), \
      \(context.lake.clock.now().sql) AS \(TechnicalColumn.quarantinedAt) \
      FROM \(candidates.name) AS q \
      WHERE \(Judgement.verdictColumn) = \(Judgement.Verdict.quarantined.rawValue)
      """
  }

  /// Creates a table that Podium keeps beside the declared one, empty.
  func createSideTable(
    _ location: TableLocation, name: String? = nil, _ about: String, _ schema: Schema
  ) throws -> Snapshot {
    try context.lake.store(location).createFolder("")
    let metadata = Metadata(
      id: randomUUID(), name: name ?? location.name, description: about, schema: schema,
      createdTime: context.lake.clock.now().milliseconds)
    return try context.tables.table(location, session)
      .create(metadata, transaction: transaction("CREATE TABLE"))
  }

  /// A state with another schema, and the action that makes it so; the same state where the schema
  /// is right already.
  func withSchema(
    _ base: Snapshot, _ schema: Schema, _ transaction: inout Transaction
  ) throws -> Snapshot {
    guard base.schema != schema else { return base }
    let metadata = base.metadata.with(schema)
    transaction.actions += base.actions(for: metadata)
    return try base.with(metadata)
  }
}

extension Metadata {
  /// The same with another schema.
  func with(_ schema: Schema) -> Metadata {
    Metadata(
      id: id, name: name, description: description, schema: schema,
      partitionColumns: partitionColumns, configuration: configuration, createdTime: createdTime)
  }
}
