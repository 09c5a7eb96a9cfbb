import Basics
import DeltaLake
import Engines
import Landing
import Lakehouse
import Podium
import Runner
import Storage

extension LakeCare {
  /// The lake and its environments, each with what it holds itself.
  func lakes(_ environments: [String]) throws -> [Lake] {
    try [lake.production]
      + environments.map { try lake.within(lake.environment($0, of: graph.ordered)) }
  }

  func runner(_ lake: Lake) -> Runner { Runner(lake: lake, graph: graph, engine: engine) }

  /// Finds out what has to be done to forget a person, without doing any of it.
  ///
  /// The caller holds the lake's lock if the plan is to be carried out.
  public func planForgetting(_ request: ForgetRequest) throws -> Forgetting {
    guard graph.ordered.contains(where: { $0.query == nil && !$0.identifying.isEmpty }) else {
      throw ForgetError.nothingIdentified
    }
    let environments = try lake.environments().sorted()
    let lakes = try lakes(environments)
    let session = try engine.session()
    let landing = try landing()
    var search = PersonSearch(
      request.ids, session, try bronze(lakes, session), matches: try matches(session),
      pending: landing.pending.map { ($0.table, $0.records) })
    for id in request.ids.dropFirst() where try !isKnown(id, search, lakes) {
      throw ForgetError.unknown(id, near: try search.near(id))
    }
    try search.follow()
    let traces = try search.traces()
    let trace = TraceSearch(search.keys.all, Array(traces))
    let (files, unread) = try files(search, landing)
    let unreadable = try landing.unreadable.filter {
      trace.finds(in: TraceSearch.readable(try lake.landing.read($0), $0))
    }
    let id = RunContext.newID(lake.clock.now())
    let erasure = try erasure(id, search.keys, lakes, files: [:])
    var steps: [Forgetting.Step] = []
    for (lake, erasure) in erasure { steps += try self.steps(lake, erasure) }
    guard files.contains(where: { $0.records > 0 }) || steps.contains(where: { $0.rows > 0 }) else {
      let id = request.ids.first ?? ""
      throw ForgetError.unknown(id, near: try search.near(id))
    }
    return Forgetting(
      id: id, asOf: request.asOf, keys: search.keys, traces: traces.sorted(), files: files,
      unreadable: (unreadable + unread).sorted(), removesUnreadable: request.removesUnreadable,
      steps: steps,
      environments: environments,
      matched: max(0, search.keys[.person].count - Set(request.ids.map(PersonKeys.trimmed)).count),
      shared: search.shared.values.reduce(0) { $0 + $1.count })
  }

  /// True if a record names an id, or a row that is left of records which bronze no longer keeps.
  private func isKnown(_ id: String, _ search: PersonSearch, _ lakes: [Lake]) throws -> Bool {
    if try search.names(id) { return true }
    let keys = PersonKeys([.person: [PersonKeys.trimmed(id)]])
    return try erasure(RunContext.newID(lake.clock.now()), keys, lakes, files: [:])
      .contains { lake, erasure in try steps(lake, erasure).contains { $0.rows > 0 } }
  }

  /// What is to be erased of each lake, with the versions that its tables have now.
  func erasure(
    _ id: String, _ keys: PersonKeys, _ lakes: [Lake], files: [String: Int64]
  ) throws -> [(lake: Lake, erasure: Erasure)] {
    let columns = try PersonColumns(graph, engine.session())
    return try lakes.map { lake in
      var versions: [TableName: Int64] = [:]
      for table in graph.ordered {
        let state = try lake.table(.of(table)) { [engine] in DuckDBParquet(try engine.session()) }
          .state()
        versions[table.name] = state?.version
      }
      return (
        lake,
        Erasure(id: id, keys: keys, columns: columns, versions: versions, files: files)
      )
    }
  }

  private func bronze(
    _ lakes: [Lake], _ session: EngineSession
  ) throws -> [PersonSearch.Rows] {
    try lakes.flatMap { lake in
      try graph.ordered.filter { $0.query == nil && !$0.identifying.isEmpty }.compactMap {
        try rows(of: $0, lake, session)
      }
    }
  }

  private func matches(_ session: EngineSession) throws -> [PersonSearch.Rows] {
    try graph.ordered.filter(\.matchesPersons).compactMap {
      try rows(of: $0, lake.production, session)
    }
  }

  private func rows(
    of table: Table, _ lake: Lake, _ session: EngineSession
  ) throws -> PersonSearch.Rows? {
    let delta = lake.table(.of(table)) { DuckDBParquet(session) }
    guard lake.owns(.of(table)), let state = try delta.snapshotIfAny() else { return nil }
    guard table.columns.allSatisfy({ state.schema[$0.name] != nil }) else {
      // A column that was declared since the last run holds nothing yet.
      throw ForgetError.unreadable(
        table.name.description, reason: "its columns are not those declared. Run it first.")
    }
    return PersonSearch.Rows(
      table: table, name: try DuckDBParquet(session).scan(delta.scan(state)).name)
  }

  private func steps(_ lake: Lake, _ erasure: Erasure) throws -> [Forgetting.Step] {
    var steps: [Forgetting.Step] = []
    for table in graph.ordered {
      for (location, rows) in try runner(lake).count(table, erasure) {
        let state = try lake.table(location) { [engine] in DuckDBParquet(try engine.session()) }
          .state()
        steps.append(
          Forgetting.Step(
            name: location.name, environment: lake.environment?.name, folder: location.folder,
            from: state?.version ?? 0, rows: rows))
      }
    }
    let dropped = try runner(lake).forgetDropped(erasure, dryRun: true)
    if dropped > 0 {
      let delta = lake.table(.droppedRows) { [engine] in DuckDBParquet(try engine.session()) }
      steps.append(
        Forgetting.Step(
          name: TableLocation.droppedRows.name, environment: nil,
          folder: TableLocation.droppedRows.folder, from: try delta.state()?.version ?? 0,
          rows: dropped))
    }
    return steps
  }
}
