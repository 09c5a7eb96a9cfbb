import Basics
import DeltaLake
import Lakehouse
import Podium
import SparkEngine
import Storage

/// What is on record beside runs, since it changes tables as they do.
public enum RunKind: String, Hashable, Sendable {
  case run
  /// Of quarantined rows.
  case replay
  /// Quarantined rows that were given up.
  case drop
  case backfill
  case rollback
  case promotion
  /// A person was taken out of all layers.
  case forget
}

/// What a run is asked to do.
public struct RunRequest: Sendable {
  public var selectors: [Selector]
  public var fullRefresh: Bool
  /// True if a rebuild may lose keys of tables that keep their history.
  public var discardHistory = false
  /// Tables worked on at the same time.
  public var jobs: Int
  public var asOf: CivilDate
  /// The run that this one goes on with; nil for one of its own.
  public var resumes: String?
  /// The part of the landing zone that it takes in; nil for all, or for what the environment keeps to.
  public var subset: Subset?
  /// What it is on record as; the selectors of what is no run are its words.
  var kind = RunKind.run
  /// The id under which it goes; nil for a new one.
  var id: String?

  public init(
    selectors: [Selector] = [], fullRefresh: Bool = false, jobs: Int = 2, asOf: CivilDate,
    resumes: String? = nil
  ) {
    self.selectors = selectors
    self.fullRefresh = fullRefresh
    self.jobs = max(1, jobs)
    self.asOf = asOf
    self.resumes = resumes
  }
}

/// The outcome of a run.
public struct RunReport: Sendable {
  public let run: String
  public let asOf: CivilDate
  public let fullRefresh: Bool
  /// In the order of the graph.
  public let tables: [TableOutcome]
  public let seconds: Double
  /// What lies in the landing zone and no table takes in.
  public let strays: [LandingStray]
  /// Why the ledger does not know the outcome; nil where it does.
  ///
  /// The tables stand all the same.
  public internal(set) var ledgerFailure: String?
  /// The ledger was damaged, and the run began a new one; nil where it was sound.
  public internal(set) var ledgerRepair: LedgerRepair?

  /// True if every table committed or had nothing to do.
  public var succeeded: Bool { tables.allSatisfy(\.status.isGood) }
}

/// Brings the tables of a project up to date.
public struct Runner: Sendable {
  public let lake: Lake
  public let graph: Graph
  public let engine: EngineProvider
  /// What computes the queries of tables instead of the engine; nil where it does so itself.
  public let spark: SparkEngine?

  public init(lake: Lake, graph: Graph, engine: EngineProvider, spark: SparkEngine? = nil) {
    self.lake = lake
    self.graph = graph
    self.engine = engine
    self.spark = spark
  }

  /// Works through the selected tables, inputs first, independent ones side by side.
  ///
  /// A table that fails stops those that need it, and no other.
  ///
  /// The caller holds the lake's lock.
  public func run(
    _ request: RunRequest, onEvent: @escaping @Sendable (RunEvent) -> Void = { _ in }
  ) throws -> RunReport {
    let start = monotonicSeconds()
    removeLeftovers()
    removeDeadTemporaries()
    let selected = try graph.select(request.selectors)
    let subset = try Subset.resolve(request.subset, lake, graph)
    if request.subset != nil { try subset?.store(lake) }
    let context = context(for: request, subset, watch: onEvent)
    let strays = try strays(request.selectors)
    let journal = try RunJournal(context, request, selected, of: graph)
    onEvent(
      .began(
        RunStart(
          run: context.run, started: context.started, request: request,
          tables: selected.map(\.name))))
    context.look(at: selected)
    let schedule = Schedule(selected, graph, subset?.sample)
    let workers = (0..<min(request.jobs, max(1, selected.count))).compactMap { _ in
      WorkerThread {
        while let table = schedule.next(onEvent) {
          let outcome = TableJob.refresh(table, context) {
            journal.begin(table.name)
            onEvent(.started(table.name))
          }
          onEvent(.ended(outcome))
          journal.record(outcome)
          schedule.finish(outcome)
        }
      }
    }
    for worker in workers { worker.join() }
    var report = RunReport(
      run: context.run, asOf: request.asOf, fullRefresh: request.fullRefresh,
      tables: schedule.outcomes(in: selected),
      seconds: monotonicSeconds() - start, strays: strays)
    for outcome in report.tables where outcome.isSkipped { journal.record(outcome) }
    journal.finish(succeeded: report.succeeded)
    report.ledgerFailure = journal.failure
    report.ledgerRepair = journal.repair
    return report
  }
}

extension Runner {
  /// Removes what processes that are gone left in the lake, which is locked.
  func removeLeftovers() {
    if let spark { spark.begin() } else { lake.removeLeftovers() }
  }

  func context(
    for request: RunRequest, _ subset: Subset? = nil,
    watch: @escaping @Sendable (RunEvent) -> Void = { _ in }
  ) -> RunContext {
    RunContext(
      lake: lake, engine: engine, spark: spark, tables: LakeTables(lake) { watch(.committed($0)) },
      run: request.id, asOf: request.asOf, fullRefresh: request.fullRefresh,
      discardHistory: request.discardHistory, subset: subset, watch: watch)
  }

  /// Removes what runs that were killed were writing to logs and records.
  ///
  /// Nobody else writes there, since the lake is locked.
  private func removeDeadTemporaries() {
    for folder in ["", "batches"] { lake.records.removeTemporaries(folder) }
    let locations = graph.ordered.flatMap { table -> [TableLocation] in
      [.of(table), .quarantine(of: table), .tombstones(of: table)]
    }
    for location in locations + [.quarantinedFiles, .droppedRows] where lake.owns(location) {
      DeltaTable.removeTemporaries(in: lake.store(location))
    }
  }
}

/// Hands out tables whose inputs are done.
final class Schedule: Sendable {
  private struct State: Sendable {
    var waiting: [Table]
    var running = 0
    var outcomes: [TableName: TableOutcome] = [:]
  }

  private let graph: Graph
  private let selected: Set<TableName>
  /// Tables that others are told by, which are worked on before them.
  private let before: [TableName: [TableName]]
  private let state: Monitor<State>

  init(_ tables: [Table], _ graph: Graph, _ sample: Subset.Sample? = nil) {
    self.graph = graph
    before = Dictionary(
      tables.filter { $0.landing != nil }.map { ($0.name, sample?.tablesBefore($0) ?? []) },
      uniquingKeysWith: { first, _ in first })
    selected = Set(tables.map(\.name))
    state = Monitor(State(waiting: tables))
  }

  /// Waits for a table that can be worked on; nil when none is left.
  func next(_ onEvent: @Sendable (RunEvent) -> Void) -> Table? {
    let (table, skipped): (Table?, [TableOutcome]) = state.wait { state in
      var skipped: [TableOutcome] = []
      var index = 0
      while index < state.waiting.count {
        let table = state.waiting[index]
        let inputs = (graph.inputs(of: table.name) + (before[table.name] ?? []))
          .filter(selected.contains)
        if let failed = inputs.first(where: { !(state.outcomes[$0]?.status.isGood ?? true) }) {
          let outcome = TableOutcome(
            table.name, .skipped(because: state.outcomes[failed]?.origin ?? failed), reason: "")
          state.outcomes[table.name] = outcome
          state.waiting.remove(at: index)
          skipped.append(outcome)
          index = 0
          continue
        }
        if inputs.allSatisfy({ state.outcomes[$0] != nil }) {
          state.waiting.remove(at: index)
          state.running += 1
          return (table, skipped)
        }
        index += 1
      }
      return state.waiting.isEmpty || !skipped.isEmpty || state.running == 0 ? (nil, skipped) : nil
    }
    for outcome in skipped { onEvent(.ended(outcome)) }
    if table == nil, !skipped.isEmpty { return next(onEvent) }
    return table
  }

  func finish(_ outcome: TableOutcome) {
    state.withLock { state in
      state.outcomes[outcome.table] = outcome
      state.running -= 1
    }
  }

  func outcomes(in order: [Table]) -> [TableOutcome] {
    state.withLock { state in order.compactMap { state.outcomes[$0.name] } }
  }
}

extension TableOutcome {
  fileprivate var isSkipped: Bool {
    if case .skipped = status { return true }
    return false
  }

  /// The table whose failure began it.
  fileprivate var origin: TableName {
    if case .skipped(let table) = status { return table }
    return table
  }
}
