import Basics
import DeltaLake
import Engines
import Landing
import Lakehouse
import Podium

extension TableJob {
  /// Records files that could not be read, each once for its content; a file that changes is read
  /// again by the next run.
  func quarantineFiles(_ source: LandingSource, _ refused: [(LandingError, Int64)]) throws {
    guard !refused.isEmpty else { return }
    let location = TableLocation.quarantinedFiles
    let delta = context.tables.table(location, session)
    let now = context.lake.clock.now()
    let rows = refused.map { error, hash in
      let texts = [
        source.folder, error.file, error.code.rawValue, error.description,
      ].map(sqlLiteral)
      let line = error.place.map { String($0.line) } ?? "NULL"
      return "(\(texts.joined(separator: ", ")), \(line), \(sqlLiteral(String(hash, radix: 16))))"
    }
    let query = """
      SELECT *, \(sqlLiteral(context.run)) AS \(TechnicalColumn.run), \
      \(now.sql) AS \(TechnicalColumn.quarantinedAt) FROM (VALUES \(rows.joined(separator: ", "))) \
      AS v(source, file, code, reason, line, content_hash)
      """
    let base = try context.tables.snapshot(location, session) ?? createQuarantinedFiles(location)
    var transaction = transaction("WRITE", blindAppend: true)
    transaction.actions = refused.map { error, hash in
      .txn(LandingProgress.mark(error.file, hash, at: now))
    }
    let result = try delta.append(Relation("(\(query))"), base, transaction: transaction)
    context.tables.record(location, result.snapshot)
  }

  /// Several tables of a run may need the first quarantined file at the same time; one creates the
  /// table, the others find it.
  private func createQuarantinedFiles(_ location: TableLocation) throws -> Snapshot {
    do {
      return try createSideTable(
        location, "Landing files that could not be read, with the reasons.", .quarantinedFiles)
    } catch DeltaError.conflict {
      return try context.tables.table(location, session).snapshot()
    }
  }
}
