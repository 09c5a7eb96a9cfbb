import DeltaLake
import Engines
import Lakehouse
import Podium

/// Rows that an earlier run consumed and this one reads once more.
struct RowsAgain {
  /// A temporary table of their files and lines.
  let places: String
  let count: Int64
  /// A condition over the query's rows, as `q`: a line may hold other records, which passed before and
  /// stay as they are.
  let isMeant: String
  /// A temporary table of keys all of whose rows are read again, so that what they come to replaces the
  /// key's row, newer or not; nil where rows can only be gained.
  let replacedKeys: String?
  /// True if these are values of the columns by which repeats are told.
  var replacesGroups = false

  /// A condition that a row comes from one of the places.
  func holds(_ alias: String) -> String { TableJob.stands(alias, in: places) }
}

/// Which consumed rows have to be judged again.
enum JudgedAgain {
  case none
  case rows(RowsAgain)
  /// All of them; why.
  case whole(Decision.Reason)
}

extension TableJob {
  /// Finds the rows that tables referred to by rules now admit or no longer do.
  ///
  /// Where values only came into being, these rows wait in quarantine. Where values vanished, or a rule
  /// drops rows without a trace, the inputs are searched for them, and all rows of their keys are read
  /// again: an older row of the key may be the newest good one now.
  func rowsToJudgeAgain(_ query: SQL, _ batch: Batch) throws -> JudgedAgain {
    guard !batch.rebuild else { return .none }
    if case .history = table.write { return try ofHistories(query, batch) }
    let referred = table.referred.map(\.name)
    let changed = batch.inputs.filter { $0.from != $0.to && referred.contains($0.name) }.map(\.name)
    guard !changed.isEmpty else { return .none }
    guard let all = try parentChanges(batch) else { return .whole(.inputRewritten(changed[0])) }
    let changes = all.filter { $0.anyAppeared || $0.anyVanished }
    guard !changes.isEmpty else { return .none }
    guard changes.contains(where: { $0.anyVanished || $0.rule.action == .drop }) else {
      return try waiting(changes, batch)
    }
    guard case .upsert = table.write else { return .whole(.inputChanged(changed)) }
    do { return try ofTouchedKeys(query, changes, batch) } catch let error as EngineError
      where error.code == .statement
    {
      // A row on which the query fails is found by the whole table's work alone.
      return .whole(.inputChanged(changed))
    }
  }

  /// The quarantined rows that refer to values which came into being.
  private func waiting(_ changes: [ParentChanges], _ batch: Batch) throws -> JudgedAgain {
    guard let version = batch.quarantine else { return .none }
    let location = TableLocation.quarantine(of: table)
    let delta = context.tables.table(location, session)
    let rows = try DuckDBParquet(session).scan(delta.scan(delta.snapshot(version: version)))
    let refers = changes.map { $0.refers("q", to: $0.appeared) }.joined(separator: " OR ")
    let places = try session.stage(
      "places",
      as: """
        SELECT DISTINCT \(TechnicalColumn.file), \(TechnicalColumn.line) FROM \(rows.name) AS q \
        WHERE \(TechnicalColumn.file) IS NOT NULL AND (\(refers))
        """)
    let count = try session.count("SELECT count(*) FROM \(places)")
    guard count > 0 else { return .none }
    return .rows(RowsAgain(places: places, count: count, isMeant: refers, replacedKeys: nil))
  }

  /// All consumed rows of the keys that new rows have, or that a changed value touches: the history
  /// of a key is told by all its rows.
  private func ofHistories(_ query: SQL, _ batch: Batch) throws -> JudgedAgain {
    guard let changes = try parentChanges(batch) else {
      return .whole(.inputRewritten(table.referred.first?.name ?? table.name))
    }
    do {
      for input in query.inputs where input.onlyNew {
        let pinned = batch.inputs.first { $0.name == input.table.name && $0.onlyNew }
        let rows = try pinned.map { "SELECT * FROM \(try newRows(of: input, $0).name)" }
        try bind(input, to: rows ?? input.table.storedSchema.emptyQuery)
      }
      let keys = try session.stage(
        "new_keys", as: "SELECT DISTINCT \(sqlNames(table.key)) FROM \(typedRows(query, batch))")
      return try ofTouchedKeys(
        query, changes.filter { $0.anyAppeared || $0.anyVanished }, batch, and: keys)
    } catch let error as EngineError where error.code == .statement {
      return .whole(.inputChanged(batch.inputs.filter { $0.from != $0.to }.map(\.name)))
    }
  }

  func typedRows(_ query: SQL, _ batch: Batch) -> String {
    "(SELECT \(table.querySchema.casts()) FROM (\n\(query.text(asOf: batch.asOf))\n) AS r) AS q"
  }

  /// All consumed rows of the keys that have a row which refers to a changed value.
  /// - Parameter known: a temporary table of further keys.
  private func ofTouchedKeys(
    _ query: SQL, _ changes: [ParentChanges], _ batch: Batch, and known: String? = nil
  ) throws -> JudgedAgain {
    for input in query.inputs where input.onlyNew {
      try bind(input, to: try consumedRows(of: input, batch) ?? input.table.storedSchema.emptyQuery)
    }
    let conditions = changes.flatMap { change in
      [change.appeared, change.vanished].map { change.refers("q", to: $0) }
    }
    let refers = conditions.isEmpty ? "false" : conditions.joined(separator: " OR ")
    let rows = typedRows(query, batch)
    let more = known.map { " UNION SELECT \(sqlNames(table.key)) FROM \($0)" } ?? ""
    let keys = try session.stage(
      "touched_keys",
      as: "SELECT DISTINCT \(sqlNames(table.key)) FROM \(rows) WHERE \(refers)\(more)")
    let isTouched = hasKey("q", of: keys)
    let places = try session.stage(
      "places",
      as: """
        SELECT DISTINCT \(TechnicalColumn.file), \(TechnicalColumn.line) FROM \(rows) \
        WHERE \(isTouched) OR \(refers)
        """)
    let count = try session.count("SELECT count(*) FROM \(places)")
    // A history is replaced by keys even where all rows of these are new.
    guard count > 0 || known != nil else { return .none }
    return .rows(
      RowsAgain(places: places, count: count, isMeant: isTouched, replacedKeys: keys))
  }

  /// A query for the rows of an input that were consumed before a batch; nil where there are none.
  ///
  /// A file may hold consumed rows and new ones, since compaction puts rows together; so the new ones
  /// are told by file and line.
  func consumedRows(
    of input: SQL.Input, _ batch: Batch, in files: [String]? = nil
  ) throws -> String? {
    guard let pinned = batch.inputs.first(where: { $0.name == input.table.name && $0.onlyNew }),
      pinned.from != nil
    else { return nil }
    let delta = delta(of: input.table)
    let state = try state(of: input.table, version: pinned.to)
    let named = StructField(TechnicalColumn.file, .string)
    let kept = files.map { files in
      state.files(matching: .any(files.map { Predicate(named, equals: $0) })).files
    }
    let rows = try DuckDBParquet(session).scan(delta.scan(kept ?? state.orderedFiles, state))
    let new = try newRows(of: input, pinned)
    return """
      SELECT * FROM \(rows.name) AS o WHERE NOT EXISTS (SELECT 1 FROM \(new.name) AS n \
      WHERE \(TableJob.samePlace("n", "o")))
      """
  }

  /// A query for the rows of an input that are read again.
  func rows(of input: SQL.Input, _ again: RowsAgain, _ batch: Batch) throws -> String? {
    let files = try session.connection.query(
      "SELECT DISTINCT \(TechnicalColumn.file) FROM \(again.places) LIMIT 1001"
    ).rows().compactMap { $0[0].string }
    return try consumedRows(of: input, batch, in: files.count > 1000 ? nil : files).map {
      """
      SELECT * FROM (\($0)) AS c WHERE \(again.holds("c"))
      """
    }
  }

  /// A condition that a row of an alias comes from one of the places of a table.
  static func stands(_ alias: String, in places: String) -> String {
    "EXISTS (SELECT 1 FROM \(places) AS p WHERE \(samePlace("p", alias)))"
  }

  /// A condition that the rows of two aliases come from the same line of the same file.
  static func samePlace(_ a: String, _ b: String) -> String {
    "\(a).\(TechnicalColumn.file) = \(b).\(TechnicalColumn.file) "
      + "AND \(a).\(TechnicalColumn.line) = \(b).\(TechnicalColumn.line)"
  }
}
