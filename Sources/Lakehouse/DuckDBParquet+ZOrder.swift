import DeltaLake
import Engines

extension DuckDBParquet {
  /// Rows that tell how the values of a column are distributed.
  private static let sampleRows: Int64 = 200_000

  /// Rows with their Morton number: the bits of their places in each column, taken in turns.
  ///
  /// The curve is Morton's ("A computer oriented geodetic data base", 1966). A place is the quantile,
  /// of 4,096, in which the middle one of the rows with a value lies by a sample: columns of any type
  /// and distribution weigh the same, and few values share the curve evenly. Equal values share one,
  /// and NULL comes first. The first column's bits come first.
  public func zOrdered(
    _ relation: Relation, by columns: [String], _ schema: Schema, rowsPerFile: Int64
  ) throws -> Relation {
    let curve = MortonCurve(columns: columns.count)
    var temporaries: [String] = []
    do {
      let sample = try sampling(relation)
      for (index, column) in columns.enumerated() {
        temporaries.append(try stagePlaces(column, index, in: relation, sample, curve))
      }
      let joins = zip(temporaries, columns).enumerated().map { index, pair in
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

  /// What takes a part of many rows, enough to tell how values are distributed.
  private func sampling(_ relation: Relation) throws -> String {
    let rows = try count(relation)
    let share = Double(DuckDBParquet.sampleRows) / Double(max(rows, 1)) * 100
    return share >= 100 ? "" : " TABLESAMPLE bernoulli(\(share)%) REPEATABLE (1)"
  }

  /// Makes a table of a column's values, each once, and the bits of the quantile in which it lies.
  private func stagePlaces(
    _ column: String, _ index: Int, in relation: Relation, _ sample: String, _ curve: MortonCurve
  ) throws -> String {
    let name = sqlName(column)
    let place =
      "(2 * sum(rows) OVER (ORDER BY value) - rows) * \(curve.steps / 2) // sum(rows) OVER ()"
    return try session.stage(
      "places",
      as: """
        SELECT v.value, coalesce(\(curve.spread("b.place", index)), 0) AS bits \
        FROM (SELECT DISTINCT \(name) AS value FROM \(relation.name)) AS v \
        ASOF LEFT JOIN (SELECT min(value) AS bound, place FROM (\
        SELECT value, CAST(\(place) AS BIGINT) AS place FROM (\
        SELECT \(name) AS value, count(*) AS rows FROM (SELECT \(name) FROM \(relation.name)\(sample)) \
        WHERE \(name) IS NOT NULL GROUP BY 1)) GROUP BY place) AS b \
        ON v.value >= b.bound
        """)
  }
}
