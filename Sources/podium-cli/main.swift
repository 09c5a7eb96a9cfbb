import Basics
import Bronze
import Gold
import Lakehouse
import Podium
import Runner
import Silver
let lake = try Lake(at: CommandLine.arguments[1])
let graph = try Graph(Bronze.tables + Silver.tables + Gold.tables)
for t in graph.ordered { for p in t.problems() { print(p) } }
let engine = EngineProvider(lake: lake)
let lock = try LakeLock(lake, command: "run", patience: 2)
let r = Runner(lake: lake, graph: graph, engine: engine)
let report = try r.run(RunRequest(jobs: 2, asOf: CivilDate(CommandLine.arguments[2])!))
for t in report.tables {
  print(t.table, t.status.word, t.reason, t.version ?? -1, t.rows ?? -1, t.counts.read, t.counts.fates.filter{$0.rows != 0}, t.failures.map{"\($0.rule):\($0.rows)"}, t.files?.taken ?? 0, t.files?.quarantined.map(\.description) ?? [], t.files?.notes.map(\.note.description) ?? [], t.seconds)
  if case .failed(let e) = t.status { print("   ERROR", e) }
}
print(report.seconds)
withExtendedLifetime(lock) {}
