import Basics
import DeltaLake
import Lakehouse
import Podium
import Storage

/// A landing file and what runs made of its content.
package struct LandingContent: Hashable, Sendable {
  /// What was made of it.
  package enum Fate: Hashable, Sendable {
    /// Its records stand in bronze; the hash of its content.
    case taken(Int64)
    /// It could not be read.
    case refused
    /// It is new, or has other content than the one that was taken in.
    case pending
  }

  /// Relative to the landing zone.
  package let path: String
  /// Bytes.
  package let size: Int64
  package let fate: Fate
}

extension Runner {
  /// The files of a table's landing folder.
  package func landingContents(of table: Table) throws -> [LandingContent] {
    guard let source = table.landing else { return [] }
    let context = context(for: RunRequest(asOf: CivilDate(daysSinceEpoch: 0)))
    let progress = LandingProgress(
      taken: try context.state(.of(table)), quarantined: try context.state(.quarantinedFiles))
    // It saves hashing files that did not change; without it they are read.
    let ledger = try (try? Ledger.reading(lake)) ?? .empty()
    let known = ledger.hashes(in: source.folder)
    let walk = try LandingWalk(lake.landing, source.folder)
    return try walk.files.map { file in
      var fate = LandingContent.Fate.pending
      if let before = progress.taken[file.path] ?? progress.quarantined[file.path] {
        let hash = try known[file] ?? lake.landing.contentHash(file.path).value
        if progress.taken[file.path] == hash {
          fate = .taken(hash)
        } else if before == hash || progress.quarantined[file.path] == hash {
          fate = .refused
        }
      }
      return LandingContent(path: file.path, size: file.size, fate: fate)
    }
  }

  /// Takes the records of a person out of the record of rows that were given up.
  /// - Parameter dryRun: only counts.
  /// - Returns: how many there were.
  package func forgetDropped(_ erasure: Erasure, dryRun: Bool) throws -> Int64 {
    guard lake.environment == nil, try DeltaTable.exists(in: lake.store(.droppedRows)),
      let table = graph.ordered.first(where: { $0.landing != nil })
    else { return 0 }
    var request = RunRequest(asOf: CivilDate(daysSinceEpoch: 0))
    request.id = erasure.id
    let job = try TableJob(context(for: request), table)
    guard let state = try job.context.tables.snapshot(.droppedRows, job.session),
      let places = try job.stageErased(
        graph.ordered.filter { $0.landing != nil }, erasure, alone: true)
    else { return 0 }
    let condition =
      "EXISTS (SELECT 1 FROM \(places) AS p WHERE p.\(TechnicalColumn.file) = target.file "
      + "AND p.\(TechnicalColumn.line) = target.line)"
    let delta = job.context.tables.table(.droppedRows, job.session)
    let relation = try DuckDBParquet(job.session).scan(delta.scan(state))
    let rows = try job.session.count(
      "SELECT count(*) FROM \(relation.name) AS target WHERE \(condition)")
    if rows > 0, !dryRun {
      try job.delete(condition, at: .droppedRows, job.transaction("DELETE"))
    }
    return rows
  }
}
