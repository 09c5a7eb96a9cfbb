import Podium
import Testing

/// A text and what each cast makes of it; nil is NULL.
private let integers: [(String, String?)] = [
  ("0", "0"), ("-12", "-12"), ("+5", "5"), (" 7 ", "7"), ("007", "7"), ("3.0", "3"), ("3.", "3"),
  ("999999999999999999", "999999999999999999"), ("9999999999999999999", nil), ("1.5", nil),
  ("0x10", nil), ("1_000", nil), ("1,000", nil), ("1e3", nil), ("", nil), ("-", nil), ("٣", nil),
  ("3.0.0", nil),
]

private let decimals: [(String, String?)] = [
  ("3.25", "3.25"), ("3.2", "3.20"), ("3", "3.00"), ("-.5", "-0.50"), ("3.250", "3.25"),
  (" 3.25 ", "3.25"), ("3.255", nil), ("3,25", nil), ("1_000.00", nil), ("1e2", nil), (".", nil),
  ("9999999999999999.99", "9999999999999999.99"), ("99999999999999999.99", nil), ("$3", nil),
]

private let doubles: [(String, String?)] = [
  ("3.25", "3.25"), ("1e3", "1000.0"), ("-.5E-1", "-0.05"), (" 2 ", "2.0"), ("nan", nil),
  ("Infinity", nil), ("1_0", nil), ("", nil),
]

private let dates: [(String, String?)] = [
  ("2024-02-29", "2024-02-29"), ("2024-02-29T23:10:00-05:00", "2024-02-29"), ("2023-02-29", nil),
  ("0001-01-01", nil), ("2100-01-01", nil), ("epoch", nil), ("infinity", nil), ("", nil),
  ("02/03/2024", nil), ("2024-02-28garbage", nil), ("2024-02-28T99:99:99Z", nil),
  ("2024-02-28 (BC)", nil),
]

private let usDates: [(String, String?)] = [
  ("4/12/2016", "2016-04-12"), ("04/12/2016", "2016-04-12"),
  ("4/12/2016 12:00:00 AM", "2016-04-12"),
  ("13/1/2016", nil), ("4/12/16", nil), ("4/12/0016", nil), ("2016-04-12", nil), ("", nil),
]

private let timestamps: [(String, String?)] = [
  ("2024-01-01T10:00:00Z", "2024-01-01T10:00:00Z"),
  ("2024-01-01 10:00:00-05:00", "2024-01-01T15:00:00Z"),
  ("2024-01-01T10:00:00", "2024-01-01T10:00:00Z"), ("2024-01-01T25:00:00Z", nil),
  ("infinity", nil), ("-infinity", nil), ("epoch", nil), ("0001-01-01T00:00:00Z", nil),
  ("9999-01-01T00:00:00Z", nil), ("garbage", nil), ("", nil),
  ("2024-01-01T10:00:00.25+0530", "2024-01-01T04:30:00.250000Z"),
  ("2024-01-01T10:00:00+99:99", nil), ("2024-01-01T10:00:00+00:75", nil),
  ("2024-01-01T10:00:00-24:00", nil), ("2024-01-01 (BC)", nil),
]

private let localTimestamps: [(String, String?)] = [
  ("2024-01-01T10:00:00", "2024-01-01 10:00:00"), ("2024-01-01 10:00", "2024-01-01 10:00:00"),
  ("2024-01-01T10:00:00Z", nil), ("2024-01-01T10:00:00-05:00", nil), ("2024-01-01", nil),
  ("infinity", nil),
]

private let usTimestamps: [(String, String?)] = [
  ("4/12/2016 7:21:05 AM", "2016-04-12 07:21:05"), ("4/12/2016 7:21:05 pm", "2016-04-12 19:21:05"),
  ("4/12/2016 12:00:00 AM", "2016-04-12 00:00:00"),
  ("04/12/2016 12:59 PM", "2016-04-12 12:59:00"), ("2/2/2015 8:11", "2015-02-02 08:11:00"),
  (" 2/2/2015 23:59 ", "2015-02-02 23:59:00"), ("2/2/2015 12:05", "2015-02-02 12:05:00"),
  ("2/2/2015 0:05", "2015-02-02 00:05:00"), ("2/2/2015 13:00 PM", nil),
  ("2/2/2015 0:00 AM", nil), ("2/2/2015 24:00", nil), ("2/30/2015 8:11", nil),
  ("13/2/2015 8:11", nil), ("2/2/2015", nil), ("2015-02-02 08:11", nil), ("", nil),
  ("2/2/2015 8:60", nil), ("2/2/15 8:11", nil),
]

@Suite("Texts as typed values")
struct SafeCastTests {
  private func check(_ cast: SafeCast, _ text: String, _ expected: String?) throws {
    let value = try Engine.rows("SELECT \(cast.sql) FROM (VALUES ('\(text)')) AS v(x)")[0][0]
    #expect((value == .null ? nil : value.plain) == expected, "\(text)")
  }

  @Test("A text without anything but blanks is NULL")
  func text() throws {
    try check(.text("x"), " Ann B ", "Ann B")
    try check(.text("x"), "  ", nil)
    try check(.text("x"), "", nil)
  }

  @Test("An integer is never rounded, nor guessed from another notation", arguments: integers)
  func integer(text: String, expected: String?) throws {
    try check(.integer("x"), text, expected)
  }

  @Test("A decimal has two decimal places or is NULL", arguments: decimals)
  func decimal(text: String, expected: String?) throws {
    try check(.decimal("x"), text, expected)
  }

  @Test("A decimal of another scale keeps that many places")
  func scale() throws {
    try check(.decimal("x", scale: 3), "3.255", "3.255")
    try check(.decimal("x", scale: 3), "3.2555", nil)
    try check(.decimal("x", scale: 1), "3.250", nil)
  }

  @Test("A double is a finite number", arguments: doubles)
  func double(text: String, expected: String?) throws {
    try check(.double("x"), text, expected)
  }

  @Test("A date is one of the years 1900 to 2099", arguments: dates)
  func date(text: String, expected: String?) throws { try check(.date("x"), text, expected) }

  @Test("A date with the month first is read as one", arguments: usDates)
  func usDate(text: String, expected: String?) throws { try check(.usDate("x"), text, expected) }

  @Test("A timestamp is an instant of the years 1900 to 2099", arguments: timestamps)
  func timestamp(text: String, expected: String?) throws {
    try check(.timestamp("x"), text, expected)
  }

  @Test("A local timestamp has no zone", arguments: localTimestamps)
  func localTimestamp(text: String, expected: String?) throws {
    try check(.localTimestamp("x"), text, expected)
  }

  @Test(
    "A timestamp with the month first is read with AM and PM and without", arguments: usTimestamps)
  func usTimestamp(text: String, expected: String?) throws {
    try check(.usTimestamp("x"), text, expected)
  }

  @Test("NULL stays NULL")
  func null() throws {
    let casts: [SafeCast] = [
      .text("x"), .integer("x"), .decimal("x"), .double("x"), .date("x"), .usDate("x"),
      .timestamp("x"), .localTimestamp("x"), .usTimestamp("x"),
    ]
    for cast in casts {
      let rows = try Engine.rows("SELECT \(cast.sql) FROM (SELECT CAST(NULL AS VARCHAR) AS x)")
      #expect(rows == [[.null]], "\(cast)")
    }
  }

  @Test("A cast in a query is its expression")
  func interpolation() {
    let query: SQL = "SELECT \(.text("name")) AS name"
    #expect(query.text(asOf: "2024-01-01") == "SELECT nullif(trim(name), '') AS name")
    #expect(query.inputs.isEmpty)
  }
}
