extension DuckDB {
  /// Spark's function names, defined on DuckDB so that a table's query is written once.
  ///
  /// They are defined once, in the database that all sessions share, and hide built-in functions of
  /// the same name. Each gives the rows that Apache Spark 4 gives, for the arguments that gym queries
  /// use. The time-zone functions differ on purpose from DuckDB's `AT TIME ZONE`: a local time that
  /// occurs twice means its first occurrence, as in Java; one that a clock change skips moves forward.
  static let sparkMacros = [
    "to_date(s) AS TRY_CAST(s AS DATE)",
    "try_to_timestamp(s) AS TRY_CAST(s AS TIMESTAMPTZ)",
    "date_format(d, f) AS \(dateFormat)",
    "regexp_like(s, p) AS regexp_matches(s, p)",
    "regexp_replace(s, p, r) AS system.main.regexp_replace(s, p, r, 'g')",
    "datediff(a, b) AS CAST(CAST(a AS DATE) - CAST(b AS DATE) AS INTEGER)",
    "add_months(d, n) AS CAST(CAST(d AS DATE) + to_months(CAST(n AS INTEGER)) AS DATE)",
    "get_json_object(j, p) AS json_extract_string(CASE WHEN json_valid(j) THEN j END, p)",
    "sha2(s, n) AS CASE WHEN n IN (0, 256) THEN sha256(s) ELSE error('sha2 knows 256 bits') END",
    "initcap(s) AS \(initcap)",
    "unix_timestamp(t) AS CAST(floor(epoch(t)) AS BIGINT)",
    "dayofweek(d) AS CAST(system.main.dayofweek(CAST(d AS DATE)) + 1 AS INTEGER)",
    "try_divide(a, b) AS a / nullif(b, 0)",
    "from_utc_timestamp(t, z) AS CAST(t AS TIMESTAMPTZ) AT TIME ZONE z",
    "to_utc_timestamp(t, z) AS \(firstOccurrence)",
  ].map { "CREATE OR REPLACE MACRO " + $0 }

  /// Patterns of `date_format` by their `strftime` spelling, which DuckDB wants as a constant.
  private static let datePatterns = [
    ("yyyy-MM-dd", "%Y-%m-%d"), ("yyyy-MM", "%Y-%m"), ("yyyyMMdd", "%Y%m%d"), ("yyyy", "%Y"),
    ("MM", "%m"), ("dd", "%d"), ("HH:mm", "%H:%M"), ("HH", "%H"),
    ("yyyy-MM-dd HH:mm:ss", "%Y-%m-%d %H:%M:%S"),
  ]

  private static let dateFormat =
    "CASE f "
    + datePatterns.map { "WHEN '\($0.0)' THEN strftime(CAST(d AS TIMESTAMP), '\($0.1)') " }.joined()
    + "ELSE error('date_format knows the patterns "
    + datePatterns.map(\.0).joined(separator: ", ") + "') END"

  private static let initcap =
    "array_to_string(list_transform(string_split(lower(s), ' '), "
    + "lambda w: upper(substr(w, 1, 1)) || substr(w, 2)), ' ')"

  /// The instant of a local time, the first where there are two.
  ///
  /// DuckDB takes the later of two instants that share a local time; an hour earlier is the same
  /// local time exactly when the time occurs twice. Lord Howe Island alone moves its clocks by half
  /// an hour.
  private static let firstOccurrence = """
    CASE WHEN z IS NULL OR z NOT IN (SELECT name FROM pg_timezone_names()) THEN NULL \
    WHEN (\(instant) - \(clockChange)) AT TIME ZONE z = CAST(t AS TIMESTAMP) \
    THEN \(instant) - \(clockChange) ELSE \(instant) END
    """
  private static let instant = "(CAST(t AS TIMESTAMP) AT TIME ZONE z)"
  private static let clockChange = """
    (CASE WHEN z = 'Australia/Lord_Howe' THEN INTERVAL 30 MINUTE ELSE INTERVAL 1 HOUR END)
    """
}
