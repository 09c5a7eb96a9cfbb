import Basics
import Engines
import Testing

/// An expression, the value it is read as, and how that is shown.
struct Reading: CustomTestStringConvertible, Sendable {
  let sql: String
  let value: Value
  let plain: String
  let json: String
  var testDescription: String { sql }

  /// - Parameter json: the value as JSON; the plain text in quotes where it is left out.
  init(_ sql: String, _ value: Value, _ plain: String, json: String? = nil) {
    self.sql = sql
    self.value = value
    self.plain = plain
    self.json = json ?? JSON.string(plain).text
  }

  /// A reading whose plain text is JSON already.
  static func bare(_ sql: String, _ value: Value, _ text: String) -> Reading {
    Reading(sql, value, text, json: text)
  }
}

private let numbers: [Reading] = [
  .bare("true", .bool(true), "true"),
  .bare("false", .bool(false), "false"),
  .bare("(-128)::TINYINT", .int(-128), "-128"),
  .bare("255::UTINYINT", .int(255), "255"),
  .bare("(-32768)::SMALLINT", .int(-32768), "-32768"),
  .bare("65535::USMALLINT", .int(65535), "65535"),
  .bare("(-2147483648)::INTEGER", .int(-2_147_483_648), "-2147483648"),
  .bare("4294967295::UINTEGER", .int(4_294_967_295), "4294967295"),
  .bare("9223372036854775807::BIGINT", .int(.max), "9223372036854775807"),
  .bare("(-9223372036854775808)::BIGINT", .int(.min), "-9223372036854775808"),
  .bare("18446744073709551615::UBIGINT", .unsigned(.max), "18446744073709551615"),
  .bare(
    "170141183460469231731687303715884105727::HUGEINT", .decimal(.max, scale: 0),
    "170141183460469231731687303715884105727"),
  .bare(
    "(-170141183460469231731687303715884105728)::HUGEINT", .decimal(.min, scale: 0),
    "-170141183460469231731687303715884105728"),
  .bare("1.5::DECIMAL(4,1)", .decimal(15, scale: 1), "1.5"),
  .bare("(-0.05)::DECIMAL(9,2)", .decimal(-5, scale: 2), "-0.05"),
  .bare("0::DECIMAL(18,3)", .decimal(0, scale: 3), "0.000"),
  .bare("7::DECIMAL(38,0)", .decimal(7, scale: 0), "7"),
  .bare("(-0.0000000001)::DECIMAL(38,10)", .decimal(-1, scale: 10), "-0.0000000001"),
  .bare(
    "(-1234567890123456789012345678.0123456789)::DECIMAL(38,10)",
    .decimal(-12_345_678_901_234_567_890_123_456_780_123_456_789, scale: 10),
    "-1234567890123456789012345678.0123456789"),
  .bare("0.1::FLOAT", .float(0.1), "0.1"),
  .bare("16777216::FLOAT", .float(16_777_216), "16777216.0"),
  Reading("'nan'::FLOAT", .float(.nan), "NaN"),
  .bare("0.1::DOUBLE", .double(0.1), "0.1"),
  .bare("1e300::DOUBLE", .double(1e300), "1e+300"),
  .bare("5e-324::DOUBLE", .double(.leastNonzeroMagnitude), "5e-324"),
  .bare("'-0.0'::DOUBLE", .double(-0.0), "-0.0"),
  Reading("'nan'::DOUBLE", .double(.nan), "NaN"),
  Reading("'inf'::DOUBLE", .double(.infinity), "Infinity"),
  Reading("'-inf'::DOUBLE", .double(-.infinity), "-Infinity"),
]

private let texts: [Reading] = [
  Reading("''", .text(""), ""),
  Reading("'a😀é\"\\'", .text("a😀é\"\\"), "a😀é\"\\"),
  Reading("chr(0) || chr(10)", .text("\u{0}\n"), "\u{0}\n", json: #""\u0000\n""#),
  Reading("''::BLOB", .binary([]), ""),
  Reading("'\\x00\\xFF'::BLOB", .binary([0, 255]), "00ff"),
  Reading("'x'::ENUM('y', 'x')", .text("x"), "x"),
  Reading(
    "'A0EEBC99-9c0b-4ef8-bb6d-6bb9bd380a11'::UUID", .text("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
    "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
  Reading("'{\"a\": 1}'::JSON", .text("{\"a\": 1}"), "{\"a\": 1}"),
]

private func local(_ microseconds: Int64) -> Value {
  .timestamp(Timestamp(microseconds: microseconds), zoned: false)
}

private func instant(_ microseconds: Int64) -> Value {
  .timestamp(Timestamp(microseconds: microseconds), zoned: true)
}

private let times: [Reading] = [
  Reading("DATE '1970-01-01'", .date(CivilDate(daysSinceEpoch: 0)), "1970-01-01"),
  Reading("DATE '1969-12-31'", .date(CivilDate(daysSinceEpoch: -1)), "1969-12-31"),
  Reading("DATE '2024-02-29'", .date(CivilDate(year: 2024, month: 2, day: 29)), "2024-02-29"),
  Reading("DATE '0001-01-01'", .date(CivilDate(year: 1, month: 1, day: 1)), "0001-01-01"),
  Reading("DATE '12345-01-01'", .date(CivilDate(year: 12345, month: 1, day: 1)), "12345-01-01"),
  Reading("TIMESTAMP '1970-01-01 00:00:00'", local(0), "1970-01-01 00:00:00"),
  Reading("TIMESTAMP '1969-12-31 23:59:59.999999'", local(-1), "1969-12-31 23:59:59.999999"),
  Reading(
    "TIMESTAMP '9999-12-31 23:59:59.999999'", local(253_402_300_799_999_999),
    "9999-12-31 23:59:59.999999"),
  Reading("TIMESTAMP '0001-01-01'", local(-62_135_596_800_000_000), "0001-01-01 00:00:00"),
  Reading("TIMESTAMP '290000-01-01'", local(9_089_348_860_800_000_000), "290000-01-01 00:00:00"),
  Reading(
    "TIMESTAMPTZ '2024-01-01 00:00:00+05:30'", instant(1_704_047_400_000_000),
    "2023-12-31T18:30:00Z"),
  Reading(
    "TIMESTAMPTZ '1900-01-01 00:00:00.5Z'", instant(-2_208_988_799_500_000),
    "1900-01-01T00:00:00.500000Z"),
  Reading("TIMESTAMP_S '2024-01-01 01:02:03'", local(1_704_070_923_000_000), "2024-01-01 01:02:03"),
  Reading(
    "TIMESTAMP_MS '1969-01-01 01:02:03.004'", local(-31_532_276_996_000),
    "1969-01-01 01:02:03.004000"),
  Reading(
    "TIMESTAMP_NS '1969-12-31 23:59:59.999999999'", local(-1), "1969-12-31 23:59:59.999999"),
  Reading("TIME '23:59:59.999999'", .time(86_399_999_999), "23:59:59.999999"),
  Reading("TIME '00:00:00'", .time(0), "00:00:00"),
  Reading(
    "INTERVAL '1 month 2 days 3 seconds'",
    .interval(months: 1, days: 2, nanoseconds: 3_000_000_000), "1 months 2 days 3000000 us"),
  Reading(
    "INTERVAL '-1 month -1.5 seconds'",
    .interval(months: -1, days: 0, nanoseconds: -1_500_000_000), "-1 months 0 days -1500000 us"),
]

private let nested: [Reading] = [
  .bare("[1, NULL, 3]", .list([.int(1), .null, .int(3)]), "[1,null,3]"),
  .bare("[]", .list([]), "[]"),
  .bare("[[1], NULL, []]", .list([.list([.int(1)]), .null, .list([])]), "[[1],null,[]]"),
  .bare("[1, 2, 3]::INTEGER[3]", .list([.int(1), .int(2), .int(3)]), "[1,2,3]"),
  .bare("['it''s \"x\"', '']", .list([.text("it's \"x\""), .text("")]), #"["it's \"x\"",""]"#),
  .bare(
    "{'a': 1, 'b': {'c': NULL, 'd': [DATE '2024-01-01']}}",
    .structure([
      ("a", .int(1)),
      (
        "b",
        .structure([
          ("c", .null), ("d", .list([.date(CivilDate(year: 2024, month: 1, day: 1))])),
        ])
      ),
    ]), #"{"a":1,"b":{"c":null,"d":["2024-01-01"]}}"#),
  .bare(
    "MAP {'a': 1, 'b': NULL}", .map([(.text("a"), .int(1)), (.text("b"), .null)]),
    #"{"a":1,"b":null}"#),
  .bare(
    "MAP {1: [1.5]}", .map([(.int(1), .list([.decimal(15, scale: 1)]))]), #"{"1":[1.5]}"#),
  .bare("MAP {}", .map([]), "{}"),
  .bare(
    "[{'a': 'x'::ENUM('x'), 'b': 'inf'::DOUBLE}, NULL]",
    .list([.structure([("a", .text("x")), ("b", .double(.infinity))]), .null]),
    #"[{"a":"x","b":"Infinity"},null]"#),
]

@Suite("Values that DuckDB hands over")
struct ValueTests {
  @Test(
    "Every type is read as what it is and shown exactly",
    arguments: numbers + texts + times + nested)
  func reads(_ reading: Reading) throws {
    let value = try Engine.value(reading.sql)
    #expect(value == reading.value)
    #expect(caseName(value) == caseName(reading.value))
    #expect(value.plain == reading.plain)
    #expect(value.json.text == reading.json)
  }

  @Test(
    "A missing value between others is NULL in every type",
    arguments: numbers + texts + times + nested)
  func nulls(_ reading: Reading) throws {
    let rows = try Engine.rows(
      """
      SELECT v FROM range(10) AS r(i) LEFT JOIN (SELECT \(reading.sql) AS v) ON i % 3 <> 1 \
      ORDER BY i
      """)
    let expected = (0..<10).map { $0 % 3 == 1 ? Value.null : reading.value }
    #expect(rows.map { $0[0] } == expected)
  }

  @Test("NULL is empty as text, null as JSON, and no number")
  func null() throws {
    let value = try Engine.value("NULL")
    #expect(value == .null)
    #expect(value.plain == "")
    #expect(value.json == .null)
    #expect(value.int == nil)
    #expect(value.string == nil)
  }

  @Test("Numbers that 64 bits hold are taken as such, others are not cut")
  func int() throws {
    #expect(try Engine.value("5::UBIGINT").int == 5)
    #expect(try Engine.value("18446744073709551615::UBIGINT").int == nil)
    #expect(try Engine.value("sum(7)").int == 7)
    #expect(try Engine.value("170141183460469231731687303715884105727::HUGEINT").int == nil)
    #expect(try Engine.value("7.0::DECIMAL(3,1)").int == nil)
    #expect(try Engine.value("'7'").int == nil)
  }

  @Test("Infinite days and instants stay the greatest of all, in every unit")
  func infinity() throws {
    for type in ["TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP", "TIMESTAMPTZ"] {
      guard case .timestamp(let instant, _) = try Engine.value("'infinity'::\(type)") else {
        Issue.record("\(type) is no timestamp")
        continue
      }
      #expect(instant.microseconds == .max, "\(type)")
    }
  }

  @Test("A type that Podium does not read is an error that names the column")
  func unread() throws {
    let error = #expect(throws: EngineError.self) {
      try Engine.connect().query("SELECT 1 AS a, union_value(n := 2) AS choice")
    }
    #expect(error?.code == .unsupportedData)
    #expect(error?.message == "column 'choice' has the Arrow type '+us:0'")
  }

  private func caseName(_ value: Value) -> String {
    "\(value)".split(separator: "(").first.map(String.init) ?? ""
  }
}
