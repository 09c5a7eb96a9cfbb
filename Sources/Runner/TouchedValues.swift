import Basics
import DeltaLake
import Engines
import Lakehouse

/// Combinations of values of some columns, each once, in a temporary table.
struct TouchedValues {
  let columns: [StructField]
  /// The temporary table: its columns are `podium_key_0`, `podium_key_1` ….
  let table: String
  /// How many combinations there are.
  let count: Int64
  /// What each column has, as the engine spells values.
  let ranges: [ValueRange]

  /// Looks at a table that was staged.
  init(_ table: String, _ columns: [StructField], _ session: EngineSession) throws {
    self.columns = columns
    self.table = table
    let facts = columns.indices.map { index in
      let name = TouchedValues.column(index)
      return "CAST(min(\(name)) AS VARCHAR), CAST(max(\(name)) AS VARCHAR), count(\(name))"
    }
    let row = try session.row(
      "SELECT count(*), \(facts.joined(separator: ", ")) FROM \(table)")
    let count = row[0].int ?? 0
    self.count = count
    ranges = columns.indices.map { index in
      ValueRange(
        lowest: row[1 + index * 3].string, highest: row[2 + index * 3].string,
        hasNull: row[3 + index * 3].int != count)
    }
  }

  static func column(_ index: Int) -> String { "podium_key_\(index)" }

  /// A condition that a row has one of the combinations; not TRUE for any other row.
  ///
  /// The ranges of the values stand in it as constants, and equality is plain where no value is NULL:
  /// by both an engine passes over parts of files.
  /// - Parameter expressions: SQL for the values, in the order of the columns; no bare name in them is
  ///   one of a column here.
  func contains(_ expressions: [String]) -> String {
    var ranged: [String] = []
    var same: [String] = []
    for (index, expression) in expressions.enumerated() {
      let equals = ranges[index].hasNull ? "IS NOT DISTINCT FROM" : "="
      same.append("t.\(TouchedValues.column(index)) \(equals) (\(expression))")
      if let within = within(index, expression) { ranged.append(within) }
    }
    // DuckDB copies all rows for an EXISTS that depends on them and stands beside another condition.
    let names = columns.indices.map { "t.\(TouchedValues.column($0))" }.joined(separator: ", ")
    let values = expressions.map { "(\($0))" }.joined(separator: ", ")
    let one =
      ranges.contains(where: \.hasNull)
      ? "EXISTS (SELECT 1 FROM \(table) AS t WHERE \(same.joined(separator: " AND ")))"
      : "(\(values)) IN (SELECT \(names) FROM \(table) AS t)"
    return "(\((ranged + [one]).joined(separator: " AND ")))"
  }

  /// A condition that an expression lies within the range of a column; nil where that says nothing.
  private func within(_ index: Int, _ expression: String) -> String? {
    let range = ranges[index]
    guard let lowest = range.lowest, let highest = range.highest else {
      return range.hasNull ? "(\(expression)) IS NULL" : nil
    }
    let type = columns[index].type.duckDB
    let between = [lowest, highest].map { "CAST(\(sqlLiteral($0)) AS \(type))" }
      .joined(separator: " AND ")
    return range.hasNull
      ? "coalesce((\(expression)) BETWEEN \(between), true)" : "(\(expression)) BETWEEN \(between)"
  }
}

extension TouchedValues {
  /// What is certain of a row that has one of the combinations, as far as expressions are columns, or
  /// tell the periods in which they lie.
  func predicate(_ expressions: [KeyLineage.Expression], _ schema: Schema) -> Predicate {
    .all(
      expressions.indices.map { index in
        guard let (name, days) = expressions[index].period,
          let field = schema.fields.first(where: { $0.name.lowercased() == name.lowercased() })
        else { return .unknown }
        guard days > 0 else { return Predicate(field, ranges[index]) }
        return begins(index, in: field, days) ?? .unknown
      })
  }

  /// A condition on a column of times or days that the period of so many days in which its value lies
  /// begins at one of the values; nil where that is not certain.
  private func begins(_ index: Int, in field: StructField, _ days: Int) -> Predicate? {
    let times: Set<DeltaType> = [.date, .timestamp, .timestampNtz]
    let range = ranges[index]
    guard times.contains(field.type), times.contains(columns[index].type), !range.hasNull,
      let lowest = range.lowest, let highest = range.highest,
      let from = PredicateValue(lowest, as: columns[index].type),
      let last = PredicateValue(highest, as: columns[index].type), let to = last.after(days: days)
    else { return nil }
    return .all([
      .compare(field.name, .greaterOrEqual, from), .compare(field.name, .lessOrEqual, to),
    ])
  }
}

extension PredicateValue {
  /// A day or an instant some days later; nil for other values.
  fileprivate func after(days: Int) -> PredicateValue? {
    switch self {
    case .date(let date): return .date(CivilDate(daysSinceEpoch: date.daysSinceEpoch + days))
    case .timestamp(let time):
      let (sum, overflow) = time.microseconds.addingReportingOverflow(
        Int64(days) * 86_400_000_000)
      return overflow ? nil : .timestamp(Timestamp(microseconds: sum))
    default: return nil
    }
  }
}

extension KeyLineage.Expression {
  /// The column that the expression is, with 0 days; or the column of days or times of which it is the
  /// beginning of the period that holds them, with as many days as that has at most.
  ///
  /// Nil where it is anything else.
  var period: (column: String, days: Int)? {
    func period(_ tree: JSON) -> (String, Int)? {
      switch tree["class"]?.string {
      case "COLUMN_REF": return (tree["column_names"]?.array?.last?.string).map { ($0, 0) }
      case "CAST":
        // A day is the beginning of its times; a time at which a day begins is that day.
        guard let id = tree["cast_type"]?["id"]?.string, ["DATE", "TIMESTAMP"].contains(id),
          tree["try_cast"]?.bool != true, let inner = tree["child"].flatMap(period)
        else { return nil }
        return (inner.0, inner.1 + 1)
      case "FUNCTION":
        guard tree["function_name"]?.string?.lowercased() == "date_trunc",
          let children = tree["children"]?.array, children.count == 2,
          let unit = children[0]["value"]?["value"]?.string?.lowercased(),
          let days = ["day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366][unit],
          let inner = period(children[1])
        else { return nil }
        return (inner.0, inner.1 + days)
      default: return nil
      }
    }
    return period(tree)
  }
}
