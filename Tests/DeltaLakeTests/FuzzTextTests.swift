import Basics
import DeltaTestKit
import TestKit
import Testing

@testable import DeltaLake

@Suite("Damaged texts in a log")
struct FuzzTextTests {
  /// A column of every type, with a value as statistics and partitions spell it.
  private static let columns: [(StructField, JSON, PredicateValue)] = [
    (StructField("s", .string), "plain text", .string("plain text")),
    (StructField("l", .long), 7, .integer(7)),
    (StructField("i", .integer), -2_147_483_648, .integer(.min)),
    (StructField("sh", .short), -32_768, .decimal(digits: .max, scale: 38)),
    (StructField("by", .byte), 127, .double(1e300)),
    (StructField("f", .float), .number("1.5"), .double(1.5)),
    (StructField("d", .double), .number("-5e-324"), .double(0)),
    (StructField("bo", .boolean), true, .boolean(false)),
    (StructField("bi", .binary), "x", .string("x")),
    (StructField("da", .date), "2024-02-29", .date(CivilDate(daysSinceEpoch: 19_782))),
    (
      StructField("ts", .timestamp), "2024-02-29T12:34:56.790Z",
      .timestamp(Timestamp(milliseconds: 1_709_210_096_790))
    ),
    (StructField("nt", .timestampNtz), "2024-02-29T12:34:56.790", .string("2024-02-29")),
    (
      StructField("de", .decimal(precision: 38, scale: 10)),
      .number("1234567890123456789012345678.0123456789"), .decimal(digits: 15, scale: 1)
    ),
    (StructField("vo", .void), 1, .integer(1)),
    (StructField("ar", .array(.long, containsNull: true)), 1, .integer(1)),
    (StructField("un", .unsupported("variant")), 1, .integer(1)),
  ]

  private static let schema = Schema(columns.map(\.0))

  private static let stats: JSON = {
    func members(_ change: (JSON) -> JSON) -> JSON {
      .object(columns.map { JSON.Member($0.0.name, change($0.1)) })
    }
    return [
      "numRecords": 10, "minValues": members { $0 }, "maxValues": members { $0 },
      "nullCount": members { _ in 0 }, "tightBounds": true,
    ]
  }()

  private static let predicates: [Predicate] = columns.flatMap { column in
    let name = column.0.name
    let comparisons: [Predicate.Comparison] = [.equal, .less, .greaterOrEqual]
    return comparisons.map { Predicate.compare(name, $0, column.2) }
      + [.isNull(name), .isNotNull(name), .compare(name, .greater, .integer(0))]
  }

  private func state(_ file: AddFile, partitions: [String] = []) throws -> Snapshot {
    var replay = LogReplay()
    replay.tableProtocol = .plain
    replay.metadata = Metadata(id: "x", schema: Self.schema, partitionColumns: partitions)
    replay.apply([.add(file)])
    return try replay.snapshot(version: 0, table: "t")
  }

  private func file(_ stats: String?, _ values: [String: String?] = [:]) -> AddFile {
    AddFile(
      path: "a", partitionValues: values, size: 1, modificationTime: 0, dataChange: true,
      stats: stats)
  }

  @Test("Statistics are used or done without, whatever their bounds are")
  func statistics() throws {
    let others =
      [Self.stats]
      + OutsideInputs.files(".json").flatMap { bytes in
        bytes.split(separator: 0x0A).compactMap { line in
          (try? JSON(parsing: line))?["add"]?["stats"]?.string.flatMap { try? JSON(parsing: $0) }
        }
      }
    let empty = try state(file(nil))
    #expect(
      Fuzz("statistics", inputs: 2000).run { mutator in
        var text = mutator.damaged(mutator.pick(others), others: others).text
        if mutator.random.once(in: 4) {
          text = String(decoding: mutator.damaged(Array(text.utf8)), as: UTF8.self)
        }
        let file = file(text)
        let state = try empty.applying([.add(file)], version: 1)
        _ = state.files(matching: .any([.all(Self.predicates), .unknown]))
        for _ in 0..<8 { _ = state.files(matching: mutator.pick(Self.predicates)) }
        _ = (file.recordCount, state.rowCount)
        let wide = StatisticsWriter.withWideBounds(text)
        if (try? JSON(parsing: text))?.object != nil,
          try JSON(parsing: wide)["tightBounds"] != false
        {
          throw FuzzFailure("the bounds are still called tight: \(wide)")
        }
      } == [])
  }

  @Test("Partition values are used or done without, whatever they are")
  func partitionValues() throws {
    let names = Self.schema.names
    let texts =
      Self.columns.map { $0.1.string ?? $0.1.text } + [
        "2024-01-01 10:00:00", "2024-01-01 10:00:00.123456", "1.50", "-0.0", "NaN", "true",
        "\u{1}\u{2}", "__HIVE_DEFAULT_PARTITION__",
      ]
    let inputs = texts.map { Array($0.utf8) }
    #expect(
      Fuzz("partition values", inputs: 6000).run(others: inputs) { mutator in
        let name = mutator.pick(names)
        let text = String(decoding: mutator.damaged(mutator.pick(inputs)), as: UTF8.self)
        let state = try state(file(nil, [name: text]), partitions: [name])
        for _ in 0..<4 { _ = state.files(matching: mutator.pick(Self.predicates)) }
        _ = state.files(matching: .compare(name, .equal, .string(text)))
        _ = try TestTable().table.scan([(state.orderedFiles[0], .all)], state)
        guard PercentEncoding.decode(PercentEncoding.encode(path: text)) == text else {
          throw FuzzFailure("'\(text)' does not survive a path")
        }
        let own = PredicateValue(text, as: Self.schema[name]?.type ?? .string)
        if let own, let order = own.compared(to: own), order != 0 {
          throw FuzzFailure("'\(text)' is not equal to itself")
        }
      } == [])
  }

  @Test("A schema is understood or refused, and changed or not")
  func schemas() throws {
    let nested = Schema(
      Self.schema.fields + [
        StructField(
          "st",
          .structure([
            StructField(
              "x y", .date, metadata: [JSON.Member("delta.columnMapping.id", 5)]),
            StructField(
              "in",
              .map(
                key: .string,
                value: .array(.structure([StructField("z", .long)]), containsNull: true),
                valueContainsNull: false)),
          ]), nullable: false)
      ])
    let metadata = JSON.object([
      JSON.Member("delta.columnMapping.id", .int(Int64.max)),
      JSON.Member("delta.columnMapping.physicalName", "col-1"),
      JSON.Member("delta.invariants", "{\"expression\":{\"expression\":\"l > 0\"}}"),
      JSON.Member("delta.typeChanges", []),
    ])
    let inputs =
      [nested.json]
      + OutsideInputs.files(".json").flatMap { bytes in
        bytes.split(separator: 0x0A).compactMap { line in
          (try? JSON(parsing: line))?["metaData"]?["schemaString"]?.string
            .flatMap { try? JSON(parsing: $0) }
        }
      }
    #expect(
      Fuzz("schemas", inputs: 3000).run { mutator in
        var text = mutator.damaged(mutator.pick(inputs), others: [nested.json, metadata]).text
        if mutator.random.once(in: 4) {
          text = String(decoding: mutator.damaged(Array(text.utf8)), as: UTF8.self)
        }
        let schema = try Schema(parsing: text)
        guard try Schema(parsing: schema.json.text) == schema else {
          throw FuzzFailure("the schema comes back as another: \(text.prefix(500))")
        }
        _ = (schema.stored(.name), schema.maxColumnID, schema["ST"])
        let metadata = Metadata(
          id: "x", schema: schema, partitionColumns: ["l"],
          configuration: [
            "delta.columnMapping.maxColumnId": mutator.pick(Mutator.numbers),
            "delta.dataSkippingStatsColumns": "st.in,`x y`",
          ])
        let writer = StatisticsWriter(schema: schema, partitionColumns: ["l"])
        _ = writer.stats(
          WrittenFile(path: "x", size: 1, rows: 1, partitionValues: [:], columns: [:]))
        for change: SchemaChange in [
          .rename(schema.names.first ?? "", to: "new"), .drop("s"), .widen("f", to: .double),
          .addColumn(StructField("more", .long)),
        ] {
          _ = try? metadata.changed(
            by: [change], schema, mapping: mutator.pick([.none, .name]), table: "t")
        }
      } == [])
  }

  @Test("The small texts of a log are understood or not")
  func smallTexts() {
    let inputs = [
      "interval 1 week 2 hours", "interval 9223372036854775807 milliseconds",
      "`a``b`.c, d . e,`f`", "`a``\u{301}b`",
      "00000000000000000010.checkpoint.0000000001.0000000003.parquet",
      "00000000000000000001.json", "p=a%20b/x", "decimal(38, 10)", "2024-01-01T00:00:00.123456Z",
    ].map { Array($0.utf8) }
    #expect(
      Fuzz("small texts", inputs: 8000).run(others: inputs) { mutator in
        let text = String(decoding: mutator.damaged(mutator.pick(inputs)), as: UTF8.self)
        if let interval = parseInterval(text), interval < 0 { throw FuzzFailure("'\(text)'") }
        let columns = ColumnPaths(text)
        guard ColumnPaths(columns.text) == columns else {
          throw FuzzFailure("the list of columns '\(text)' comes back as another")
        }
        if case .commit(let version) = LogFile(name: text),
          LogFile.commitPath(version) != LogFile.folder + text
        {
          throw FuzzFailure("'\(text)' is no commit")
        }
        _ = (PercentEncoding.decode(text), DeltaType.decimalName(text))
        if let time = Timestamp(iso8601: text),
          Timestamp(iso8601: time.text(decimals: 6)) != time, time.date.components.year >= 0
        {
          throw FuzzFailure("the instant '\(text)' comes back as another")
        }
      } == [])
  }
}

extension DeltaType {
  /// The type that a schema calls so.
  fileprivate static func decimalName(_ name: String) -> DeltaType? {
    try? DeltaType(.string(name))
  }
}
