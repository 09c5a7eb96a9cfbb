import DeltaLake
import Engines
import Lakehouse
import Podium

/// What a table would hold after a run's commit, as queries over the run's rows and those that the
/// table has.
struct RowsAfter {
  /// The rows that the run adds or changes; the argument names the table's rows so far, nil where
  /// there are none.
  let staged: (_ target: String?) -> String
  /// The rows of the table that stay as they are; nil where none do.
  let kept: ((_ target: String) -> String)?
}

extension TableJob {
  /// The rows after an append.
  func addedRows(_ candidates: Candidates, _ batch: Batch) -> RowsAfter {
    let staged = passedRows(candidates.name)
    return RowsAfter(
      staged: { _ in staged }, kept: batch.rebuild ? nil : { "SELECT * FROM \($0)" })
  }

  /// The rows after a merge of the newest row of each key.
  func mergedRows(
    _ resolved: ResolvedRows, _ newestBy: String, _ batch: Batch, _ again: RowsAgain? = nil
  ) throws -> RowsAfter {
    let delete = Judgement.deleteColumn
    var alive = "NOT s.\(delete)"
    if let tombstones = try tombstoneRows(batch) {
      alive +=
        " AND NOT EXISTS (SELECT 1 FROM \(tombstones) AS t WHERE \(sameKey("s", "t")) AND "
        + "\(TableJob.newer(newestBy, "t", than: "s")))"
    }
    let names = sqlNames(table.storedSchema.names)
    let key = sameKey("s", "t")
    // What the rows of a replaced key come to is right, newer or not.
    func replaces(_ alias: String) -> String {
      (again?.replacedKeys).map { hasKey(alias, of: $0) } ?? "false"
    }
    let newer = beats(newestBy, "s", "t")
    return RowsAfter(
      staged: { target in
        let beaten = target.map {
          " AND NOT EXISTS (SELECT 1 FROM \($0) AS t WHERE \(key) AND NOT (\(newer) OR \(replaces("s"))))"
        }
        return "SELECT \(names) FROM (\(resolved.query)) AS s WHERE \(alive)\(beaten ?? "")"
      },
      kept: batch.rebuild
        ? nil
        : { target in
          "SELECT \(names) FROM \(target) AS t WHERE NOT EXISTS (SELECT 1 FROM "
            + "(\(resolved.query)) AS s WHERE \(key) AND \(newer)) AND NOT \(replaces("t"))"
        })
  }

  /// The deletions that the table remembers; nil where there are none or they are made anew.
  private func tombstoneRows(_ batch: Batch) throws -> String? {
    let location = TableLocation.tombstones(of: table)
    guard !batch.rebuild, table.write.deleteWhen != nil,
      let state = try context.tables.snapshot(location, session), !state.files.isEmpty
    else { return nil }
    let delta = context.tables.table(location, session)
    return try DuckDBParquet(session).scan(delta.scan(state)).name
  }

  /// The rows after the states of some keys were told anew.
  func historyRows(_ states: String, _ batch: Batch, _ again: RowsAgain?) -> RowsAfter {
    let staged = "SELECT \(sqlNames(table.storedSchema.names)) FROM \(states) WHERE _opens"
    guard !batch.rebuild, let keys = again?.replacedKeys else {
      return RowsAfter(staged: { _ in staged }, kept: nil)
    }
    let same = sameKey("k", "t")
    return RowsAfter(
      staged: { _ in staged },
      kept: {
        "SELECT * FROM \($0) AS t WHERE NOT EXISTS (SELECT 1 FROM \(keys) AS k WHERE \(same))"
      })
  }

  /// The rows after repeats were left out; those within reach of new rows count as changed.
  func distinctRows(_ chains: String, _ batch: Batch) -> RowsAfter {
    let staged = "SELECT \(sqlNames(table.storedSchema.names)) FROM \(chains) WHERE _starts"
    let same = "\(sameKey("c", "t")) AND \(TableJob.samePlace("c", "t"))"
    return RowsAfter(
      staged: { _ in staged },
      kept: batch.rebuild
        ? nil
        : {
          "SELECT * FROM \($0) AS t WHERE NOT EXISTS (SELECT 1 FROM \(chains) AS c WHERE \(same))"
        })
  }

  /// The rows after a derived table, or those of its rows that are touched, were computed anew.
  func replacedRows(
    _ candidates: Candidates, _ batch: Batch, _ touched: TouchedRows? = nil
  ) -> RowsAfter {
    let staged = passedRows(candidates.name)
    var kept: ((String) -> String)?
    if let touched {
      kept = { "SELECT * FROM \($0) AS k WHERE NOT \(touched.isTouched("k"))" }
    } else if let column = datePartition {
      kept = {
        "SELECT * FROM \($0) AS k WHERE k.\(sqlName(column)) <> DATE \(sqlLiteral(batch.asOf))"
      }
    }
    return RowsAfter(staged: { _ in staged }, kept: kept)
  }

  /// Makes of the parts a query for all rows afterwards, with the columns in the order of the schema.
  /// - Parameter predicate: what is certain of the rows that are wanted; files without such rows are
  ///   left out.
  func queries(
    _ rows: RowsAfter, matching predicate: Predicate? = nil
  ) throws -> (staged: String, result: String) {
    let names = sqlNames(table.storedSchema.names)
    guard let kept = rows.kept, let base = try snapshot(table), !base.files.isEmpty else {
      let staged = "SELECT \(names) FROM (\(rows.staged(nil))) AS s"
      return (staged, staged)
    }
    let parquet = DuckDBParquet(session)
    let all = try parquet.scan(delta.scan(base)).name
    let some =
      try predicate.map { try parquet.scan(delta.scan(base.files(matching: $0).files, base)).name }
      ?? all
    let staged = "SELECT \(names) FROM (\(rows.staged(all))) AS s"
    return (staged, "\(staged) UNION ALL SELECT \(names) FROM (\(kept(some))) AS k")
  }
}
