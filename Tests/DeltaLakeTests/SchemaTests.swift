import Basics
import Testing

@testable import DeltaLake

@Suite("Schemas as JSON")
struct SchemaTests {
  private let all = Schema([
    StructField("s", .string, nullable: false), StructField("l", .long), StructField("i", .integer),
    StructField("sh", .short), StructField("b", .byte), StructField("f", .float),
    StructField("d", .double), StructField("bo", .boolean), StructField("bi", .binary),
    StructField("da", .date), StructField("ts", .timestamp), StructField("nt", .timestampNtz),
    StructField("de", .decimal(precision: 38, scale: 10)), StructField("vo", .void),
    StructField("un", .unsupported("variant")),
    StructField("ar", .array(.array(.long, containsNull: false), containsNull: true)),
    StructField(
      "ma", .map(key: .string, value: .decimal(precision: 1, scale: 0), valueContainsNull: false)),
    StructField(
      "st",
      .structure([
        StructField("Ä \"x\".y", .structure([]), nullable: false),
        StructField("deep", .array(.structure([StructField("z", .date)]), containsNull: false)),
      ]),
      metadata: [
        JSON.Member("comment", "What it is."),
        JSON.Member("delta.columnMapping.id", .int(4)),
        JSON.Member("nested", ["a": [1, .null, true]]),
      ]),
  ])

  @Test("Every type, nullability and field metadata come back as they were")
  func roundTrip() throws {
    #expect(try Schema(parsing: all.json.text) == all)
    #expect(try Schema(parsing: all.json.text).json.text == all.json.text)
  }

  @Test("The text is the protocol's")
  func text() {
    let schema = Schema([
      StructField("a", .decimal(precision: 10, scale: 2), nullable: false),
      StructField(
        "m", .map(key: .string, value: .array(.date, containsNull: true), valueContainsNull: true)),
    ])
    #expect(
      schema.json.text == """
        {"type":"struct","fields":[\
        {"name":"a","type":"decimal(10,2)","nullable":false,"metadata":{}},\
        {"name":"m","type":{"type":"map","keyType":"string",\
        "valueType":{"type":"array","elementType":"date","containsNull":true},\
        "valueContainsNull":true},"nullable":true,"metadata":{}}]}
        """)
  }

  @Test(
    "A type is read from its name",
    arguments: [
      ("\"decimal(10,2)\"", DeltaType.decimal(precision: 10, scale: 2)),
      ("\"decimal(10, 2)\"", .decimal(precision: 10, scale: 2)),
      ("\"decimal\"", .decimal(precision: 10, scale: 0)),
      ("\"timestamp_ntz\"", .timestampNtz),
      ("\"decimal(39,2)\"", .unsupported("decimal(39,2)")),
      ("\"decimal(10,-2)\"", .unsupported("decimal(10,-2)")),
      ("\"decimal(10,11)\"", .unsupported("decimal(10,11)")),
      ("\"decimal(,)\"", .unsupported("decimal(,)")),
      ("\"decimal(99999999999999999999,2)\"", .unsupported("decimal(99999999999999999999,2)")),
      ("\"interval\"", .unsupported("interval")), ("\"\"", .unsupported("")),
      (#"{"type":"array","elementType":"long"}"#, .array(.long, containsNull: true)),
      (#"{"type":"struct"}"#, .structure([])),
    ])
  func types(json: String, type: DeltaType) throws {
    #expect(try DeltaType(JSON(parsing: json)) == type)
  }

  @Test(
    "What is no schema says why",
    arguments: [
      ("", "the schema is no JSON: the text ends inside a value"),
      ("\"long\"", "the schema is not a struct"),
      ("{}", "a type is called nothing"),
      (#"{"type":"union"}"#, "a type is called 'union'"),
      (#"{"type":"struct","fields":[{"type":"long"}]}"#, "a field has no name or no type"),
      (#"{"type":"struct","fields":[{"name":"a"}]}"#, "a field has no name or no type"),
      (
        #"{"type":"struct","fields":[{"name":"a","type":{"type":"array"}}]}"#,
        "an array has no element"
      ),
      (
        #"{"type":"struct","fields":[{"name":"a","type":{"type":"map","keyType":"long"}}]}"#,
        "a map has no key or value type"
      ),
    ])
  func malformed(json: String, reason: String) {
    let error = #expect(throws: SchemaError.self) { try Schema(parsing: json) }
    #expect(error?.reason == reason)
  }

  @Test("A column is found in any case, the exact one first")
  func subscripts() {
    let schema = Schema([
      StructField("a", .long), StructField("A", .string), StructField("Bc", .date),
    ])
    #expect(schema["A"]?.type == .string)
    #expect(schema["a"]?.type == .long)
    #expect(schema["bC"]?.name == "Bc")
    #expect(schema["d"] == nil)
    #expect(schema.names == ["a", "A", "Bc"])
    #expect(
      StructField("x", .long, metadata: [JSON.Member("comment", "Why.")]).comment == "Why.")
    #expect(StructField("x", .long).comment == nil)
  }
}
