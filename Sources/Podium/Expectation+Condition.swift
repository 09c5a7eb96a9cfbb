import Basics

extension Expectation {
  /// The rule as a condition in portable SQL over the columns of a table's query, TRUE for a good
  /// row; nil for a rule that needs other rows or tables.
  ///
  /// Columns that may be NULL pass without a value where the rule is about the value.
  public func condition(in table: Table) -> String? {
    switch test {
    case .condition(let sql): return sql
    case .required(let column): return "\(column) IS NOT NULL"
    case .readable(let column, let text): return "\(text) IS NULL OR \(column) IS NOT NULL"
    case .type(let column, let type):
      return "nullif(trim(\(column)), '') IS NULL OR \(Expectation.reads(column, as: type))"
    case .oneOf(let column, let values):
      let list = values.map(quoted).joined(separator: ", ")
      return table.sparing(column, values.isEmpty ? "false" : "\(column) IN (\(list))")
    case .range(let column, let low, let high):
      return table.sparing(column, Expectation.range(column, low, high, table.type(of: column)))
    case .pattern(let column, let pattern):
      return table.sparing(column, "regexp_like(\(column), \(quoted("^(?:\(pattern))$")))")
    case .reference, .unique, .rowCount, .freshness, .query, .factor, .rows, .sum: return nil
    }
  }

  private static func reads(_ column: String, as type: ColumnType) -> String {
    let cast: SafeCast
    switch type {
    case .string: return "true"
    case .bool: return "lower(trim(\(column))) IN ('true', 'false')"
    case .int: cast = .integer(column)
    case .double: cast = .double(column)
    case .decimal(_, let scale):
      cast = scale == 0 ? .integer(column) : .decimal(column, scale: scale)
    case .date: cast = .date(column)
    case .timestamp: cast = .timestamp(column)
    }
    return "(\(cast.sql)) IS NOT NULL"
  }

  private static func range(
    _ column: String, _ low: Bound?, _ high: Bound?, _ type: ColumnType?
  ) -> String {
    switch (low.map { $0.sql(type) }, high.map { $0.sql(type) }) {
    case (let low?, let high?): return "\(column) BETWEEN \(low) AND \(high)"
    // What is not a number compares as greater than all numbers.
    case (let low?, nil):
      return "\(column) >= \(low)"
        + (type == .double ? " AND \(column) < CAST('NaN' AS DOUBLE)" : "")
    case (nil, let high?): return "\(column) <= \(high)"
    case (nil, nil): return "true"
    }
  }
}

extension Table {
  func type(of column: String) -> ColumnType? { columns.first { $0.name == column }?.type }

  /// A condition that also holds without a value, in a column that is declared so.
  fileprivate func sparing(_ column: String, _ condition: String) -> String {
    columns.contains { $0.name == column && $0.nullable }
      ? "\(column) IS NULL OR \(condition)" : condition
  }
}

extension Expectation.Bound {
  /// The bound as an SQL literal for a column; of a column that the table does not declare, the type
  /// is not known.
  func sql(_ type: ColumnType?) -> String {
    switch self {
    case .integer(let value): return "\(value)"
    case .number(let value): return type == .double ? "CAST('\(value)' AS DOUBLE)" : "\(value)"
    case .text(let text):
      switch type {
      case .date: return "DATE \(quoted(text))"
      case .timestamp:
        let instant = Timestamp(iso8601: text)
        let words = instant?.text(decimals: 6, separator: " ", zone: "") ?? text
        return "TIMESTAMP \(quoted(words))"
      default: return quoted(text)
      }
    }
  }
}

/// A text as an SQL literal.
func quoted(_ text: String) -> String { "'\(text.replacingSigns(["'": "''"]))'" }
