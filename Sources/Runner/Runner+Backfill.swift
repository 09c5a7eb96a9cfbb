import Basics
import Lakehouse
import Podium

/// What happens during a backfill, for those who watch.
public enum BackfillEvent: Sendable {
  case started(Backfill.Part)
  case ended(Backfill.Part)
}

extension Runner {
  /// What a backfill would be, without storing or doing any of it.
  public func planBackfill(
    _ table: TableName, _ from: CivilDate, _ to: CivilDate, by step: Backfill.Step
  ) throws -> Backfill {
    let table = try graph.table(named: table)
    _ = try table.backfillColumn()
    guard from <= to else { throw BackfillError.emptyRange(from: from, to: to) }
    let days = to.daysSinceEpoch - from.daysSinceEpoch + 1
    guard days <= 36_600 else { throw BackfillError.tooLong(days: days) }
    let context = context(for: RunRequest(asOf: to))
    try checkBackfill(table, context)
    // A table of business dates is computed as of one day at a time.
    let isByDay = table.query?.readsBusinessDate == true
    return Backfill(
      id: context.run, table: table.name, created: context.started,
      parts: Backfill.parts(from...to, isByDay ? .day : step))
  }

  private func checkBackfill(_ table: Table, _ context: RunContext) throws {
    guard let state = try context.state(.of(table)) else {
      throw BackfillError.missing(table.name)
    }
    guard let computed = state.metadata.configuration[PropertyName.fingerprint] else {
      throw BackfillError.missing(table.name)
    }
    guard computed == Fingerprint.of(table) else {
      throw BackfillError.declarationChanged(table.name)
    }
  }

  /// The backfills that were asked for, the newest first.
  public func backfills() throws -> [Backfill] { try Backfill.all(in: lake.records) }

  /// The backfill with an id, or with an id that begins so where only one does.
  public func backfill(_ id: String) throws -> Backfill {
    let all = try backfills()
    let near = all.filter { $0.id.hasPrefix(id) }
    if let exact = near.first(where: { $0.id == id }) { return exact }
    guard let found = near.first else {
      throw BackfillError.unknown(id, known: all.map(\.id))
    }
    guard near.count == 1 else { throw BackfillError.ambiguous(id, near.map(\.id)) }
    return found
  }

  /// Works through the parts that are not done; one that fails does not stop the others.
  ///
  /// The caller holds the lake's lock.
  /// - Returns: the backfill as it is afterwards: done, open with failed parts, paused or cancelled.
  public func run(
    _ backfill: Backfill, onEvent: (BackfillEvent) -> Void = { _ in }
  ) throws -> Backfill {
    var backfill = backfill
    guard ![.done, .cancelled].contains(backfill.status) else {
      throw BackfillError.over(backfill.id, backfill.status)
    }
    let table = try graph.table(named: backfill.table)
    guard let query = table.query else {
      throw BackfillError.notByDay(table.name, reason: "it takes in files")
    }
    _ = try table.backfillColumn()
    removeLeftovers()
    try Backfill.forgetRequest(backfill.id, in: lake.records)
    backfill.status = .open
    try backfill.store(in: lake.records)
    let request = request(for: backfill)
    let journal = try RunJournal(context(for: request), request, [table], of: graph)
    let done = try work(&backfill, table, query, onEvent)
    journal.record(
      TableOutcome(
        table.name, done == nil ? .upToDate : .committed, reason: "a backfill was asked for",
        result: done, seconds: backfill.parts.reduce(0) { $0 + $1.seconds }))
    switch backfill.status {
    case .done: journal.finish(succeeded: true)
    case .open: journal.finish(succeeded: false)
    case .paused, .cancelled: journal.finish(backfill.status.rawValue)
    }
    return backfill
  }

  /// What a backfill is on record as: all its parts are the work of one id, so that one rollback
  /// undoes them together.
  private func request(for backfill: Backfill, _ part: Backfill.Part? = nil) -> RunRequest {
    let from = backfill.parts.first?.days.lowerBound
    let to = backfill.parts.last?.days.upperBound
    let words = [from.map { " --from \($0)" }, to.map { " --to \($0)" }].compactMap(\.self)
    var request = RunRequest(
      selectors: [Selector("backfill \(backfill.table)\(words.joined())")],
      asOf: (part ?? backfill.parts.last)?.days.upperBound ?? CivilDate(daysSinceEpoch: 0))
    request.kind = .backfill
    request.id = backfill.id
    return request
  }

  /// Works through the parts that are not done until it is asked to stop.
  /// - Returns: what was committed; nil for nothing.
  private func work(
    _ backfill: inout Backfill, _ table: Table, _ query: SQL, _ onEvent: (BackfillEvent) -> Void
  ) throws -> JobResult? {
    var done: JobResult?
    for index in backfill.parts.indices where backfill.parts[index].status != .done {
      if let asked = try Backfill.requested(backfill.id, in: lake.records) {
        try Backfill.forgetRequest(backfill.id, in: lake.records)
        backfill.status = asked
        try backfill.store(in: lake.records)
        return done
      }
      onEvent(.started(backfill.parts[index]))
      let context = context(for: request(for: backfill, backfill.parts[index]))
      if let result = try work(&backfill.parts[index], table, query, context) {
        done = done?.followed(by: result) ?? result
      }
      try backfill.store(in: lake.records)
      onEvent(.ended(backfill.parts[index]))
    }
    if backfill.left == 0 { backfill.status = .done }
    try backfill.store(in: lake.records)
    return done
  }

  /// - Returns: what was committed; nil where that failed.
  private func work(
    _ part: inout Backfill.Part, _ table: Table, _ query: SQL, _ context: RunContext
  ) throws -> JobResult? {
    let start = monotonicSeconds()
    defer { part.seconds = monotonicSeconds() - start }
    // Whoever changed the declaration since then would mix two of them.
    try checkBackfill(table, context)
    do {
      let result = try TableJob(context, table).backfill(
        query, part.days, TableJob.decider(table, query, context))
      part.status = .done
      part.version = result.version
      part.rows = result.counts.inserted + result.counts.updated + result.counts.unchanged
      part.error = nil
      return result
    } catch {
      part.status = .failed
      part.error = RunError(error, of: table, lake).description
      return nil
    }
  }

  /// Asks for a backfill to stop after the part at hand, or, where nobody is at work on it, marks it.
  public func stop(_ backfill: Backfill, as status: Backfill.Status) throws -> Backfill {
    guard ![.done, .cancelled].contains(backfill.status) else {
      throw BackfillError.over(backfill.id, backfill.status)
    }
    guard let lock = try? LakeLock(lake, command: "podium backfill", patience: 0) else {
      try Backfill.request(status, backfill.id, in: lake.records)
      return backfill
    }
    defer { withExtendedLifetime(lock) {} }
    var stopped = backfill
    stopped.status = status
    try stopped.store(in: lake.records)
    return stopped
  }
}

extension Graph {
  /// The table of that name.
  /// - Throws: where there is none, with what may have been meant.
  func table(named name: TableName) throws -> Table {
    if let table = self[name] { return table }
    _ = try select([Selector(name.description)])
    throw BackfillError.notOneTable(name.description)
  }
}
