import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium
import Runner
import Storage

extension LakeCare {
  /// An environment of this lake, with the tables that it holds.
  func environment(_ name: String) throws -> LakeCare {
    let known = try lake.environments()
    guard known.contains(name) else { throw EnvironmentError.unknown(name, known: known) }
    let environment = try lake.production.environment(name, of: graph.ordered)
    return LakeCare(lake: lake.within(environment), graph: graph, engine: engine)
  }

  /// Finds out what promoting an environment has to do, without doing any of it.
  ///
  /// It is refused where rows of production would be lost or the next run could not go on. The caller
  /// holds the locks of the lake and the environment if the plan is to be carried out.
  public func planPromotion(_ name: String, _ selectors: [Selector]) throws -> Promotion {
    let staged = try environment(name)
    let tables = try graph.select(selectors).filter { table in
      try staged.lake.owns(.of(table)) && DeltaTable.exists(in: staged.lake.store(.of(table)))
    }
    guard !tables.isEmpty else { throw EnvironmentError.nothingHeld(name) }
    let names = Set(tables.map(\.name))
    for table in tables { try check(table, staged, name, names) }
    var steps: [Promotion.Step] = []
    for place in places(of: tables) {
      let from = try delta(place.location).state()?.version
      let source = try staged.delta(place.location).state()?.version
      guard from != nil || source != nil else { continue }
      steps.append(
        Promotion.Step(
          name: place.location.name, folder: place.location.folder, from: from, source: source,
          isPromoted: try isPromoted(place, staged)))
    }
    return Promotion(
      id: RunContext.newID(lake.clock.now()), environment: name, steps: steps)
  }

  /// True if the newest version of production's table is the promotion of the newest of the
  /// environment's, or both are without rows.
  private func isPromoted(_ place: Place, _ staged: LakeCare) throws -> Bool {
    let target = delta(place.location)
    guard let old = try target.state() else { return false }
    guard let new = try staged.delta(place.location).state() else { return old.bytes == 0 }
    let newest = try target.history(limit: 1).first
    return newest?.info?[Promotion.sourceTag]?.string
      == Promotion.source(new.metadata.id, new.version)
  }

  private func check(
    _ table: Table, _ staged: LakeCare, _ name: String, _ promoted: Set<TableName>
  ) throws {
    guard let state = try staged.delta(.of(table)).state() else { return }
    guard try TableProgress.openBatch(table, staged.lake).isEmpty else {
      throw EnvironmentError.behind(table: table.name, input: nil, environment: name)
    }
    for input in table.upstream {
      let isOwn = staged.lake.owns(.of(input))
      if isOwn, !promoted.contains(input.name) {
        throw EnvironmentError.inputStays(
          table: table.name, input: input.name, environment: name)
      }
      let store = staged.lake.store(.of(input))
      guard let read = try staged.delta(.of(input)).state() else { continue }
      let mark = state.transactions[TableProgress.mark(input.name, read.metadata.id)]
      // Of production's it is enough to have read some version: the next run reads the others.
      guard let version = mark?.version, version >= 0, version <= read.version,
        try !isOwn
          || DeltaTable.firstChange(after: version, through: read.version, in: store) == nil
      else {
        throw EnvironmentError.behind(table: table.name, input: input.name, environment: name)
      }
    }
    guard let production = try delta(.of(table)).state() else { return }
    if try TableProgress.missesDrops(table, state, delta(.droppedRows)) {
      throw EnvironmentError.rowsGivenUp(table: table.name, environment: name)
    }
    let missing = production.transactions.values.filter { mark in
      mark.appId.hasPrefix(LandingMark.prefix) && mark.version >= 0
        && state.transactions[mark.appId]?.version != mark.version
    }.map { String($0.appId.dropFirst(LandingMark.prefix.count)) }.sorted()
    if let example = missing.first {
      throw EnvironmentError.filesMissing(
        table: table.name, files: missing.count, example: example, environment: name)
    }
    if table.keepsHistory {
      throw EnvironmentError.losesHistory(table: table.name, environment: name)
    }
    if TableProgress.datePartition(table) != nil,
      state.metadata.schemaString != production.metadata.schemaString
    {
      throw EnvironmentError.otherDates(table: table.name, environment: name)
    }
  }
}
