import Engines
import Lakehouse
import Podium

/// How much of one value of a column a sample holds.
public struct SampleShare: Hashable, Sendable {
  public let table: TableName
  public let column: String
  /// Nil for rows without a value.
  public let value: String?
  /// Distinct keys with the value in production.
  public let keys: Int64
  /// Distinct keys with the value in the sample.
  public let sampled: Int64
  /// How far the share may lie from the sample's: three standard deviations of as many keys that are
  /// taken independently of each other.
  public let tolerance: Double
  private let wanted: Double

  /// The share of keys that the sample holds.
  public var share: Double { keys == 0 ? 0 : Double(sampled) / Double(keys) }

  /// True if the share lies near enough to the sample's.
  public var isWithin: Bool { abs(share - wanted) <= tolerance }

  init(
    _ table: TableName, _ column: String, _ value: String?, keys: Int64, sampled: Int64,
    wanted: Double
  ) {
    (self.table, self.column, self.value) = (table, column, value)
    (self.keys, self.sampled) = (keys, sampled)
    let variance = wanted * (1 - wanted) / Double(max(1, keys))
    // A key more or less is no fault where there are few.
    tolerance = 3 * variance.squareRoot() + 1 / Double(max(1, keys))
    self.wanted = wanted
  }
}

extension Subset.Sample {
  /// The shares of the values of some columns, in the environment's own tables that have a key and one
  /// of the columns and that production has as well.
  /// - Parameter strata: columns; personal ones are left out, since their values are told.
  public func shares(
    of strata: [String], in environment: Lake, _ tables: [Table], _ engine: EngineProvider
  ) throws -> [SampleShare] {
    let production = environment.production
    var found: [SampleShare] = []
    for table in tables where environment.owns(.of(table)) {
      let names = Set(table.columns.filter { !$0.personal }.map(\.name))
      guard let key = by.first(where: names.contains) else { continue }
      for column in strata where names.contains(column) {
        let whole = try SampleShare.count(table, key, column, production, engine)
        let sample = try SampleShare.count(table, key, column, environment, engine)
        found += whole.sorted { ($0.key ?? "") < ($1.key ?? "") }.map { value, keys in
          SampleShare(
            table.name, column, value, keys: keys, sampled: sample[value] ?? 0, wanted: share)
        }
      }
    }
    return found
  }
}

extension SampleShare {
  fileprivate static func count(
    _ table: Table, _ key: String, _ column: String, _ lake: Lake, _ engine: EngineProvider
  ) throws -> [String?: Int64] {
    let session = try engine.session()
    let sql = """
      SELECT CAST(\(sqlName(column)) AS VARCHAR), count(DISTINCT \(sqlName(key))) \
      FROM \(table.name) GROUP BY 1
      """
    try Catalog(lake: lake, tables: [table]).defineViews(for: sql, in: session)
    var counts: [String?: Int64] = [:]
    for row in try session.connection.query(sql).rows() { counts[row[0].string] = row[1].int ?? 0 }
    return counts
  }
}
