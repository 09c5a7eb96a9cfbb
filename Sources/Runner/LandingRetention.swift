import Basics
import DeltaLake
import Lakehouse
import Podium
import Storage

/// A landing file whose rows stand in a bronze table.
package struct TakenFile: Hashable, Sendable {
  /// Relative to the landing zone.
  package let path: String
  /// Bytes.
  package let size: Int64
}

extension Ledger {
  /// The files of a bronze table's landing folder that were taken in before a moment and have not
  /// changed since, by their content.
  package func takenFiles(
    _ source: LandingSource, _ state: TableState, before moment: Timestamp, _ lake: Lake
  ) throws -> [TakenFile] {
    let progress = LandingProgress(taken: state, quarantined: nil)
    return try LandingWalk(lake.landing, source.folder).files.compactMap { file in
      guard let taken = progress.taken[file.path],
        let time = state.transactions[LandingProgress.prefix + file.path]?.lastUpdated,
        // The clock may have been set back when one of the two was noted.
        max(time, file.modified.milliseconds) < moment.milliseconds
      else { return nil }
      let content = try hash(of: file) ?? lake.landing.contentHash(file.path).value
      guard content == taken else { return nil }
      return TakenFile(path: file.path, size: file.size)
    }
  }
}
