import Basics
import DeltaLake
import Engines
import Storage
import TestKit
import Testing

@testable import Lakehouse

/// One DuckDB for all tests of the module; each test has a session of its own.
enum Engine {
  private static let provider = EngineProvider(lake: nil)
  static func session() throws -> EngineSession { try provider.session() }
}

/// A Delta table in a folder that is gone after the test, read and written by DuckDB.
final class FolderTable {
  let folder: TemporaryFolder
  let session: EngineSession
  private let parquet: DuckDBParquet
  private let store: LocalStore
  /// The table, opened anew: it remembers nothing that was read before.
  var table: DeltaTable { DeltaTable(store: store) { [parquet] in parquet } }
  /// The table an hour later, when nothing needs the files of earlier versions any more.
  var anHourLater: DeltaTable {
    let later = Clock { Timestamp(microseconds: Clock.system.now().microseconds + 3_600_000_000) }
    return DeltaTable(store: store, clock: later) { [parquet] in parquet }
  }
  var connection: EngineConnection { session.connection }
  var path: String { table.address }

  /// - Parameters:
  ///   - name: folders below the temporary one, of any spelling.
  ///   - session: a session of another engine than the one that tests share.
  ///   - fewRows: how many chosen rows the engine is told one by one; more are bit strings.
  init(_ name: String = "table", session: EngineSession? = nil, fewRows: Int? = nil) throws {
    let folder = try TemporaryFolder()
    let session = try session ?? Engine.session()
    self.folder = folder
    self.session = session
    store = LocalStore(root: folder.path + "/" + name)
    parquet = DuckDBParquet(session)
    if let fewRows { parquet.fewRows = fewRows }
  }

  @discardableResult
  func create(
    _ fields: [StructField], partitionedBy: [String] = [], configuration: [String: String] = [:],
    protocol versions: TableProtocol? = .plain
  ) throws -> Snapshot {
    let metadata = Metadata(
      id: "6f1a2b3c-0000-4000-8000-000000000001", schema: Schema(fields),
      partitionColumns: partitionedBy, configuration: configuration, createdTime: 0)
    return try table.create(
      metadata, protocol: versions, transaction: Transaction("CREATE TABLE", isBlindAppend: true))
  }

  /// Adds the rows of a query.
  @discardableResult
  func append(_ query: String) throws -> Snapshot {
    try table.append(
      Relation("(\(query))"), table.snapshot(),
      transaction: Transaction("WRITE", isBlindAppend: true)
    ).snapshot
  }

  /// Replaces all rows by those of a query.
  @discardableResult
  func overwrite(_ query: String) throws -> Snapshot {
    try table.overwrite(
      Relation("(\(query))"), table.snapshot(),
      transaction: Transaction("OVERWRITE", isBlindAppend: false)
    ).snapshot
  }

  /// Merges the rows of a query; matched rows are updated unless clauses say otherwise.
  @discardableResult
  func merge(
    _ query: String, keys: [String] = ["id"],
    whenMatched: [MergeRequest.Clause] = [.init(.update)], insertWhen: String? = nil
  ) throws -> MergeResult {
    let source = try session.stage("source", as: query)
    defer { session.drop(table: source) }
    return try table.merge(
      Relation(source), table.snapshot(), keys: keys, whenMatched: whenMatched,
      insertWhen: insertWhen
    ) { _ in Transaction("MERGE", isBlindAppend: false) }
  }

  /// Deletes the rows that satisfy a condition.
  @discardableResult
  func delete(_ condition: String) throws -> UpdateResult {
    try table.delete(
      where: condition, table.snapshot(), transaction: Transaction("DELETE", isBlindAppend: false))
  }

  /// Gives columns of the rows that satisfy a condition other values.
  @discardableResult
  func update(_ assignments: [String: String], _ condition: String? = nil) throws -> UpdateResult {
    try table.update(
      assignments, where: condition, table.snapshot(),
      transaction: Transaction("UPDATE", isBlindAppend: false))
  }

  /// A query that reads a version, or the newest one.
  func scan(version: Int64? = nil) throws -> String {
    try table.parquet().scan(table.scan(table.snapshot(version: version))).name
  }

  /// The rows of a version, each as JSON, in the order of their texts.
  func rows(version: Int64? = nil) throws -> [JSON] {
    try rows(of: "SELECT * FROM \(scan(version: version))")
  }

  /// The rows of a query, each as JSON, in the order of their texts.
  func rows(of query: String) throws -> [JSON] {
    try connection.query(query).rows().map { .array($0.map(\.shown)) }.ordered
  }

  /// How many rows a query has that another one lacks, both ways.
  func differences(_ a: String, _ b: String) throws -> Int64 {
    try session.count("SELECT count(*) FROM ((\(a)) EXCEPT ALL (\(b)))")
      + session.count("SELECT count(*) FROM ((\(b)) EXCEPT ALL (\(a)))")
  }

  /// The live files' statistics.
  func statistics() throws -> [JSON] {
    try table.snapshot().orderedFiles.map { try JSON(parsing: $0.stats ?? "null") }
  }
}

extension Value {
  /// The value as the Python readers show it: decimals are texts.
  var shown: JSON {
    switch self {
    case .decimal: .string(plain)
    case .list(let elements): .array(elements.map(\.shown))
    case .structure(let members): .object(members.map { JSON.Member($0.name, $0.value.shown) })
    case .map(let entries): .object(entries.map { JSON.Member($0.key.plain, $0.value.shown) })
    default: json
    }
  }
}

extension [JSON] {
  /// The values in the order of their texts.
  var ordered: [JSON] { sorted { $0.text < $1.text } }
}
