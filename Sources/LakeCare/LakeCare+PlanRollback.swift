import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium
import Runner
import Storage

extension LakeCare {
  /// Finds out what a rollback has to do, without doing any of it.
  ///
  /// It is refused where it would lose rows or the work of others. The caller holds the lake's lock if the plan is to be carried out.
  public func planRollback(_ request: RollbackRequest) throws -> Rollback {
    let histories = try histories()
    let run = try find(request.run, histories)
    // An id begins with its moment.
    if let forgetting = histories.flatMap(\.forgettings).max(), run <= forgetting {
      throw RollbackError.beforeForgetting(run, forgetting: forgetting)
    }
    let undone = Set(histories.flatMap { $0.undone.keys })
    for history in histories {
      guard let version = history.undone[run] else { continue }
      throw RollbackError.alreadyRolledBack(
        run, table: history.place.location.name, version: version)
    }
    var runs: Set<String> = [run]
    while let more = builtOn(runs, histories).subtracting(runs).subtracting(undone).nonEmpty {
      runs.formUnion(more)
    }
    let later = runs.subtracting([run]).sorted()
    guard later.isEmpty || request.withLater else { throw RollbackError.laterRuns(run, later) }
    var steps: [Rollback.Step] = []
    var targets: [TableName: Int64] = [:]
    var files = 0
    for history in histories {
      let step: Rollback.Step
      if let first = runs.compactMap(history.first).min() {
        try refuseOthers(history, since: first, runs, undone)
        step = try self.step(history, target: max(0, first - 1))
        files += try checkReadable(step, history.place, request.keepLanding)
      } else if let table = history.place.table, history.place.isTable,
        try reads(table, targets)
      {
        // It has not read what goes; only the numbers of the versions change for it.
        step = try self.step(history, target: nil)
      } else {
        continue
      }
      steps.append(step)
      if history.place.isTable, let table = history.place.table, !step.keepsRows {
        targets[table.name] = step.target
      }
    }
    return Rollback(
      id: RunContext.newID(lake.clock.now()), runs: runs.sorted(), steps: steps,
      files: request.keepLanding ? 0 : files, keepsLanding: request.keepLanding)
  }

  /// The run that began last, as the record of runs says; the clock may have been set back since.
  private func newest(of runs: Set<String>) -> String? {
    let recorded = (try? Ledger.reading(lake)?.runs(limit: 100_000)) ?? []
    // A run's id begins with the moment at which it began.
    return recorded.first { runs.contains($0.run) }?.run ?? runs.max()
  }

  private func find(_ asked: String, _ histories: [CommitHistory]) throws -> String {
    let known = Set(histories.flatMap { $0.commits.compactMap(\.run) })
    if known.contains(asked) { return asked }
    let undone = Set(histories.flatMap { $0.undone.keys })
    if asked == "latest" {
      guard let newest = newest(of: known.subtracting(undone)) else { throw RollbackError.noRun }
      return newest
    }
    let found = known.filter { !asked.isEmpty && $0.hasPrefix(asked) }.sorted()
    guard let run = found.first else {
      throw RollbackError.unknownRun(asked, near: nearest(asked, in: known.sorted()))
    }
    guard found.count == 1 else { throw RollbackError.severalRuns(asked, found) }
    return run
  }

  /// The runs that wrote after some runs to the same place, or read what these wrote.
  private func builtOn(_ runs: Set<String>, _ histories: [CommitHistory]) -> Set<String> {
    var marks: [(prefix: String, from: Int64)] = []
    for history in histories where history.place.isTable {
      guard let table = history.place.table,
        let first = runs.compactMap(history.first).min()
      else { continue }
      marks.append((TableProgress.mark(table.name, ""), first))
    }
    var found: Set<String> = []
    for history in histories {
      let first = runs.compactMap(history.first).min() ?? .max
      for commit in history.commits {
        guard let run = commit.run else { continue }
        let read = commit.marks.contains { mark in
          marks.contains { mark.appId.hasPrefix($0.prefix) && mark.version >= $0.from }
        }
        if commit.version > first || read { found.insert(run) }
      }
    }
    return found
  }

  /// Refuses to undo what is the work of no run.
  private func refuseOthers(
    _ history: CommitHistory, since first: Int64, _ runs: Set<String>, _ undone: Set<String>
  ) throws {
    for commit in history.commits where commit.version > first && commit.changesTable {
      if let run = commit.run, runs.contains(run) || undone.contains(run) { continue }
      // Rows that grew too old come back, until the next maintenance.
      if !commit.rolledBack.isEmpty || commit.expires { continue }
      throw RollbackError.otherCommit(
        table: history.place.location.name, version: commit.version, operation: commit.operation)
    }
  }

  /// - Parameter target: nil for the version that the place has.
  private func step(_ history: CommitHistory, target: Int64?) throws -> Rollback.Step {
    let newest = history.commits.last?.version ?? 0
    return Rollback.Step(
      name: history.place.location.name, folder: history.place.location.folder, from: newest,
      target: target ?? newest)
  }

  /// True if a table has read an input up to the version that this one goes back to.
  private func reads(_ table: Table, _ targets: [TableName: Int64]) throws -> Bool {
    guard table.upstream.contains(where: { targets[$0.name] != nil }) else { return false }
    let state = try delta(.of(table)).state()
    return targets.contains { name, target in
      let prefix = TableProgress.mark(name, "")
      return state?.transactions.values.contains {
        $0.appId.hasPrefix(prefix) && $0.version == target
      } ?? false
    }
  }

  /// Checks that all is there which the rollback needs.
  /// - Returns: how many landing files will be taken in again.
  private func checkReadable(
    _ step: Rollback.Step, _ place: Place, _ keepLanding: Bool
  ) throws -> Int {
    let delta = delta(place.location)
    let old: Snapshot
    do {
      old = try delta.snapshot(version: step.target)
      try delta.checkFiles(of: old, missingIn: delta.snapshot())
    } catch let error as DeltaError {
      throw RollbackError.unreadable(
        table: step.name, version: step.target, reason: error.description)
    }
    guard !keepLanding, place.table?.landing != nil else { return 0 }
    var gone: [String] = []
    let withdrawn = try delta.snapshot().transactions.values.filter { mark in
      mark.appId.hasPrefix(LandingMark.prefix) && mark.version >= 0
        && old.transactions[mark.appId]?.version != mark.version
    }
    for mark in withdrawn {
      let path = String(mark.appId.dropFirst(LandingMark.prefix.count))
      let there = try lake.landing.info(path) != nil
      if !there { gone.append(path) }
    }
    guard gone.isEmpty else { throw RollbackError.landingGone(gone.sorted()) }
    return withdrawn.count
  }
}

extension Set {
  fileprivate var nonEmpty: Set? { isEmpty ? nil : self }
}
