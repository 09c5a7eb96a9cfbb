import Basics
import Engines
import Lakehouse
import Podium
import Runner
import Storage
import Testing

/// Public data sets beside the checkout, or where `PODIUM_TEST_DATA` says; tests that need them are
/// skipped where they are missing.
enum RealData {
  static let folder: String = {
    if let named = environment("PODIUM_TEST_DATA") { return absolutePath(named) }
    return absolutePath(#filePath + "/../../../../shared/data")
  }()

  static func has(_ name: String) -> Bool { kindOfFile(folder + "/" + name) == .folder }

  static let missing: Comment =
    "the public data sets are not here; name their folder with PODIUM_TEST_DATA"

  /// The bytes of a data file.
  static func bytes(_ path: String) throws -> [UInt8] {
    try LocalStore(root: folder).read(path)
  }

  /// The names of the files in a folder, in order.
  static func files(_ name: String) throws -> [String] {
    try LocalStore(root: folder).listFolder(name + "/").map { lastPathComponent($0.path) }
  }
}

/// A lake in a folder that is removed with it, and a project's tables.
final class TestLake {
  let lake: Lake
  let graph: Graph
  let engine: EngineProvider

  init(_ tables: [Table]) throws {
    lake = try Lake(at: "/tmp/podium-test-\(uniqueName())")
    graph = try Graph(tables)
    engine = EngineProvider(lake: lake)
  }

  deinit { removeFolder(lake.root) }

  /// Puts a file into the landing zone.
  func land(_ path: String, _ bytes: [UInt8]) throws { try lake.landing.put(path, bytes) }

  /// Runs all tables; any failure is recorded as an issue.
  @discardableResult
  func run(asOf: String = "2012-01-01", fullRefresh: Bool = false) throws -> RunReport {
    let date = try #require(CivilDate(asOf))
    let report = try Runner(lake: lake, graph: graph, engine: engine)
      .run(RunRequest(fullRefresh: fullRefresh, jobs: 2, asOf: date))
    for case let outcome in report.tables {
      if case .failed(let error) = outcome.status { Issue.record("\(outcome.table): \(error)") }
    }
    return report
  }

  /// The rows of a query over the lake, as text.
  func ask(_ sql: String) throws -> [[String]] {
    let session = try engine.session()
    try Catalog(lake: lake, tables: graph.ordered).defineViews(for: sql, in: session)
    return try session.connection.query(sql).rows().map { $0.map(\.plain) }
  }
}

private func removeFolder(_ path: String) {
  let store = LocalStore(root: path)
  for object in (try? store.list("")) ?? [] { try? store.delete(object.path) }
  removeEmptyFolders(path)
}
