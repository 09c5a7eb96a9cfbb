import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium
import Runner
import Storage

extension LakeCare {
  /// Makes the tables of an environment those of production, together: once this has begun, it or the
  /// next command that changes the lake goes on until all is done.
  ///
  /// The caller holds the locks of the lake and the environment since the plan was made.
  public func carryOut(_ promotion: Promotion) throws {
    try lake.records.put(LakeCare.record, Array(promotion.json.text.utf8))
    try finish(promotion)
  }

  func finish(_ promotion: Promotion) throws {
    let staged = LakeCare(
      lake: lake.within(LakeEnvironment(promotion.environment)), graph: graph, engine: engine)
    for table in graph.ordered
    where promotion.steps.contains(where: { $0.folder == TableLocation.of(table).folder }) {
      try TableProgress.removeBatch(table, lake)
    }
    var moved: [String: SetTransaction] = [:]
    let versions = try carryOut(promotion.steps, promotion.words) { step, place in
      let version = try carryOut(step, place, promotion, staged, &moved)
      return place.isTable && !step.isPromoted ? version : nil
    }
    // The tables stand without the ledger.
    try? Ledger(lake).record(
      .promotion, promotion.id, promotion.words, tables: versions, at: lake.clock.now())
    try lake.records.delete(LakeCare.record)
  }

  /// - Returns: the version that has the rows; nil where there is nothing to promote.
  private func carryOut(
    _ step: Promotion.Step, _ place: Place, _ promotion: Promotion, _ staged: LakeCare,
    _ moved: inout [String: SetTransaction]
  ) throws -> Int64? {
    let session = try engine.session()
    let target = delta(place.location, session)
    let source = staged.delta(place.location, session)
    var base = try target.snapshotIfAny()
    var done = step.isPromoted ? base?.version : nil
    if let base, done == nil {
      // The first version of a table that a promotion makes is without rows.
      done = try version(of: promotion.id, target, after: step.from ?? 0, through: base.version)
    }
    let new = try step.source.map { try source.snapshot(version: $0) }
    if done == nil {
      if let new, base == nil {
        base = try target.create(
          TableProgress.notComputed(metadata(new, nil)), protocol: new.tableProtocol,
          transaction: transaction("CREATE TABLE", promotion, nil))
      }
      var transaction = transaction("REPLACE", promotion, new)
      if let new {
        try link(try source.ownFiles(of: new), from: source, to: target)
        transaction.actions = marks(new, base, moved)
        let kept = otherDates(place.isTable ? place.table : nil, new)
        base = try target.replace(
          by: new, metadata(new, base), base, transaction: transaction, keeping: kept)
      } else if let old = base, !old.files.isEmpty {
        _ = try target.delete(where: nil, old, transaction: transaction)
      }
    }
    guard let after = base else { return nil }
    let version = done ?? after.version
    guard place.isTable, let table = place.table, let new else { return version }
    moved[TableProgress.mark(table.name, new.metadata.id)] = SetTransaction(
      appId: TableProgress.mark(table.name, after.metadata.id), version: version,
      lastUpdated: DeltaTable.commitTime(version, in: target.store))
    return version
  }

  /// - Parameter new: what is promoted; nil where the environment has no such table.
  private func transaction(
    _ operation: String, _ promotion: Promotion, _ new: Snapshot?
  ) -> Transaction {
    var transaction = Transaction(operation, isBlindAppend: false)
    transaction.tags = [
      JSON.Member(CommitTag.run, .string(promotion.id)),
      JSON.Member(CommitHistory.operationTag, .string(promotion.id)),
      JSON.Member("podiumEnvironment", .string(promotion.environment)),
    ]
    if let new {
      let source = Promotion.source(new.metadata.id, new.version)
      transaction.tags.append(JSON.Member(Promotion.sourceTag, .string(source)))
    }
    return transaction
  }

  /// Puts the data files into production's folder as well: on a disk the same bytes under two names.
  private func link(_ files: [String], from source: DeltaTable, to target: DeltaTable) throws {
    for file in files {
      try target.store.copy(file, of: source.store, to: file)
    }
    try target.store.flush(files)
  }

  /// The environment's metadata under the identity of production's table.
  private func metadata(_ new: Snapshot, _ base: Snapshot?) -> Metadata {
    var metadata = new.metadata
    metadata.id = base?.metadata.id ?? randomUUID()
    if let base { metadata.createdTime = base.metadata.createdTime }
    return metadata
  }

  /// The environment's progress marks, in the numbers of production.
  private func marks(
    _ new: Snapshot, _ base: Snapshot?, _ moved: [String: SetTransaction]
  ) -> [Action] {
    let read = new.transactions.filter {
      $1.version >= 0 && $0 != TableProgress.droppedMark
    }
    var wanted = read.filter { moved[$0.key] == nil }
    // A table that read production's input before the environment had its own has marks of both.
    for mark in read.keys { if let input = moved[mark] { wanted[input.appId] = input } }
    let before = base?.transactions ?? [:]
    for mark in before.values where wanted[mark.appId] == nil && mark.version >= 0 {
      wanted[mark.appId] = .withdrawn(mark.appId, at: lake.clock.now())
    }
    return wanted.values.filter { before[$0.appId] != $0 }
      .sorted { $0.appId < $1.appId }.map(Action.txn)
  }

  /// Tells the files of business dates that the environment did not compute: they stay.
  private func otherDates(_ table: Table?, _ new: Snapshot) -> (AddFile) -> Bool {
    guard let column = table.flatMap(TableProgress.datePartition) else { return { _ in false } }
    let dates = Set(new.files.values.map { $0.partitionValues[column] ?? nil })
    return { file in !dates.contains(file.partitionValues[column] ?? nil) }
  }
}

extension Promotion {
  /// A member of `commitInfo`: the environment's table, by its id, and version that was promoted.
  static let sourceTag = "podiumSource"

  static func source(_ table: String, _ version: Int64) -> String { "\(table)@\(version)" }

  /// What it was asked for.
  var words: String { "promote \(environment)" }

  fileprivate var json: JSON {
    [
      "kind": "promotion", "id": .string(id), "environment": .string(environment),
      "steps": .array(
        steps.map {
          [
            "name": .string($0.name), "folder": .string($0.folder), "from": .optional($0.from),
            "source": .optional($0.source), "isPromoted": .bool($0.isPromoted),
          ]
        }),
    ]
  }

  init?(_ json: JSON) {
    guard json["kind"]?.string == "promotion", let id = json["id"]?.string,
      let environment = json["environment"]?.string, let entries = json["steps"]?.array
    else { return nil }
    var steps: [Step] = []
    for entry in entries {
      guard let name = entry["name"]?.string, let folder = entry["folder"]?.string else {
        return nil
      }
      steps.append(
        Step(
          name: name, folder: folder, from: entry["from"]?.int, source: entry["source"]?.int,
          isPromoted: entry["isPromoted"]?.bool ?? false))
    }
    self.init(id: id, environment: environment, steps: steps)
  }
}
