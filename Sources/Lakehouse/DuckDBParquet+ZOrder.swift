import DeltaLake
import Engines

extension DuckDBParquet {
  /// Bits of each column's place in the curve.
  private static let zOrderBits = 12

  /// Rows sorted by their Morton number: the bits of their places in each column, taken in turns.
  ///
  /// The curve is Morton's ("A computer oriented geodetic data base", 1966). A place is the rank in equally filled steps, so that columns of any type and distribution weigh
  /// the same; equal values share one. The first column's bits come first.
  public func zOrdered(
    _ relation: Relation, by columns: [String], _ schema: Schema
  ) throws -> Relation {
    let names = schema.names.map(sqlName).joined(separator: ", ")
    let steps = 1 << DuckDBParquet.zOrderBits
    let places = columns.enumerated().map { index, column in
      "(rank() OVER (ORDER BY \(sqlName(column)) NULLS FIRST) - 1) * \(steps) // count(*) OVER () "
        + "AS __place\(index)"
    }
    let bits = (0..<DuckDBParquet.zOrderBits).reversed().flatMap { bit in
      columns.indices.map { index in (bit: bit, column: index) }
    }
    let terms = bits.enumerated().map { offset, source in
      let target = bits.count - 1 - offset
      return "((CAST(__place\(source.column) AS HUGEINT) >> \(source.bit) & 1) << \(target))"
    }
    return Relation(
      """
      (SELECT \(names) FROM (SELECT *, \(places.joined(separator: ", ")) FROM \(relation.name)) \
      ORDER BY \(terms.joined(separator: " + ")))
      """)
  }
}
