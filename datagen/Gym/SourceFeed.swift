import Basics
import Storage

/// Brings the rows of one source, day by day, into the files of a store.
///
/// One task at a time may use it.
final class SourceFeed: @unchecked Sendable {
  private(set) var writer: any SourceWriter
  private let store: any ObjectStore
  private let settings: GymSettings
  private var files = 0
  private var rows = 0
  private var bytes = 0

  init(_ writer: any SourceWriter, _ store: any ObjectStore, _ settings: GymSettings) {
    self.writer = writer
    self.store = store
    self.settings = settings
  }

  /// What was written so far.
  var written: GymSummary.Written {
    GymSummary.Written(source: writer.rows.source, files: files, rows: rows, bytes: bytes)
  }

  /// Makes the rows of a day.
  /// - Parameter writes: false for a day whose files are there already.
  func add(_ day: DayEvents, writes: Bool) throws {
    let before = writer.rows.rows
    writer.rows.beginDay()
    writer.write(day)
    let parts = writer.rows.endDay()
    guard writes else { return }
    for (index, part) in parts.enumerated() {
      let isCompressed = settings.format == .ndjsonLZ4 && !writer.rows.isCSV
      let file = isCompressed ? try LZ4Frame.compress(part) : part
      try store.put(path(day.day, part: parts.count > 1 ? index + 1 : nil), file)
      files += 1
      bytes += file.count
    }
    rows += writer.rows.rows - before
  }

  private func path(_ day: Int, part: Int?) -> String {
    let source = writer.rows.source
    let date = CivilDate(daysSinceEpoch: day).description
    let suffix = part.map { "_p\($0)" } ?? ""
    return "\(source.rawValue)/\(source.rawValue)_\(date)\(suffix)"
      + ".\(source.fileExtension(settings.format))"
  }
}
