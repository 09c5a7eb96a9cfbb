import Engines
import Testing

/// A call and what Spark answers, as plain text; nil is NULL.
private let calls: [(String, String?)] = [
  ("to_date('2024-01-31')", "2024-01-31"),
  ("to_date('2024-01-31 10:00:00')", "2024-01-31"),
  ("to_date('2024-02-30')", nil),
  ("to_date('soon')", nil),
  ("to_date(NULL)", nil),
  ("try_to_timestamp('2024-01-01T10:00:00Z')", "2024-01-01T10:00:00Z"),
  ("try_to_timestamp('2024-01-01 10:00:00')", "2024-01-01T10:00:00Z"),
  ("try_to_timestamp('2024-01-01T10:00:00.25+02:00')", "2024-01-01T08:00:00.250000Z"),
  ("try_to_timestamp('2024-01-01T00:30:00-05:00')", "2024-01-01T05:30:00Z"),
  ("try_to_timestamp('2024-01-01')", "2024-01-01T00:00:00Z"),
  ("try_to_timestamp('2024-01-01T25:00:00Z')", nil),
  ("try_to_timestamp('')", nil),
  ("try_to_timestamp(NULL)", nil),
  ("date_format(DATE '2024-03-05', 'yyyy-MM-dd')", "2024-03-05"),
  ("date_format(DATE '2024-03-05', 'yyyy-MM')", "2024-03"),
  ("date_format(DATE '2024-03-05', 'yyyyMMdd')", "20240305"),
  ("date_format(DATE '0987-03-05', 'yyyy')", "0987"),
  ("date_format(DATE '2024-03-05', 'MM')", "03"),
  ("date_format(DATE '2024-03-05', 'dd')", "05"),
  ("date_format(TIMESTAMP '2024-03-05 07:08:09.9', 'HH:mm')", "07:08"),
  ("date_format(TIMESTAMP '2024-03-05 17:08:09', 'HH')", "17"),
  ("date_format(TIMESTAMP '2024-03-05 07:08:09.9', 'yyyy-MM-dd HH:mm:ss')", "2024-03-05 07:08:09"),
  ("date_format(TIMESTAMPTZ '2024-03-05 23:30:00-05', 'yyyy-MM-dd')", "2024-03-06"),
  ("date_format(NULL, 'yyyy')", nil),
  ("regexp_like('abc123', '[0-9]{3}')", "true"),
  ("regexp_like('abc', '^b')", "false"),
  ("regexp_like(NULL, 'b')", nil),
  ("regexp_replace('(555) 010-1234', '[^0-9]', '')", "5550101234"),
  ("regexp_replace('a1b22c', '[0-9]+', '#')", "a#b#c"),
  ("regexp_replace('abc', 'x', 'y')", "abc"),
  ("regexp_replace(NULL, 'x', 'y')", nil),
  ("datediff(DATE '2024-03-01', DATE '2024-02-28')", "2"),
  ("datediff(DATE '2024-02-28', DATE '2024-03-01')", "-2"),
  ("datediff(TIMESTAMP '2024-03-01 00:30:00', TIMESTAMP '2024-02-29 23:30:00')", "1"),
  ("datediff(NULL, DATE '2024-02-28')", nil),
  ("add_months(DATE '2024-01-31', 1)", "2024-02-29"),
  ("add_months(DATE '2024-03-31', -1)", "2024-02-29"),
  ("add_months(DATE '2024-02-29', 12)", "2025-02-28"),
  ("add_months(DATE '2024-01-15', 0)", "2024-01-15"),
  ("get_json_object('{\"a\": {\"b\": \"x\"}}', '$.a.b')", "x"),
  ("get_json_object('{\"a\": [1, 2]}', '$.a')", "[1,2]"),
  ("get_json_object('{\"a\": 7}', '$.a')", "7"),
  ("get_json_object('{\"a\": null}', '$.a')", nil),
  ("get_json_object('{\"a\": 1}', '$.b')", nil),
  ("get_json_object('{broken', '$.a')", nil),
  ("get_json_object(NULL, '$.a')", nil),
  ("sha2('abc', 256)", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
  ("sha2('abc', 0)", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
  ("sha2(NULL, 256)", nil),
  ("initcap('hELLO  wORLD')", "Hello  World"),
  ("initcap('jean-luc o''neil')", "Jean-luc O'neil"),
  ("initcap('élan vital')", "Élan Vital"),
  ("initcap(' x ')", " X "),
  ("initcap('')", ""),
  ("initcap(NULL)", nil),
  ("unix_timestamp(TIMESTAMPTZ '1970-01-01 00:01:00.9Z')", "60"),
  ("unix_timestamp(TIMESTAMP '1969-12-31 23:59:59.5')", "-1"),
  ("unix_timestamp(NULL::TIMESTAMP)", nil),
  ("dayofweek(DATE '2024-06-02')", "1"),
  ("dayofweek(DATE '2024-06-08')", "7"),
  ("dayofweek(TIMESTAMP '2024-06-03 23:00:00')", "2"),
  ("dayofweek(NULL)", nil),
  ("try_divide(1, 4)", "0.25"),
  ("try_divide(1, 0)", nil),
  ("try_divide(1.5::DOUBLE, 0.0::DOUBLE)", nil),
  ("try_divide(NULL, 1)", nil),
]

/// Local times, zones and their instants, around clock changes.
private let localTimes: [(String, String, String)] = [
  ("2024-01-15 12:00:00", "America/New_York", "2024-01-15T17:00:00Z"),
  ("2024-07-15 12:00:00", "America/New_York", "2024-07-15T16:00:00Z"),
  // The hour from 01:00 occurs twice: its first occurrence.
  ("2024-11-03 00:59:59", "America/New_York", "2024-11-03T04:59:59Z"),
  ("2024-11-03 01:00:00", "America/New_York", "2024-11-03T05:00:00Z"),
  ("2024-11-03 01:59:59", "America/New_York", "2024-11-03T05:59:59Z"),
  ("2024-11-03 02:00:00", "America/New_York", "2024-11-03T07:00:00Z"),
  // The hour from 02:00 is skipped: an hour later.
  ("2024-03-10 01:59:59", "America/New_York", "2024-03-10T06:59:59Z"),
  ("2024-03-10 02:30:00", "America/New_York", "2024-03-10T07:30:00Z"),
  ("2024-03-10 03:00:00", "America/New_York", "2024-03-10T07:00:00Z"),
  ("2024-10-27 02:30:00", "Europe/Berlin", "2024-10-27T00:30:00Z"),
  ("2024-11-03 01:30:00", "America/Phoenix", "2024-11-03T08:30:00Z"),
  ("2024-11-03 01:30:00", "Asia/Kolkata", "2024-11-02T20:00:00Z"),
  // Half an hour occurs twice.
  ("2024-04-07 01:29:59", "Australia/Lord_Howe", "2024-04-06T14:29:59Z"),
  ("2024-04-07 01:45:00", "Australia/Lord_Howe", "2024-04-06T14:45:00Z"),
  ("2024-04-07 02:00:00", "Australia/Lord_Howe", "2024-04-06T15:30:00Z"),
  ("2024-11-03 01:30:00", "UTC", "2024-11-03T01:30:00Z"),
]

@Suite("Spark's functions on DuckDB")
struct SparkMacroTests {
  @Test("A call gives what Spark gives, also over a column", arguments: calls)
  func call(sql: String, expected: String?) throws {
    let value = try Engine.value(sql)
    #expect((value == .null ? nil : value.plain) == expected)
  }

  @Test("The types are Spark's too")
  func types() throws {
    let fields = try Engine.connect().describe(
      """
      SELECT datediff(DATE '2024-01-02', DATE '2024-01-01'), dayofweek(DATE '2024-01-02'), \
      unix_timestamp(TIMESTAMP '2024-01-02'), try_to_timestamp('x'), to_date('x'), \
      add_months(DATE '2024-01-02', 1), from_utc_timestamp(TIMESTAMP '2024-01-02', 'UTC'), \
      to_utc_timestamp(TIMESTAMP '2024-01-02', 'UTC')
      """)
    #expect(
      fields.map(\.type) == [
        .int(bits: 32, signed: true), .int(bits: 32, signed: true), .int(bits: 64, signed: true),
        .timestamp(perSecond: 1_000_000, zoned: true), .date, .date,
        .timestamp(perSecond: 1_000_000, zoned: false),
        .timestamp(perSecond: 1_000_000, zoned: true),
      ])
  }

  @Test("A local time becomes the first instant that has it", arguments: localTimes)
  func toUTC(local: String, zone: String, expected: String) throws {
    #expect(
      try Engine.value("to_utc_timestamp(TIMESTAMP '\(local)', '\(zone)')").plain == expected)
    // Zones in a column take another path through the engine than a constant.
    #expect(
      try Engine.value(
        "to_utc_timestamp(t, z) FROM (VALUES ('\(local)', '\(zone)'), (NULL, NULL)) AS v(t, z)"
      ).plain == expected)
  }

  @Test("An instant becomes the local time of a zone, there and back outside of clock changes")
  func fromUTC() throws {
    let at = "TIMESTAMP '2024-07-01 12:00:00'"
    #expect(
      try Engine.value("from_utc_timestamp(\(at), 'America/New_York')").plain
        == "2024-07-01 08:00:00")
    #expect(
      try Engine.value("from_utc_timestamp(TIMESTAMPTZ '2024-11-03 06:30:00Z', 'America/New_York')")
        .plain == "2024-11-03 01:30:00")
    #expect(
      try Engine.rows(
        """
        SELECT count(*) FROM (\
        SELECT TIMESTAMPTZ '2024-01-01 00:15:00Z' + to_hours(CAST(i AS INTEGER)) AS t \
        FROM range(8784) AS r(i)) \
        WHERE to_utc_timestamp(from_utc_timestamp(t, 'America/Denver'), 'America/Denver') <> t
        """) == [[.int(1)]])
  }

  @Test("What a macro does not know is an error, not a wrong value")
  func unknown() throws {
    for (sql, words) in [
      ("date_format(DATE '2024-01-02', 'yy')", "date_format knows the patterns yyyy-MM-dd"),
      ("sha2('abc', 512)", "sha2 knows 256 bits"),
      ("to_utc_timestamp(TIMESTAMP '2024-01-02', 'Nowhere/City')", "Nowhere/City"),
    ] {
      let error = #expect(throws: EngineError.self) { try Engine.value(sql) }
      #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }
  }
}
