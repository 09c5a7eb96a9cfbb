import Basics
import DeltaLake
import Landing
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

/// The files of a table's landing folder, and how they are read.
package struct LandingFolder: Sendable {
  package let files: [LandingContent]
  /// The mapping of headers by which they are read now.
  package let mapping: HeaderMapping?
  /// True if files were taken in by another mapping, so that some may have other headers.
  package let isRemapped: Bool
}

extension Runner {
  /// What a table's landing folder holds; nil where it has none.
  package func landingFolder(of table: Table) throws -> LandingFolder? {
    guard let source = table.landing else { return nil }
    let context = context(for: RunRequest(asOf: CivilDate(daysSinceEpoch: 0)))
    let taken = try context.state(.of(table))
    let progress = LandingProgress(
      taken: taken, quarantined: try context.state(.quarantinedFiles))
    let mapping = MappingState(table, source, lake.landing, taken: taken)
    // It saves hashing files that did not change; without it they are read.
    let ledger = try (try? Ledger.reading(lake)) ?? .empty()
    let known = ledger.hashes(in: source.folder)
    let walk = try LandingWalk(lake.landing, source.folder)
    let files = try walk.files.map { file in
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
    return LandingFolder(
      files: files, mapping: try mapping.mapping.get(), isRemapped: mapping.isChanged)
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
