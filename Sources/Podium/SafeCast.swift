/// A text of a source as a typed value: NULL where the text is none, never a rounded or guessed one.
///
/// Put into a query as `\(.integer("quantity"))`. A plain `TRY_CAST` is not enough: engines differ
/// in what they read, and some make 2 of `1.5`, 16 of `0x10` or a timestamp of `infinity`. The
/// expressions are portable SQL; the argument is a column or an expression of type STRING.
public enum SafeCast: Hashable, Sendable {
  /// The text without blanks around it; NULL where nothing is left.
  case text(String)
  /// A BIGINT of up to 18 digits; `3.0` is 3, while `1.5` and `1e3` are NULL.
  case integer(String)
  /// A DECIMAL(18, scale) for a scale of 1 to 17; with a scale of 2, `3.250` is 3.25, while `3.255`
  /// is NULL.
  case decimal(String, scale: Int = 2)
  /// A DOUBLE written in digits, with an exponent or without; `nan` and `infinity` are NULL.
  case double(String)
  /// A DATE from ISO 8601, years 1900 to 2099; a time behind it is left out.
  case date(String)
  /// A DATE from `M/d/yyyy`, years 1900 to 2099; a time behind it is left out.
  case usDate(String)
  /// A TIMESTAMP (an instant) from ISO 8601, years 1900 to 2099; UTC where no zone is told.
  case timestamp(String)
  /// A TIMESTAMP for `to_utc_timestamp`: ISO 8601 without a zone, years 1900 to 2099; NULL where a
  /// zone is told.
  case localTimestamp(String)

  private static let year = "(19|20)[0-9][0-9]"
  private static let day = "\(year)-[0-9][0-9]-[0-9][0-9]"
  private static let time = "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?"
  private static let zone = "( ?(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?))?"
  private static let instant = "\(day)([ T]\(time)\(zone))?"

  /// The expression.
  public var sql: String {
    switch self {
    case .text(let x): "nullif(trim(\(x)), '')"
    case .integer(let x):
      guarded(x, "[+-]?[0-9]+([.]0*)?", "CAST(TRY_CAST(\(x) AS DECIMAL(18, 0)) AS BIGINT)")
    case .decimal(let x, let scale):
      guarded(
        x, "[+-]?([0-9]+[.]?|[0-9]*[.][0-9]{1,\(scale)}0*)",
        "TRY_CAST(\(x) AS DECIMAL(18, \(scale)))")
    case .double(let x):
      guarded(
        x, "[+-]?([0-9]+[.]?|[0-9]*[.][0-9]+)([eE][+-]?[0-9]+)?", "TRY_CAST(\(x) AS DOUBLE)")
    case .date(let x): guarded(x, SafeCast.instant, "TRY_CAST(\(x) AS DATE)")
    case .usDate(let x):
      guarded(
        x, "[0-9][0-9]?/[0-9][0-9]?/\(SafeCast.year)( .*)?",
        "TRY_CAST(\(part(3, x)) || '-' || lpad(\(part(1, x)), 2, '0') || '-' "
          + "|| lpad(\(part(2, x)), 2, '0') AS DATE)")
    case .timestamp(let x): guarded(x, SafeCast.instant, "try_to_timestamp(\(x))")
    case .localTimestamp(let x):
      guarded(x, "\(SafeCast.day)[ T]\(SafeCast.time)", "TRY_CAST(\(x) AS TIMESTAMP)")
    }
  }

  private func guarded(_ text: String, _ pattern: String, _ value: String) -> String {
    "CASE WHEN regexp_like(\(text), '^ *(\(pattern)) *$') THEN \(value) END"
  }

  /// A part of the day of a text such as `4/12/2016 12:00:00 AM`.
  private func part(_ number: Int, _ text: String) -> String {
    "split_part(split_part(trim(\(text)), ' ', 1), '/', \(number))"
  }
}
