import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium
import Runner
import Serving
import Storage

extension LakeCare {
  /// Removes the older versions of places that may hold the person in them.
  ///
  /// First every reader of such a table notes that it has read the newest version where it has, so
  /// that it goes on from there without the commits that go.
  func dropPast(
    _ plan: Forgetting, _ affected: [(lake: Lake, place: Place)], _ report: inout ForgetReport
  ) throws {
    var gone: Set<String> = []
    for (lake, place) in affected { gone.insert(lake.folder(place.location)) }
    for lake in try lakes(plan.environments) {
      let care = LakeCare(lake: lake, graph: graph, engine: engine)
      for place in try care.existing(care.places) {
        try step("last version")
        try care.commitLast(plan, place, gone)
      }
    }
    for (lake, place) in affected {
      try step("past")
      let delta = LakeCare(lake: lake, graph: graph, engine: engine).delta(place.location)
      let removed = try delta.forgetPast(delta.snapshot())
      report.past.append((lake.name(place.location), RemovedFiles(removed)))
    }
  }

  /// Commits the progress that a table has made, and a last version of this work where older ones go.
  private func commitLast(_ plan: Forgetting, _ place: Place, _ gone: Set<String>) throws {
    let delta = delta(place.location, try engine.session())
    let base = try delta.snapshot()
    var transaction = Transaction("FORGET", reads: .nothing)
    transaction.tags = [
      JSON.Member(CommitTag.run, .string(plan.id)), JSON.Member(CommitTag.base, .int(base.version)),
      JSON.Member(CommitTag.forgets, .bool(true)),
    ]
    if place.isTable, let table = place.table {
      transaction.actions = try marks(of: table, base, gone).map(Action.txn)
    }
    let isLast = try delta.actions(of: base.version)?.contains { action in
      guard case .commitInfo(let info) = action else { return false }
      return info[CommitTag.run]?.string == plan.id && info[CommitTag.forgets]?.bool == true
    }
    let isGone = gone.contains(lake.folder(place.location))
    guard !transaction.actions.isEmpty || isGone && isLast != true else { return }
    _ = try delta.commit(transaction, on: base)
  }

  /// The progress marks of a table that are to name the newest versions of inputs whose past goes.
  private func marks(
    of table: Table, _ base: Snapshot, _ gone: Set<String>
  ) throws -> [SetTransaction] {
    try table.upstream.compactMap { input in
      guard gone.contains(lake.folder(.of(input))) else { return nil }
      let store = lake.store(.of(input))
      guard let newest = try delta(.of(input)).state(),
        let mark = base.transactions[TableProgress.mark(input.name, newest.metadata.id)],
        mark.version >= 0, mark.version < newest.version,
        try DeltaTable.firstChange(after: mark.version, through: newest.version, in: store) == nil
      else { return nil }
      return SetTransaction(
        appId: mark.appId, version: newest.version,
        lastUpdated: DeltaTable.commitTime(newest.version, in: store))
    }
  }

  /// Publishes the databases in the lake again: they hold gold as it was.
  func publishAgain(_ report: inout ForgetReport) throws {
    let folder = lake.files.folder("published")
    for file in try folder.list("") where file.path.hasSuffix("gold.sqlite") {
      try step("publication")
      let name = String(file.path.dropLast("gold.sqlite".count)).split(separator: "_").first
      let published = try name.map {
        try lake.within(lake.environment(String($0), of: graph.ordered))
      }
      let publisher = GoldPublisher(
        lake: published ?? lake, tables: graph.ordered, engine: engine)
      do {
        _ = try publisher.publish(to: folder.address(file.path))
        report.published.append("published/" + file.path)
      } catch is PublishError { report.left.append("published/" + file.path) }
    }
  }

  /// Looks through logs of runs and Podium's other records, and takes lines that name the person out
  /// of the logs.
  func cleanRecords(_ plan: Forgetting, _ report: inout ForgetReport) throws {
    let search = TraceSearch(plan.keys.all, plan.traces)
    let own = lake.production
    try cleanRecords(in: own.records, search, &report)
    // What this machine has of a lake elsewhere.
    if !own.isLocal { try cleanRecords(in: own.local, search, &report) }
  }

  private func cleanRecords(
    in store: any ObjectStore, _ search: TraceSearch, _ report: inout ForgetReport
  ) throws {
    for file in try store.list("") {
      let parts = file.path.split(separator: "/")
      // Tables are cleaned as such, and the lock and what this work goes by are no records.
      guard !parts.contains("tombstones"), !parts.contains("spill"), !parts.contains("lock"),
        file.path != LakeCare.record
      else { continue }
      let bytes = try store.read(file.path)
      guard search.finds(in: bytes) else { continue }
      if file.path.hasSuffix(".jsonl") {
        try step("log")
        let kept = bytes.split(separator: 0x0A).filter { !search.finds(in: Array($0)) }
        try store.put(file.path, Array(kept.joined(separator: [0x0A])) + [0x0A])
        report.logs.append(".podium/" + file.path)
      } else {
        report.left.append(".podium/" + file.path)
      }
    }
  }
}
