import DeltaLake
import Engines

extension DuckDBParquet {
  /// Rows that tell how the values of a column are distributed.
  private static let sampleRows: Int64 = 200_000

  /// Rows with their Morton number: the bits of their places in each column, taken in turns.
  ///
  /// The curve is Morton's ("A computer oriented geodetic data base", 1966). A place is the quantile,
  /// of 4,096, in which a value lies by a sample, so that columns of any type and distribution weigh
  /// the same; equal values share one, and NULL comes first. The first column's bits come first.
  public func zOrdered(
    _ relation: Relation, by columns: [String], _ schema: Schema, rowsPerFile: Int64
  ) throws -> Relation {
    let curve = MortonCurve(columns: columns.count)
    var temporaries: [String] = []
    do {
      let bounds = try stageBounds(of: columns, in: relation, curve)
      temporaries.append(bounds)
      for (index, column) in columns.enumerated() {
        // Each value is looked up once, in however many rows it is.
        temporaries.append(
          try session.stage(
            "places",
            as: """
              SELECT v.value, coalesce(\(curve.spread("b.place", index)), 0) AS bits \
              FROM (SELECT DISTINCT \(sqlName(column)) AS value FROM \(relation.name)) AS v \
              ASOF LEFT JOIN (SELECT place, bound\(index) AS bound FROM \(bounds)) AS b \
              ON v.value >= b.bound
              """))
      }
      let joins = zip(temporaries.dropFirst(), columns).enumerated().map { index, pair in
        " JOIN \(pair.0) AS p\(index) ON p\(index).value IS NOT DISTINCT FROM r.\(sqlName(pair.1))"
      }.joined()
      let bits = columns.indices.map { "p\($0).bits" }.joined(separator: " + ")
      let cells = try stageCells("\(relation.name) AS r\(joins)", bits, curve, rowsPerFile)
      temporaries.append(cells)
      let names = schema.names.map { "r.\(sqlName($0))" }.joined(separator: ", ")
      return Relation(
        """
        (SELECT \(names), c.file AS \(Scan.fileColumn), \(bits) AS \(Scan.rowColumn) \
        FROM \(relation.name) AS r\(joins) JOIN \(cells) AS c ON c.cell = (\(bits)) >> \(curve.shift))
        """, temporaries: temporaries)
    } catch {
      for name in temporaries { session.drop(table: name) }
      throw error
    }
  }

  /// Makes a table of the curve's cells, with the number of the file that each goes into.
  private func stageCells(
    _ rows: String, _ bits: String, _ curve: MortonCurve, _ rowsPerFile: Int64
  ) throws -> String {
    let found = try session.connection.query(
      """
      SELECT CAST((\(bits)) >> \(curve.shift) AS BIGINT) AS cell, count(*) FROM \(rows) \
      GROUP BY cell ORDER BY cell
      """
    ).rows()
    let cells = found.map { (cell: $0[0].int ?? 0, rows: $0[1].int ?? 0) }
    let files = curve.files(cells, rowsPerFile: rowsPerFile)
    return try session.stage("cells", numbers: [("cell", cells.map(\.cell)), ("file", files)])
  }

  /// Makes a table of the least value in each quantile, for each column.
  private func stageBounds(
    of columns: [String], in relation: Relation, _ curve: MortonCurve
  ) throws -> String {
    let rows = try count(relation)
    let share = Double(DuckDBParquet.sampleRows) / Double(max(rows, 1)) * 100
    let sample = share >= 100 ? "" : " TABLESAMPLE bernoulli(\(share)%) REPEATABLE (1)"
    let names = columns.map(sqlName).joined(separator: ", ")
    let steps = "[i / \(curve.steps).0 FOR i IN range(\(curve.steps))]"
    let quantiles = columns.enumerated().map { index, column in
      "unnest(quantile_disc(\(sqlName(column)), \(steps))) AS bound\(index)"
    }
    // Of equal bounds the first one counts: ASOF takes the last that is not greater.
    let firsts = columns.indices.map { index in
      "CASE WHEN lag(bound\(index)) OVER (ORDER BY place) IS DISTINCT FROM bound\(index) "
        + "THEN bound\(index) END AS bound\(index)"
    }
    return try session.stage(
      "bounds",
      as: """
        SELECT place, \(firsts.joined(separator: ", ")) FROM (\
        SELECT unnest(range(\(curve.steps))) AS place, \(quantiles.joined(separator: ", ")) \
        FROM (SELECT \(names) FROM \(relation.name)\(sample)))
        """)
  }
}
