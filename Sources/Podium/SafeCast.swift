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
  /// A TIMESTAMP for `to_utc_timestamp`: `M/d/yyyy h:mm:ss AM`, also without seconds, or of 24 hours
  /// without AM and PM, years 1900 to 2099.
  case usTimestamp(String)

  private static let year = "(19|20)[0-9][0-9]"
  private static let day = "\(year)-[0-9][0-9]-[0-9][0-9]"
  private static let time = "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?"
  private static let zone = "( ?(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?))?"
  private static let halfDayTime = "(0?[1-9]|1[0-2]):[0-5][0-9](:[0-5][0-9])? [AaPp][Mm]"
  private static let wholeDayTime = "([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?"
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
    case .date(let x):
      // Not all engines read a day from a text that goes on with a time.
      guarded(x, SafeCast.instant, "TRY_CAST(substr(trim(\(x)), 1, 10) AS DATE)")
    case .usDate(let x):
      guarded(
        x, "[0-9][0-9]?/[0-9][0-9]?/\(SafeCast.year)( .*)?",
        "TRY_CAST(\(usDay(x)) AS DATE)")
    case .timestamp(let x): guarded(x, SafeCast.instant, "try_to_timestamp(\(x))")
    case .localTimestamp(let x):
      guarded(x, "\(SafeCast.day)[ T]\(SafeCast.time)", "TRY_CAST(\(x) AS TIMESTAMP)")
    case .usTimestamp(let x): usInstant(x)
    }
  }

  private func guarded(_ text: String, _ pattern: String, _ value: String) -> String {
    "CASE WHEN regexp_like(\(text), '^ *(\(pattern)) *$') THEN \(value) END"
  }

  /// The day of a text such as `4/12/2016 12:00:00 AM`, as ISO 8601 writes it.
  private func usDay(_ text: String) -> String {
    func part(_ number: Int) -> String {
      "split_part(split_part(trim(\(text)), ' ', 1), '/', \(number))"
    }
    return "\(part(3)) || '-' || lpad(\(part(1)), 2, '0') || '-' || lpad(\(part(2)), 2, '0')"
  }

  /// The instant of such a text: that of its dial, and half a day more or less where noon asks for it.
  ///
  /// Texts of another form are told by a NULL at the end of what is read. Within a CASE, DuckDB would
  /// compute each part anew wherever it stands, which takes five times as long.
  private func usInstant(_ text: String) -> String {
    let form =
      "[0-9][0-9]?/[0-9][0-9]?/\(SafeCast.year) (\(SafeCast.halfDayTime)|\(SafeCast.wholeDayTime))"
    let length = "CASE WHEN regexp_like(\(text), ':[0-9]+:') THEN 8 ELSE 5 END"
    let time = "lpad(split_part(trim(\(text)), ' ', 2), \(length), '0')"
    let guardian = "CASE WHEN regexp_like(\(text), '^ *(\(form)) *$') THEN '' END"
    return "CAST(TRY_CAST(\(usDay(text)) || ' ' || \(time) || \(guardian) AS TIMESTAMP) + CASE "
      + "WHEN regexp_like(\(text), ' 12:[0-9:]* [Aa][Mm] *$') THEN INTERVAL '-12' HOUR "
      + "WHEN regexp_like(\(text), '[Pp][Mm] *$') AND NOT regexp_like(\(text), ' 12:') "
      + "THEN INTERVAL '12' HOUR ELSE INTERVAL '0' HOUR END AS TIMESTAMP)"
  }
}
