import Basics
import DeltaLake

/// A table under test, and the means to give it rows and to look at its own.
public protocol TableSubject {
  var table: DeltaTable { get }
  /// Makes rows of a schema's columns readable by the table's handler.
  func relation(_ rows: [Row], _ schema: Schema) throws -> Relation
  /// The rows of a relation; a column without a value is left out.
  func rows(_ relation: Relation, _ schema: Schema) throws -> [Row]
}

extension TableSubject {
  /// The live rows of a state.
  func rows(of snapshot: Snapshot) throws -> [Row] {
    let parquet = try table.parquet()
    let relation = try parquet.scan(table.scan(snapshot))
    defer { parquet.release(relation) }
    return try rows(relation, snapshot.schema)
  }

  /// The rows of a change feed, with what happened to each.
  func rows(of feed: ChangeFeed) throws -> [(kind: String, row: Row)] {
    let parquet = try table.parquet()
    return try feed.parts.flatMap { part in
      let relation = try parquet.scan(part.scan)
      defer { parquet.release(relation) }
      return try rows(relation, part.scan.schema).map { row in
        var row = row
        let told = row.removeValue(forKey: ChangeFeed.changeTypeColumn)?.string
        return (part.kind?.rawValue ?? told ?? "", row)
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
  static func modulo(_ divisor: Int, _ rest: Int, of alias: String = "") -> String {
    "\(alias)id % \(divisor) = \(rest)"
  }
  static let marked = "target.v || '!'"
  static let gone = "'gone'"
  static let never = "false"
  static let mark = "v || '?'"

  static let divisors = [2, 3, 5]

  /// Teaches the stand-in what they mean.
  public static func teach(_ parquet: MemoryParquet) {
    for divisor in divisors {
      for rest in 0..<divisor {
        func holds(_ row: Row) -> Bool? { row["id"]?.int.map { $0 % Int64(divisor) == rest } }
        parquet.conditions[modulo(divisor, rest)] = { holds($1) }
        parquet.conditions[modulo(divisor, rest, of: "target.")] = { holds($1) }
        parquet.conditions[modulo(divisor, rest, of: "source.")] = { source, _ in holds(source) }
      }
    }
    parquet.conditions[never] = { _, _ in false }
    parquet.expressions[marked] = { append("!", to: $1["v"]) }
    parquet.expressions[mark] = { append("?", to: $1["v"]) }
    parquet.expressions[gone] = { _, _ in "gone" }
  }

  /// A text with more behind it; NULL stays NULL.
  static func append(_ text: String, to value: JSON?) -> JSON {
    value?.string.map { .string($0 + text) } ?? .null
  }
}
