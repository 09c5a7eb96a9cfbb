import DeltaLake
import Landing
import Lakehouse
import Podium
import Storage

/// The mapping of headers by which a landing folder's files are read.
struct MappingState {
  /// The mapping; nil where the folder has none.
  let mapping: Result<HeaderMapping?, MappingError>
  /// True if files were taken in by another mapping than this one.
  let isChanged: Bool
  let folder: String

  /// The mark, in a commit, of the mapping by which its files were read; 0 stands for none.
  static let mark = "podium/mapping"

  init(_ table: Table, _ source: LandingSource, _ landing: any ObjectStore, taken: TableState?) {
    folder = source.folder
    do throws(MappingError) {
      let mapping = try table.headerMapping(in: landing)
      self.mapping = .success(mapping)
      let hasFiles = taken?.transactions.keys.contains { $0.hasPrefix(LandingMark.prefix) } ?? false
      let before = taken?.transactions[MappingState.mark]?.version ?? 0
      isChanged = hasFiles && before != mapping?.fingerprint ?? 0
    } catch {
      mapping = .failure(error)
      isChanged = false
    }
  }

  /// What somebody should know of it; nil where there is nothing.
  var remark: String? {
    switch mapping {
    case .failure(let error): return error.description
    case .success(let mapping):
      guard isChanged else { return nil }
      let file = "landing/\(folder)/\(HeaderMapping.fileName)"
      return
        (mapping == nil
        ? "\(file) is gone; files were taken in by it."
        : "\(file) is not what files were taken in by.")
        + " Their rows stay as they were read, and new files are read by "
        + (mapping == nil ? "the declared headers." : "the mapping as it is now.")
        + " A rollback of the run that took them in lets the next run read them anew."
    }
  }
}

extension Transaction {
  /// Notes the mapping by which the files of a commit were read, where that is another than before.
  mutating func note(_ mapping: HeaderMapping?, _ before: TableState?, _ time: Int64) {
    let version = mapping?.fingerprint ?? 0
    guard version != before?.transactions[MappingState.mark]?.version ?? 0 else { return }
    actions.append(
      .txn(SetTransaction(appId: MappingState.mark, version: version, lastUpdated: time)))
  }
}
