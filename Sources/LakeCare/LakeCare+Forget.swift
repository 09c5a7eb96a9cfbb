import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium
import Runner
import Serving
import Storage

extension LakeCare {
  /// Takes a person out of all layers: once this has begun, it or the next command that changes the
  /// lake goes on until all is done.
  ///
  /// The caller holds the lake's lock since the plan was made.
  @discardableResult
  public func carryOut(_ plan: Forgetting) throws -> ForgetReport {
    try lake.records.put(LakeCare.record, Array(plan.json.text.utf8))
    do { return try finish(plan, isNew: true) } catch let error as ForgetError {
      // Not even the first file was changed.
      if case .unwritable = error { try lake.records.delete(LakeCare.record) }
      throw error
    }
  }

  /// Does what is left of a plan: each step finds out whether it was done.
  /// - Parameter isNew: true if nothing was done before.
  func finish(_ plan: Forgetting, isNew: Bool = false) throws -> ForgetReport {
    let start = monotonicSeconds()
    guard lake.environment == nil else { throw ForgetError.unfinishedElsewhere }
    let locks = try plan.environments.map { name in
      try LakeLock(lake.within(LakeEnvironment(name)), command: plan.words, patience: 600)
    }
    defer { withExtendedLifetime(locks) {} }
    var report = ForgetReport(plan: plan)
    var stage = ForgetStage.landing
    do {
      lake.removeLeftovers()
      try rewriteLanding(plan, isNew: isNew)
      stage = .rows
      let places = try eraseRows(plan, &report)
      stage = .past
      try dropPast(plan, places, &report)
      stage = .copies
      try publishAgain(&report)
      report.left += try copies(plan, besides: report.published + report.left)
      stage = .records
      try cleanRecords(plan, &report)
    } catch let error as HalfDone { throw error } catch let error as ForgetError {
      throw error
    } catch {
      throw HalfDone(
        words: plan.words, point: .forgetting(stage),
        reason: EngineMessage.withoutValues("\(error)"))
    }
    let versions = try graph.ordered.compactMap { table -> (name: TableName, version: Int64)? in
      guard let step = plan.steps.first(where: { $0.folder == TableLocation.of(table).folder }),
        step.environment == nil, let version = try delta(.of(table)).state()?.version,
        version != step.from
      else { return nil }
      return (table.name, version)
    }
    // The tables stand without the ledger.
    try? Ledger(lake).record(
      .forget, plan.id, plan.words, tables: versions, at: lake.clock.now())
    if !plan.removesUnreadable { report.left += plan.unreadable.map { "landing/" + $0 } }
    try step("end")
    try lake.records.delete(LakeCare.record)
    report.seconds = monotonicSeconds() - start
    return report
  }

  /// Is told of each step before it is done; a test ends the work there.
  func step(_ name: String) throws { try probe?(name) }

  /// Takes the person's rows out of all tables, inputs first, production before environments.
  private func eraseRows(
    _ plan: Forgetting, _ report: inout ForgetReport
  ) throws -> [(lake: Lake, place: Place)] {
    let files = Dictionary(plan.files.map { ($0.path, $0.hash) }) { first, _ in first }
    let columns = try PersonColumns(graph, engine.session())
    var affected: [(lake: Lake, place: Place)] = []
    for lake in try lakes(plan.environments) {
      let care = LakeCare(lake: lake, graph: graph, engine: engine)
      var versions: [TableName: Int64] = [:]
      for table in graph.ordered {
        let owner = lake.owns(.of(table)) ? lake.environment?.name : nil
        versions[table.name] = plan.version(of: .of(table), owner)
      }
      let erasure = Erasure(
        id: plan.id, keys: plan.keys, columns: columns, versions: versions, files: files)
      for table in graph.ordered {
        try step("table")
        let done = try runner(lake).forget(table, erasure, asOf: plan.asOf)
        if let reason = done?.computedLater { report.later.append((lake.name(.of(table)), reason)) }
      }
      try step("dropped rows")
      _ = try runner(lake).forgetDropped(erasure, dryRun: false)
      for place in try care.existing(care.places)
      where try care.held(place, plan, columns) {
        affected.append((lake, place))
      }
    }
    return affected
  }

  /// True if older versions of a place may hold the person.
  private func held(_ place: Place, _ plan: Forgetting, _ columns: PersonColumns) throws -> Bool {
    let environment = lake.owns(place.location) ? lake.environment?.name : nil
    if plan.rows(in: place.location, environment) > 0 { return true }
    guard let table = place.table else { return false }
    if place.isTable, let from = plan.version(of: place.location, environment) {
      let delta = delta(place.location)
      let newest = try delta.state()?.version ?? from
      if table.query == nil || table.namesOrOrigins(columns),
        try DeltaTable.firstChange(after: from, through: newest, in: delta.store) != nil
      {
        return true
      }
    }
    guard table.namesOrOrigins(columns) else { return false }
    // What once came from the person's records.
    let origins = graph.ancestors(of: table.name)
    return graph.ordered.contains { origin in
      guard let folder = origin.landing?.folder, origins.contains(origin.name) else { return false }
      return plan.rows(in: .of(origin), environment) > 0 || plan.rows(in: .of(origin), nil) > 0
        || plan.files.contains { $0.path.hasPrefix(folder + "/") }
    }
  }
}

extension Table {
  /// True if its rows can name a person or come from single records.
  fileprivate func namesOrOrigins(_ columns: PersonColumns) -> Bool {
    carriesOrigin || columns.possible.contains(name) || self.columns.contains(where: \.personal)
  }
}

extension Forgetting {
  /// The version that a place had before; nil where there was nothing.
  func version(of location: TableLocation, _ environment: String?) -> Int64? {
    steps.first { $0.folder == location.folder && $0.environment == environment }?.from
  }

  /// Rows of a place that are the person's.
  func rows(in location: TableLocation, _ environment: String?) -> Int64 {
    steps.filter { $0.folder == location.folder && $0.environment == environment }
      .reduce(0) { $0 &+ $1.rows }
  }
}
