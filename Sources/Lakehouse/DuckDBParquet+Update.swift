import DeltaLake
import Engines

extension DuckDBParquet {
  public func update(_ update: UpdateRequest) throws -> RowChanges {
    let target = try scan(update.target)
    defer { release(target) }
    let schema = update.target.schema
    var columns = "\(Scan.fileColumn), \(Scan.rowColumn)"
    if let assignments = update.assignments {
      columns += try schema.fields.map { field in
        let name = sqlName(field.name)
        return ", CAST(\(try assignments[field.name].map { "(\(try expression($0)))" } ?? name) "
          + "AS \(field.type.duckDB)) AS \(name)"
      }.joined()
    }
    let condition = try update.condition.map { " WHERE (\(try expression($0))) IS TRUE" } ?? ""
    let found = try session.stage(
      "changed", as: "SELECT \(columns) FROM \(target.name) AS target\(condition)")
    let rows = try positions(found, "true")
    let nothing = RowChanges.Counted(Relation("(\(schema.emptyQuery))"), rows: 0)
    guard update.assignments != nil else {
      session.drop(table: found)
      return RowChanges(updated: [:], deleted: rows, images: nothing, inserts: nothing)
    }
    let names = schema.names.map(sqlName).joined(separator: ", ")
    let images = Relation("(SELECT \(names) FROM \(found))", temporaries: [found])
    return RowChanges(
      updated: rows, deleted: [:],
      images: .init(images, rows: rows.values.reduce(0) { $0 + Int64($1.count) }),
      inserts: nothing)
  }

  public func adding(_ column: String, _ value: String, to relation: Relation) -> Relation {
    Relation("(SELECT *, \(sqlLiteral(value)) AS \(sqlName(column)) FROM \(relation.name))")
  }

  public func count(_ relation: Relation) throws -> Int64 {
    try session.count("SELECT count(*) FROM \(relation.name)")
  }

  public func violations(
    _ conditions: [String], in relation: Relation, of schema: Schema
  ) throws -> [Int64] {
    let counts = try conditions.map {
      "count(*) FILTER (WHERE (\(try expression($0))) IS NOT TRUE)"
    }
    let row = try session.row(
      """
      SELECT \(counts.joined(separator: ", ")) \
      FROM (SELECT \(schema.casts()) FROM \(relation.name))
      """)
    return row.map { $0.int ?? 0 }
  }

  public func missing(_ path: [String], in relation: Relation) throws -> Int64 {
    let places = path.indices.map { path[...$0].map(sqlName).joined(separator: ".") }
    let around = places.dropLast().map { "r.\($0) IS NOT NULL AND " }.joined()
    return try session.count(
      """
      SELECT count(*) FROM \(relation.name) AS r \
      WHERE \(around)r.\(places.last ?? "") IS NULL
      """)
  }
}
