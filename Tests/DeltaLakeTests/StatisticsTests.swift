import Basics
import TestKit
import Testing

@testable import DeltaLake

@Suite("Statistics of a file")
struct StatisticsTests {
  private func stats(
    _ fields: [StructField], _ columns: [[String]: ColumnStatistics], partitions: [String] = [],
    rows: Int64 = 3
  ) -> String {
    StatisticsWriter(schema: Schema(fields), partitionColumns: partitions).stats(
      WrittenFile(path: "x", size: 1, rows: rows, partitionValues: [:], columns: columns))
  }

  /// The bounds of one column `c`, as JSON texts; nil where there is none.
  private func bounds(
    _ type: DeltaType, _ minimum: String?, _ maximum: String?, hasNaN: Bool = false
  ) throws -> [String?] {
    let text = stats(
      [StructField("c", type)],
      [["c"]: ColumnStatistics(minimum: minimum, maximum: maximum, nullCount: 0, hasNaN: hasNaN)])
    let json = try JSON(parsing: text)
    return [json["minValues"]?["c"]?.text, json["maxValues"]?["c"]?.text]
  }

  @Test("The text is the protocol's")
  func text() {
    #expect(
      stats(
        [StructField("a", .long), StructField("b", .string)],
        [
          ["a"]: ColumnStatistics(minimum: "-5", maximum: "7", nullCount: 1),
          ["b"]: ColumnStatistics(minimum: "", maximum: "ü\"", nullCount: 0),
        ]) == """
          {"numRecords":3,"minValues":{"a":-5,"b":""},"maxValues":{"a":7,"b":"ü\\""},\
          "nullCount":{"a":1,"b":0},"tightBounds":true}
          """)
  }

  @Test("A column of NULLs has a count and no bounds; an unknown one has nothing")
  func nulls() {
    #expect(
      stats(
        [StructField("a", .long), StructField("b", .long)],
        [["a"]: ColumnStatistics(minimum: nil, maximum: nil, nullCount: 3)]) == """
          {"numRecords":3,"minValues":{},"maxValues":{},"nullCount":{"a":3},"tightBounds":true}
          """)
  }

  @Test("A personal column has a count of NULLs, and none of its values")
  func personal() {
    let mark = [JSON.Member(StructField.personalKey, true)]
    let schema = Schema([
      StructField("id", .long), StructField("name", .string, metadata: mark),
    ])
    let file = WrittenFile(
      path: "a.parquet", size: 1, rows: 2, partitionValues: [:],
      columns: [
        ["id"]: ColumnStatistics(minimum: "1", maximum: "2", nullCount: 0),
        ["name"]: ColumnStatistics(minimum: "Ann", maximum: "Bob", nullCount: 1),
      ])
    #expect(
      StatisticsWriter(schema: schema, partitionColumns: []).stats(file)
        == #"{"numRecords":2,"minValues":{"id":1},"maxValues":{"id":2},"#
        + #""nullCount":{"id":0,"name":1},"tightBounds":true}"#)
  }

  @Test("Partition columns have no statistics")
  func partitions() {
    #expect(
      stats(
        [StructField("p", .long), StructField("a", .long)],
        [
          ["p"]: ColumnStatistics(minimum: "1", maximum: "1", nullCount: 0),
          ["a"]: ColumnStatistics(minimum: "1", maximum: "2", nullCount: 0),
        ], partitions: ["p"]) == """
          {"numRecords":3,"minValues":{"a":1},"maxValues":{"a":2},"nullCount":{"a":0},\
          "tightBounds":true}
          """)
  }

  @Test("The first 32 leaf columns have statistics, those of structs counted one by one")
  func firstColumns() throws {
    var fields = [
      StructField("s", .structure([StructField("x", .long), StructField("y", .long)]))
    ]
    fields += (0..<40).map { StructField("c\($0)", .long) }
    var columns: [[String]: ColumnStatistics] = [:]
    let one = ColumnStatistics(minimum: "1", maximum: "1", nullCount: 0)
    columns[["s", "x"]] = one
    columns[["s", "y"]] = one
    for index in 0..<40 { columns[["c\(index)"]] = one }
    let json = try JSON(parsing: stats(fields, columns))
    for part in ["minValues", "maxValues", "nullCount"] {
      #expect(json[part]?.object?.map(\.name) == ["s"] + (0..<30).map { "c\($0)" })
      #expect(json[part]?["s"]?.object?.map(\.name) == ["x", "y"])
    }
  }

  @Test("Structs nest; flags, bytes, lists and maps have counts alone")
  func kinds() {
    let fields = [
      StructField("s", .structure([StructField("t", .structure([StructField("u", .date)]))])),
      StructField("f", .boolean), StructField("b", .binary),
      StructField("l", .array(.long, containsNull: true)),
    ]
    let any = ColumnStatistics(minimum: "2024-01-01", maximum: "2024-01-02", nullCount: 2)
    #expect(
      stats(fields, [["s", "t", "u"]: any, ["f"]: any, ["b"]: any, ["l"]: any]) == """
        {"numRecords":3,"minValues":{"s":{"t":{"u":"2024-01-01"}}},\
        "maxValues":{"s":{"t":{"u":"2024-01-02"}}},\
        "nullCount":{"s":{"t":{"u":2}},"f":2,"b":2,"l":2},"tightBounds":true}
        """)
  }

  @Test(
    "Numbers keep all their digits, and what is none is left out",
    arguments: [
      (DeltaType.long, "-9223372036854775808", "9223372036854775807", true),
      (.byte, "-1", "1", true),
      (.long, "1.5", "x", false),
      (
        .decimal(precision: 38, scale: 10), "-1234567890123456789012345678.0123456789",
        "0.0000000001", true
      ),
      (.decimal(precision: 10, scale: 2), "1.50", "1.50", true),
      (.double, "0.1", "1e+300", true),
      (.double, "-inf", "inf", false), (.double, "nan", "NaN", false),
      (.double, "1e999", "-1e999", false),
      (.float, "0.1", "3.4028235e+38", true),
      (.decimal(precision: 10, scale: 2), "abc", "", false),
    ])
  func numbers(type: DeltaType, minimum: String, maximum: String, kept: Bool) throws {
    #expect(try bounds(type, minimum, maximum) == (kept ? [minimum, maximum] : [nil, nil]))
  }

  @Test("One bound may be infinite and the other not")
  func halfInfinite() throws {
    #expect(try bounds(.double, "-inf", "2.5") == [nil, "2.5"])
    #expect(try bounds(.double, "-2.5", "inf") == ["-2.5", nil])
  }

  @Test("A column with NaN has no bounds, because they leave it out")
  func notANumber() throws {
    #expect(try bounds(.double, "1.0", "2.0", hasNaN: true) == [nil, nil])
    #expect(try bounds(.float, "1.0", "2.0", hasNaN: true) == [nil, nil])
  }

  @Test(
    "Instants are in milliseconds, the minimum rounded down and the maximum up",
    arguments: [
      ("2024-01-01 00:00:00+00", "2024-01-01T00:00:00.000", "2024-01-01T00:00:00.000"),
      ("2024-01-01 00:00:00.123456+00", "2024-01-01T00:00:00.123", "2024-01-01T00:00:00.124"),
      ("2024-01-01 00:00:00.5+00", "2024-01-01T00:00:00.500", "2024-01-01T00:00:00.500"),
      ("2023-12-31 23:59:59.999001+00", "2023-12-31T23:59:59.999", "2024-01-01T00:00:00.000"),
      ("1969-12-31 23:59:59.999999+00", "1969-12-31T23:59:59.999", "1970-01-01T00:00:00.000"),
      ("0001-01-01 00:00:00.000001+00", "0001-01-01T00:00:00.000", "0001-01-01T00:00:00.001"),
    ])
  func instants(text: String, minimum: String, maximum: String) throws {
    #expect(
      try bounds(.timestamp, text, text) == ["\"\(minimum)Z\"", "\"\(maximum)Z\""])
    let local = String(text.dropLast(3))
    #expect(try bounds(.timestampNtz, local, local) == ["\"\(minimum)\"", "\"\(maximum)\""])
  }

  @Test(
    "An instant or a day that JSON readers would not take has no bound",
    arguments: [
      "infinity", "-infinity", "10000-01-01 00:00:00+00", "0044-03-15 (BC) 00:00:00+00",
      "2024-01-01 ", "2024-01-01 +00", "2024-01-01 x",
      "2024-01-01 00:00+00", "2024-01-01 00:00:00.x+00", "2024-01-01 .5", "2024-02-30 00:00:00+00",
      "2024-01-01 00:00:00.1.2+00", "",
    ])
  func noInstant(text: String) throws {
    #expect(try bounds(.timestamp, text, text) == [nil, nil])
  }

  @Test("Days are as they are written, of four digits' years alone")
  func days() throws {
    #expect(try bounds(.date, "0001-01-01", "9999-12-31") == ["\"0001-01-01\"", "\"9999-12-31\""])
    #expect(try bounds(.date, "0044-03-15 (BC)", "10000-01-01") == [nil, nil])
    #expect(try bounds(.date, "-infinity", "infinity") == [nil, nil])
  }

  private static let a32 = String(repeating: "a", count: 32)
  private static let highest = "\u{10FFFF}"

  @Test(
    "A long text is cut to 32 characters, the maximum with one behind that is greater",
    arguments: [
      ("short", "short", "short"),
      (a32, a32, a32),
      (a32 + "b", a32, a32 + "\u{7F}"),
      (a32 + "\u{7E}", a32, a32 + "\u{7F}"),
      (a32 + "\u{7F}", a32, a32 + highest),
      (a32 + "ü", a32, a32 + highest),
      (a32 + highest + "b", a32, a32 + highest + "\u{7F}"),
      (a32 + highest, a32, nil),
      (a32 + String(repeating: highest, count: 40), a32, nil),
      (
        a32 + String(repeating: highest, count: 31) + "b", a32,
        a32 + String(repeating: highest, count: 31) + "\u{7F}"
      ),
      (
        String(repeating: "😀", count: 40), String(repeating: "😀", count: 32),
        String(repeating: "😀", count: 32) + highest
      ),
      // A character of two code points may be cut in two.
      (
        String(repeating: "a", count: 31) + "e\u{301}x", String(repeating: "a", count: 31) + "e",
        String(repeating: "a", count: 31) + "e" + highest
      ),
    ] as [(String, String, String?)])
  func texts(text: String, minimum: String, maximum: String?) throws {
    #expect(
      try bounds(.string, text, text) == [
        JSON.string(minimum).text, maximum.map { JSON.string($0).text },
      ])
  }

  @Test("The bounds of any text hold it, compared as UTF-8")
  func anyText() {
    let seed = UInt64.random(in: 0 ... .max)
    var generator = Seeded(seed)
    let alphabet: [Unicode.Scalar] = [
      "a", "\u{7E}", "\u{7F}", "\u{80}", "ü", "\u{FFFF}", "😀", "\u{10FFFF}",
    ]
    for _ in 0..<2000 {
      let count = Int.random(in: 0...80, using: &generator)
      let scalars = (0..<count).map { _ in alphabet[Int.random(in: 0..<8, using: &generator)] }
      let text = String(String.UnicodeScalarView(scalars))
      let minimum = StatisticsWriter.cutMinimum(text)
      #expect(!text.utf8.lexicographicallyPrecedes(minimum.utf8), "seed \(seed)")
      #expect(minimum.unicodeScalars.count <= 32)
      if let maximum = StatisticsWriter.cutMaximum(text) {
        #expect(!maximum.utf8.lexicographicallyPrecedes(text.utf8), "seed \(seed)")
        #expect(maximum.unicodeScalars.count <= 64)
      }
    }
  }
}
