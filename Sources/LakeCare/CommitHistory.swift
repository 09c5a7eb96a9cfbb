import Basics
import DeltaLake
import Lakehouse
import Podium
import Runner

/// The commits of one place, as far as a rollback must know them.
struct CommitHistory {
  struct Commit {
    let version: Int64
    let operation: String
    /// The run that wrote it.
    let run: String?
    /// The runs that it rolled back.
    let rolledBack: [String]
    /// True if rows, metadata or protocol changed.
    let changesTable: Bool
    /// True if rows went because the table keeps them for a time alone.
    let expires: Bool
    /// True for the last commit by which a person was forgotten.
    let forgets: Bool
    /// Progress marks that it carries.
    let marks: [SetTransaction]
  }

  let place: LakeCare.Place
  /// Oldest first.
  let commits: [Commit]

  /// A member of `commitInfo`: the rollback that wrote the commit.
  static let operationTag = CommitTag.operation
  /// The runs that it rolled back, apart by blanks.
  static let rolledBackTag = "podiumRolledBack"

  /// Runs whose work was rolled back here, with the version that did it.
  var undone: [String: Int64] {
    var undone: [String: Int64] = [:]
    for commit in commits { for run in commit.rolledBack { undone[run] = commit.version } }
    return undone
  }

  /// The forgettings of persons, by their ids.
  var forgettings: [String] { commits.compactMap { $0.forgets ? $0.run : nil } }

  /// The first version that a run wrote and that stands.
  func first(of run: String) -> Int64? { commits.first { $0.run == run }?.version }
}

extension LakeCare {
  /// The commits of all places whose logs still have them.
  func histories() throws -> [CommitHistory] {
    try existing(places).map { place in
      let delta = delta(place.location)
      let commits = try delta.history().reversed().map { entry -> CommitHistory.Commit in
        let actions = try delta.actions(of: entry.version) ?? []
        let rolledBack = entry.info?[CommitHistory.rolledBackTag]?.string ?? ""
        return CommitHistory.Commit(
          version: entry.version, operation: entry.operation ?? "unknown",
          run: entry.info?[CommitTag.run]?.string,
          rolledBack: rolledBack.split(separator: " ").map(String.init),
          changesTable: actions.contains(where: \.changesTable),
          expires: entry.info?[CommitTag.maintenance]?.bool ?? false,
          forgets: entry.info?[CommitTag.forgets]?.bool ?? false,
          marks: actions.compactMap { action in
            if case .txn(let mark) = action { return mark }
            return nil
          })
      }
      return CommitHistory(place: place, commits: commits)
    }
  }
}
