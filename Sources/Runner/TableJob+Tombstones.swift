import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium

extension TableJob {
  private func tombstoneSchema(_ newestBy: String) -> Schema {
    let names = table.key + [newestBy, TechnicalColumn.file, TechnicalColumn.line]
    var seen: Set<String> = []
    return Schema(
      names.filter { seen.insert($0).inserted }.compactMap { table.storedSchema[$0] })
  }

  /// Takes out of the staged rows those that are older than a deletion of their key, and records
  /// the deletions among the rest.
  ///
  /// The record is committed before the table. That is safe: a deletion is only ever replaced by a
  /// newer one, so recording it twice changes nothing.
  /// - Returns: rows taken out.
  func applyTombstones(_ staged: String, _ newestBy: String, rebuild: Bool) throws -> Int64 {
    let location = TableLocation.tombstones(of: table)
    let existing = try context.tables.snapshot(location, session)
    let delta = context.tables.table(location, session)
    var taken: Int64 = 0
    if !rebuild, let existing, !existing.files.isEmpty {
      let relation = try DuckDBParquet(session).scan(delta.scan(existing))
      let before = try session.count("SELECT count(*) FROM \(staged)")
      try session.connection.execute(
        """
        DELETE FROM \(staged) AS source USING \(relation.name) AS t \
        WHERE \(sameKey("source", "t")) AND \(TableJob.newer(newestBy, "t", than: "source"))
        """)
      taken = before - (try session.count("SELECT count(*) FROM \(staged)"))
    }
    let schema = tombstoneSchema(newestBy)
    let deletions = try session.stage(
      "deletions",
      as: "SELECT \(sqlNames(schema.names)) FROM \(staged) WHERE \(Judgement.deleteColumn)")
    defer { session.drop(table: deletions) }
    let count = try session.count("SELECT count(*) FROM \(deletions)")
    guard count > 0 || rebuild && existing != nil else { return taken }
    let base =
      try existing
      ?? createSideTable(
        location, name: "\(table.name)_tombstones",
        "Deleted keys of \(table.name), with the place of their newest deletion.", schema)
    let after: Snapshot
    if rebuild || base.files.isEmpty {
      after = try delta.overwrite(
        Relation(deletions), base, transaction: transaction("OVERWRITE")
      ).snapshot
    } else {
      after = try delta.merge(
        Relation(deletions), base, keys: table.key,
        whenMatched: [.init(.update, when: TableJob.newer(newestBy, "source", than: "target"))]
      ) { _ in transaction("MERGE") }.snapshot
    }
    context.tables.record(location, after)
    return taken
  }
}
