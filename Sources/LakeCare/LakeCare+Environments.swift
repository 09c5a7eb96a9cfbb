import Basics
import DeltaLake
import Lakehouse
import Podium
import Runner
import Storage

/// An environment and what it holds.
public struct EnvironmentSummary: Hashable, Sendable {
  public let name: String
  /// The declared tables that it holds; all others it reads from production.
  public let tables: [TableName]
  /// Files of its own, and their bytes; promoted ones are shared with production.
  public let files: Int
  public let bytes: Int64
  /// When its newest run began, UTC; nil where none is on record.
  public let lastRun: String?
}

extension LakeCare {
  /// The lake's environments.
  public func environments() throws -> [EnvironmentSummary] {
    try lake.environments().map(summary)
  }

  /// What an environment holds; an error where there is none.
  public func summary(_ name: String) throws -> EnvironmentSummary {
    let staged = try environment(name)
    let root = lake.files.folder("", rights: .usual, followsLinks: false)
    let files = try folders(of: name).flatMap { try root.list($0 + "/") }
    let run = try? Ledger.reading(staged.lake)?.runs(limit: 1).first
    return EnvironmentSummary(
      name: name,
      tables: graph.ordered.map(\.name).filter { name in
        graph[name].map { staged.lake.owns(.of($0)) } ?? false
      }, files: files.count, bytes: files.reduce(0) { $0 &+ $1.size }, lastRun: run?.started)
  }

  /// Removes an environment with all that it holds; nothing of production.
  ///
  /// Its record goes last, so that one which was ended in the middle is still listed. The caller holds
  /// the environment's lock.
  public func drop(_ name: String) throws {
    _ = try environment(name)
    for folder in folders(of: name) { try lake.files.deleteFolder(folder) }
  }

  /// The folders that belong to an environment alone.
  private func folders(of name: String) -> [String] {
    (Layer.allCases.map(\.rawValue) + ["quarantine"]).map { "\(name)_\($0)" }
      + [".podium/environments/\(name)"]
  }
}
