import Basics
import DeltaLake
import Lakehouse
import Podium
import Storage

/// A version of a table that changed its rows or columns and that no run committed.
public struct OutsideCommit: Hashable, Sendable {
  public let version: Int64
  /// What was done, as the commit calls it.
  public let operation: String?
  /// Who did it, as the commit says.
  public let engine: String?
}

extension OutsideCommit: CustomStringConvertible {
  /// `version 7 (DELETE by delta-rs)`.
  public var description: String {
    let words = [operation, engine.map { "by \($0)" }].compactMap(\.self)
    return "version \(version)" + (words.isEmpty ? "" : " (\(words.joined(separator: " ")))")
  }
}

/// What others did to a table since the last run that worked on it, and what a run makes of it.
public struct OutsideChange: Hashable, Sendable {
  /// What becomes of the rows that others wrote, changed or took.
  public enum Effect: Hashable, Sendable {
    /// The table is computed anew from its inputs.
    case undone
    /// They stay: what a landing table holds is what is computed from.
    case followed
    /// They stay: a table that keeps its history may hold what its inputs no longer do.
    case kept
  }

  /// Oldest first.
  public let commits: [OutsideCommit]
  public let effect: Effect

  /// - Returns: nil where nothing was done.
  init?(_ table: Table, _ commits: [OutsideCommit]) {
    guard !commits.isEmpty else { return nil }
    self.commits = commits
    effect = table.query == nil ? .followed : table.keepsHistory ? .kept : .undone
  }
}

extension OutsideChange {
  /// What a plan has to say beside its reasons: a table that is computed anew has one.
  var remarks: [String] { effect == .undone ? [] : [description] }
}

extension OutsideChange: CustomStringConvertible {
  public var description: String {
    let shown = commits.prefix(3).map(\.description)
    let more = commits.count > 3 ? ["\(commits.count - 3) more"] : []
    return "it was changed outside of runs, by \((shown + more).joined(separator: ", ")); "
      + {
        switch effect {
        case .undone: "its rows are computed anew from its inputs"
        case .followed: "the tables below follow its rows as they are now"
        case .kept:
          "what was changed stays, since it keeps its history. "
            + "\(CommandHint.command("run TABLE --full-refresh")) computes it anew"
        }
      }()
  }
}

extension OutsideChange {
  /// The versions with what was done and by whom, as far as they say.
  public var json: JSON {
    .array(
      commits.map {
        [
          "version": .int($0.version), "operation": .optional($0.operation),
          "engine": .optional($0.engine),
        ]
      })
  }
}

/// Members of `commitInfo` by which Podium tells its own commits.
package enum CommitTag {
  /// The run that wrote the commit.
  package static let run = "podiumRun"
  /// The table's version on which that run decided what to do; −1 where there was no table.
  package static let base = "podiumBase"
  /// The rollback or promotion that wrote the commit.
  package static let operation = "podiumOperation"
  /// True for the last commit by which a person was forgotten: nothing before it can be read.
  package static let forgets = "podiumForgets"
  /// True for a commit of maintenance that deleted rows as the table declares.
  package static let maintenance = "podiumMaintenance"
}

extension RunContext {
  /// The versions of a table that no run committed and that no run has dealt with, oldest first.
  ///
  /// The log is read backwards from `newest`. A commit of a run ends the search at the version on
  /// which that run decided: whatever stood there, it has seen. A rollback is read as the version that
  /// it brings back. Commits that are gone tell nothing.
  func outsideCommits(_ table: Table, newest: Int64) throws -> [OutsideCommit] {
    var found: [OutsideCommit] = []
    var version = newest
    var last: Int64 = 0
    let store = lake.store(.of(table))
    while version >= last {
      guard let info = try commitInfo(version, in: store) else { break }
      if info[CommitTag.run]?.string != nil {
        guard let base = info[CommitTag.base]?.int else { break }
        last = max(last, base + 1)
      } else if info[CommitTag.operation]?.string != nil {
        let restored = info["operationParameters"]?["version"]?.string.flatMap { Int64($0) }
        guard let restored, restored < version else { break }
        version = restored
        continue
      } else if info[CommitTag.maintenance]?.bool != true,
        try changesRows(table, version)
      {
        found.append(
          OutsideCommit(
            version: version, operation: info["operation"]?.string,
            engine: (info["engineInfo"] ?? info["clientVersion"])?.string))
      }
      version -= 1
    }
    return found.reversed()
  }

  /// What others changed of a table since the last run that worked on it; nil for nothing.
  func outsideChange(_ table: Table, _ state: TableState?) throws -> OutsideChange? {
    try state.flatMap { OutsideChange(table, try outsideCommits(table, newest: $0.version)) }
  }

  /// The last version up to which every change of a table's rows is a run's work or known to one.
  func lastSeen(_ table: Table) throws -> Int64 {
    guard let newest = try state(.of(table))?.version else { return -1 }
    return try outsideCommits(table, newest: newest).first.map { $0.version - 1 } ?? newest
  }

  /// What a commit says of itself, an empty object where it says nothing; nil where it is gone.
  private func commitInfo(_ version: Int64, in store: any ObjectStore) throws -> JSON? {
    let path = DeltaTable.commitPath(version)
    let bytes: [UInt8]
    do {
      // Podium's own commits begin with it; those of a run need not be read further.
      let start = try store.read(path, range: 0..<8192)
      if let end = start.firstIndex(of: 0x0A), let json = try? JSON(parsing: Array(start[..<end])),
        let info = json["commitInfo"]
      {
        return info
      }
      bytes = try store.read(path)
    } catch {
      guard error.code == .notFound else { throw error }
      return nil
    }
    for line in bytes.split(separator: 0x0A) {
      if let json = try? JSON(parsing: Array(line)), let info = json["commitInfo"] { return info }
    }
    return [:]
  }

  /// True if a commit changed rows or, of a computed table, columns.
  private func changesRows(_ table: Table, _ version: Int64) throws -> Bool {
    let delta = lake.table(.of(table)) { [engine] in DuckDBParquet(try engine.session()) }
    return try (delta.actions(of: version) ?? []).contains { action in
      switch action {
      case .add(let file): return file.dataChange
      case .remove(let file): return file.dataChange
      case .metaData(let metadata):
        // Bronze keeps columns that it has more than declared.
        guard table.query != nil else { return false }
        let schema = try? Schema(parsing: metadata.schemaString)
        return schema?.names != table.storedSchema.names
          || schema?.fields.map(\.type) != table.storedSchema.fields.map(\.type)
          || metadata.partitionColumns != table.storedPartitions
      default: return false
      }
    }
  }
}
