import Basics
import DeltaLake
import Storage
import Synchronization

/// A Delta table in memory, opened as a process of its own would: with its own handler.
public struct TestTable {
  /// Where the table lies.
  public let store: any ObjectStore
  public let parquet: MemoryParquet
  private let clock: Clock
  /// The table, opened anew: it remembers nothing that was read before.
  public var table: DeltaTable { DeltaTable(store: store, clock: clock) { [parquet] in parquet } }

  /// Opens a table on a store; the clock goes on by a second with each look at it.
  public init(_ store: any ObjectStore = MemoryStore(clock: .ticking()), clock: Clock = .ticking())
  {
    self.store = store
    self.clock = clock
    parquet = MemoryParquet(store)
  }

  /// A column of numbers and one of texts.
  public static let schema = Schema([
    StructField("id", .long, nullable: false), StructField("v", .string),
  ])

  /// Creates the table as version 0.
  @discardableResult
  public func create(
    _ schema: Schema = TestTable.schema, partitionedBy: [String] = [],
    configuration: [String: String] = [:], protocol versions: TableProtocol? = nil
  ) throws -> Snapshot {
    let metadata = Metadata(
      id: "00000000-0000-4000-8000-000000000001", schema: schema, partitionColumns: partitionedBy,
      configuration: configuration, createdTime: 0)
    return try table.create(
      metadata, protocol: versions, transaction: Transaction("CREATE TABLE", isBlindAppend: true))
  }

  /// Adds rows to the newest version, or to the one given.
  @discardableResult
  public func append(_ rows: [Row], on base: Snapshot? = nil) throws -> Snapshot {
    try table.append(
      parquet.relation(rows), try base ?? table.snapshot(),
      transaction: Transaction("WRITE", isBlindAppend: true)
    ).snapshot
  }

  /// Replaces all rows.
  @discardableResult
  public func overwrite(_ rows: [Row], on base: Snapshot? = nil) throws -> Snapshot {
    try table.overwrite(
      parquet.relation(rows), try base ?? table.snapshot(),
      transaction: Transaction("OVERWRITE", isBlindAppend: false)
    ).snapshot
  }

  /// Updates rows by `id` and inserts those that are new.
  @discardableResult
  public func merge(_ rows: [Row], on base: Snapshot? = nil) throws -> Snapshot {
    let source = parquet.relation(rows)
    defer { parquet.release(source) }
    return try table.merge(
      source, try base ?? table.snapshot(), keys: ["id"], whenMatched: [.init(.update)]
    ) { _ in Transaction("MERGE", isBlindAppend: false) }.snapshot
  }

  /// The rows of a version, or of the newest one, in the order of their texts.
  public func rows(version: Int64? = nil) throws -> [Row] {
    let scanned = try parquet.scan(table.scan(table.snapshot(version: version)))
    defer { parquet.release(scanned) }
    return try parquet.rows(scanned).ordered
  }
}

extension [Row] {
  /// The rows in an order that depends on nothing but their values.
  public var ordered: [Row] {
    func text(_ row: Row) -> String {
      row.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.text)" }.joined(separator: ",")
    }
    return sorted { text($0) < text($1) }
  }
}

extension Clock {
  /// A clock that begins at the start of 2024 and goes on by a second with each look at it.
  public static func ticking(from start: Timestamp = Timestamp(milliseconds: 1_704_067_200_000))
    -> Clock
  {
    let looks = Counter()
    return Clock {
      let look = looks.value.wrappingAdd(1, ordering: .relaxed).oldValue
      return Timestamp(microseconds: start.microseconds + look * 1_000_000)
    }
  }
}

private final class Counter: Sendable {
  let value = Atomic<Int64>(0)
}
