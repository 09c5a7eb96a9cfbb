import Basics
import DeltaLake

/// A table under test, and the means to give it rows and to look at its own.
public protocol TableSubject {
  var table: DeltaTable { get }
  /// Makes rows of a schema's columns readable by the table's handler.
  func relation(_ rows: [Row], _ schema: Schema) throws -> Relation
  /// The rows of a relation; a column without a value is left out.
  func rows(_ relation: Relation, _ schema: Schema) throws -> [Row]
  /// The rows of a change feed, with the version that changed each and what happened to it.
  func rows(of feed: ChangeFeed) throws -> [(version: Int64, change: Change)]
}

extension TableSubject {
  /// Hands rows to a piece of work and gives them back afterwards.
  func with<R>(
    _ rows: [Row], _ schema: Schema, _ work: (Relation) throws -> R
  ) throws -> R {
    let relation = try relation(rows, schema)
    defer { if let parquet = try? table.parquet() { parquet.release(relation) } }
    return try work(relation)
  }

  /// The live rows of a state.
  func rows(of snapshot: Snapshot) throws -> [Row] { try rows(of: table.scan(snapshot)) }

  /// The rows of a scan.
  func rows(of scan: Scan) throws -> [Row] {
    let parquet = try table.parquet()
    let relation = try parquet.scan(scan)
    defer { parquet.release(relation) }
    return try rows(relation, scan.schema)
  }

  /// Reads a feed part by part.
  public func rows(of feed: ChangeFeed) throws -> [(version: Int64, change: Change)] {
    try feed.parts.flatMap { part in
      try rows(of: part.scan).map { row in
        var row = row
        let told = row.removeValue(forKey: ChangeFeed.changeTypeColumn)?.string
        return (part.version, Change(part.kind?.rawValue ?? told ?? "", row))
      }
    }
  }
}

extension TestTable: TableSubject {
  public func relation(_ rows: [Row], _ schema: Schema) -> Relation { parquet.relation(rows) }
  public func rows(_ relation: Relation, _ schema: Schema) throws -> [Row] {
    try parquet.rows(relation).map { $0.filter { !$0.value.isNull } }
  }
}

/// Conditions and expressions that SQL and the stand-in in memory mean the same by.
public enum ModelSQL {
  static let marked = "target.v || '!'"
  static let taken = "source.v"
  static let gone = "'gone'"
  static let mark = "v || '?'"
  static let place = "'b c'"

  /// Teaches the stand-in what they mean.
  public static func teach(_ parquet: MemoryParquet) {
    for condition in ModelCondition.all + [.never] {
      parquet.predicates[condition.sql(of: "")] = condition.predicate
      parquet.conditions[condition.sql(of: "")] = { condition.holds($1) }
      parquet.conditions[condition.sql(of: "target.")] = { condition.holds($1) }
      parquet.conditions[condition.sql(of: "source.")] = { source, _ in condition.holds(source) }
    }
    parquet.expressions[marked] = { append("!", to: $1["v"]) }
    parquet.expressions[taken] = { source, _ in source["v"] ?? .null }
    parquet.expressions[mark] = { append("?", to: $1["v"]) }
    parquet.expressions[gone] = { _, _ in "gone" }
    parquet.expressions[place] = { _, _ in .string("b c") }
  }

  /// A text with more behind it; NULL stays NULL.
  static func append(_ text: String, to value: JSON?) -> JSON {
    value?.string.map { .string($0 + text) } ?? .null
  }
}
