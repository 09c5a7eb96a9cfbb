import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium
import Storage

extension TableJob {
  /// Deletes the person's records from a bronze table, and says of the landing files that were
  /// rewritten without them that their content is the one that was taken in.
  func eraseRecords(_ source: LandingSource, _ erasure: Erasure) throws {
    guard let base = try snapshot(table) else { return }
    var transaction = transaction("DELETE")
    for (file, before) in erasure.files.sorted(by: { $0.key < $1.key })
    where file.hasPrefix(source.folder + "/") {
      guard var mark = base.transactions[LandingProgress.prefix + file], mark.version == before,
        let now = try? context.lake.landing.contentHash(file).value, now != before
      else { continue }
      mark.version = now
      transaction.actions.append(.txn(mark))
    }
    var after = base
    if let owns = erasure.keys.owns(table) {
      after = try delta.delete(where: owns, base, transaction: transaction).snapshot
    }
    if after.version == base.version, !transaction.actions.isEmpty {
      after = try delta.commit(transaction, on: base)
    }
    context.tables.record(location, after)
  }

  /// Brings a derived table up to date with what went from its inputs.
  /// - Returns: why it is left to the next run; nil where it is up to date.
  func followErased(_ query: SQL, _ erasure: Erasure) throws -> String? {
    let decider = try TableJob.decider(table, query, context)
    // An earlier business date is not computed of rows that came after it.
    if query.readsBusinessDate, let reason = try unsettled(decider, erasure) { return reason }
    let decision = try decider.decide(context)
    switch decision {
    case .nothing: return nil
    case .touched, .rebuild(_, .inputChanged), .rebuild(_, .untraced):
      base = decider.state?.version ?? -1
      _ = try carryOut(decision, decider, query)
      return nil
    case .newRows, .retry, .rebuild: return decision.reason
    }
  }

  /// Takes the person's rows out of a table that is written row by row, and puts in their place what
  /// the other records of their keys come to.
  /// - Parameter places: files and lines of the person's records.
  /// - Returns: why it is left to the next run; nil where it is up to date.
  func eraseRows(_ query: SQL, _ erasure: Erasure, _ places: String?) throws -> String? {
    try TableJob.finishReplay(table, context)
    let decider = try TableJob.decider(table, query, context)
    if let reason = try unsettled(decider, erasure) { return reason }
    if let places, try changed(decider, erasure, { $0.onlyNew }) {
      base = decider.state?.version ?? -1
      let batch = erasedBatch(decider)
      if case .append = table.write {
        try eraseAppended(query, batch, places)
      } else {
        let groups = try stageKeys(query, erasure, places, batch)
        _ = try refreshRows(query, batch, again: rowsOfKeys(groups, places, query, batch))
      }
    }
    // Rules may refer to what is gone.
    let next = try TableJob.decider(table, query, context)
    let decision = try next.decide(context)
    guard decision.works else { return nil }
    if case .rebuild(_, let reason) = decision { return reason.description }
    base = next.state?.version ?? -1
    _ = try carryOut(decision, next, query)
    return nil
  }

  /// Why the table cannot follow by parts; nil where it was up to date before the person's rows went.
  private func unsettled(_ decider: Decider, _ erasure: Erasure) throws -> String? {
    guard let state = decider.state,
      let computed = state.metadata.configuration[PropertyName.fingerprint]
    else { return Decision.Reason.notComputed.description }
    guard computed == Fingerprint.of(table) else {
      return Decision.Reason.declarationChanged.description
    }
    if let outside = decider.outside { return outside.description }
    if let open = try Batch.pending(table, in: context.batches) {
      return Decision.Reason.unfinished(run: open.run).description
    }
    for (input, other) in decider.inputs {
      guard let other else { continue }
      guard let consumed = decider.consumed(input, other) else {
        return Decision.Reason.inputChanged([input.table.name]).description
      }
      let before = erasure.versions[input.table.name] ?? -1
      if consumed < before, context.rowsChanged(input.table, consumed, before) {
        return "it had not read all of \(input.table.name)"
      }
    }
    return nil
  }

  /// True if an input of a kind lost rows that the table has consumed.
  private func changed(
    _ decider: Decider, _ erasure: Erasure, _ kind: (SQL.Input) -> Bool
  ) throws -> Bool {
    decider.inputs.contains { input, other in
      guard kind(input), let other, let consumed = decider.consumed(input, other) else {
        return false
      }
      let before = max(consumed, erasure.versions[input.table.name] ?? -1)
      return before < other.version && context.rowsChanged(input.table, before, other.version)
    }
  }

  /// A batch in which all that the inputs hold now was consumed, apart from what rules refer to.
  private func erasedBatch(_ decider: Decider) -> Batch {
    Batch(
      run: context.run, fingerprint: Fingerprint.of(table),
      inputs: decider.inputs.compactMap { input, other in
        guard let other, let consumed = decider.consumed(input, other) else { return nil }
        let version = input.onlyNew ? other.version : consumed
        return Batch.Input(
          name: input.table.name, identity: other.metadata.id, from: version, to: version,
          onlyNew: input.onlyNew)
      }, rebuild: false, asOf: context.asOf.description, quarantine: decider.quarantine)
  }

  /// Deletes the rows of a table to which rows are only added, and reads again what else stands on
  /// their lines.
  ///
  /// The second commit carries the progress: where it is missing, both are done again.
  private func eraseAppended(_ query: SQL, _ batch: Batch, _ places: String) throws {
    var others: Int64 = 0
    for input in batch.inputs where input.onlyNew {
      guard let source = table.upstream.first(where: { $0.name == input.name }) else { continue }
      let rows = try DuckDBParquet(session).scan(
        delta(of: source).scan(state(of: source, version: input.to)))
      others += try session.count(
        """
        SELECT count(*) FROM \(rows.name) AS o WHERE \(TableJob.stands("o", in: places))
        """)
    }
    let isErased = TableJob.stands("target", in: places)
    guard others > 0 else {
      return try delete(isErased, at: location, progress("DELETE", batch, RowCounts()))
    }
    try delete(isErased, at: location, transaction("DELETE"))
    _ = try refreshRows(
      query, batch,
      again: RowsAgain(places: places, count: others, isMeant: "true", replacedKeys: nil))
  }

  /// The columns by which rows of the table decide on each other.
  private var decidingColumns: [String] {
    if case .deduplicate(let columns, _, _) = table.write { return columns }
    return table.key
  }

  /// A temporary table of the keys that the person's records have, as the inputs were before.
  private func stageKeys(
    _ query: SQL, _ erasure: Erasure, _ places: String, _ batch: Batch
  ) throws -> String {
    for input in query.inputs {
      guard input.onlyNew, let version = erasure.versions[input.table.name] else {
        try bindPinned(input.table, batch)
        continue
      }
      let rows = try DuckDBParquet(session).scan(
        delta(of: input.table).scan(state(of: input.table, version: version)))
      try bind(
        input,
        to: """
          SELECT * FROM \(rows.name) AS o WHERE \(TableJob.stands("o", in: places))
          """)
    }
    return try session.stage(
      "erased_keys",
      as: "SELECT DISTINCT \(sqlNames(decidingColumns)) FROM \(typedRows(query, batch))")
  }

  /// All records of some keys that are left, and those on the lines of the erased ones: what they come
  /// to replaces the keys' rows.
  private func rowsOfKeys(
    _ keys: String, _ erased: String, _ query: SQL, _ batch: Batch
  ) throws -> RowsAgain {
    for input in query.inputs where input.onlyNew {
      try bind(input, to: try consumedRows(of: input, batch) ?? input.table.storedSchema.emptyQuery)
    }
    var isSame = "="
    if case .deduplicate = table.write { isSame = "IS NOT DISTINCT FROM" }
    let same = decidingColumns.map { "k.\(sqlName($0)) \(isSame) q.\(sqlName($0))" }
      .joined(separator: " AND ")
    let isMeant = "EXISTS (SELECT 1 FROM \(keys) AS k WHERE \(same))"
    let places = try session.stage(
      "places",
      as: """
        SELECT DISTINCT \(TechnicalColumn.file), \(TechnicalColumn.line) \
        FROM \(typedRows(query, batch)) WHERE \(isMeant) \
        OR \(TableJob.stands("q", in: erased))
        """)
    var again = RowsAgain(
      places: places, count: try session.count("SELECT count(*) FROM \(places)"),
      isMeant: isMeant, replacedKeys: keys)
    if case .deduplicate = table.write { again.replacesGroups = true }
    return again
  }
}
