import Basics
import LakeCare
import Lakehouse
import Podium
import Runner
import RunnerTestKit
import Synchronization

/// The machine's clock, which a test moves on by hours; files keep the times of the machine.
final class MovingClock: Sendable {
  private let moved = Atomic<Int64>(0)

  /// Lets hours pass.
  func pass(hours: Int64) { moved.wrappingAdd(hours * 3_600_000_000, ordering: .relaxed) }

  /// Lets days pass.
  func pass(days: Int64) { pass(hours: days * 24) }

  var clock: Clock {
    Clock { [self] in
      Timestamp(
        microseconds: Clock.system.now().microseconds + moved.load(ordering: .relaxed))
    }
  }
}

extension TestLake {
  /// What looks after this lake.
  func care(_ tables: [Table]) throws -> LakeCare {
    LakeCare(lake: lake, graph: try Graph(tables), engine: TestLake.engine)
  }

  /// Maintains the lake, as `maintain` does.
  @discardableResult
  func maintain(
    _ tables: [Table], asOf: String = "2025-03-01", keepLanding: Bool = false, dryRun: Bool = false
  ) throws -> MaintenanceReport {
    var request = MaintenanceRequest(
      asOf: CivilDate(asOf) ?? CivilDate(daysSinceEpoch: 0), dryRun: dryRun)
    if keepLanding { request.landingRetention = nil }
    return try care(tables).maintain(request) { [lake] in
      try LakeLock(lake, command: "maintain", patience: 60)
    }
  }

  /// Runs tables in an environment, as `run --env` does.
  @discardableResult
  func run(
    _ tables: [Table], _ selectors: String = "", in name: String, asOf: String = "2025-03-01"
  ) throws -> RunReport {
    let graph = try Graph(tables)
    let request = RunRequest(
      selectors: selectors.split(separator: " ").map { Selector(String($0)) },
      asOf: CivilDate(asOf) ?? CivilDate(daysSinceEpoch: 0))
    let staged = lake.within(
      try lake.environment(name, of: graph.ordered, with: graph.select(request.selectors)))
    let lock = try LakeLock(staged, command: "run", patience: 0)
    defer { withExtendedLifetime(lock) {} }
    return try Runner(lake: staged, graph: graph, engine: TestLake.engine).run(request)
  }

  /// Makes an environment's tables production's, as `promote` does.
  func promote(_ tables: [Table], _ selectors: String = "", from name: String) throws {
    let care = try care(tables)
    try care.carryOut(
      try care.planPromotion(
        name, selectors.split(separator: " ").map { Selector(String($0)) }))
  }

  /// The files of a table's folder, without its log.
  func dataFiles(_ table: Table) throws -> [String] {
    try lake.store(.of(table)).list("").map(\.path).filter { !$0.hasPrefix("_delta_log/") }
  }
}

extension MaintenanceReport {
  subscript(_ name: String) -> TableUpkeep? { tables.first { $0.name == name } }
}
