import Basics

extension Schema {
  /// Reads the JSON text of a schema as the protocol defines it ("Schema Serialization Format").
  public init(parsing text: String) throws(SchemaError) {
    let json: JSON
    do { json = try JSON(parsing: text) } catch {
      throw SchemaError("the schema is no JSON: \(error.reason.rawValue)")
    }
    guard case .structure(let fields) = try DeltaType(json) else {
      throw SchemaError("the schema is not a struct")
    }
    self.init(fields)
  }

  /// The schema as the JSON text that `schemaString` holds.
  public var json: JSON { DeltaType.structure(fields).json }
}

/// Why a schema's JSON is not understood.
public struct SchemaError: Error, Hashable, Sendable {
  public let reason: String
  init(_ reason: String) { self.reason = reason }
}

extension DeltaType {
  private static let primitives: [String: DeltaType] = [
    "string": .string, "long": .long, "integer": .integer, "short": .short, "byte": .byte,
    "float": .float, "double": .double, "boolean": .boolean, "binary": .binary, "date": .date,
    "timestamp": .timestamp, "timestamp_ntz": .timestampNtz, "void": .void,
  ]

  /// What types of one value are called in a schema; a decimal with its digits.
  public static let names = primitives.keys.filter { $0 != "void" }.sorted() + ["decimal(p,s)"]

  /// A type of one value by its name in a schema, such as `long` or `decimal(10,2)`; nil for other
  /// names.
  public init?(named name: String) {
    guard let type = DeltaType.primitives[name] ?? DeltaType.decimal(name), type != .void else {
      return nil
    }
    self = type
  }

  init(_ json: JSON) throws(SchemaError) {
    if let name = json.string {
      self = DeltaType.primitives[name] ?? DeltaType.decimal(name) ?? .unsupported(name)
      return
    }
    switch json["type"]?.string {
    case "struct":
      var fields: [StructField] = []
      for field in json["fields"]?.array ?? [] { fields.append(try StructField(field)) }
      self = .structure(fields)
    case "array":
      guard let element = json["elementType"] else { throw SchemaError("an array has no element") }
      self = .array(try DeltaType(element), containsNull: json["containsNull"]?.bool ?? true)
    case "map":
      guard let key = json["keyType"], let value = json["valueType"] else {
        throw SchemaError("a map has no key or value type")
      }
      self = .map(
        key: try DeltaType(key), value: try DeltaType(value),
        valueContainsNull: json["valueContainsNull"]?.bool ?? true)
    case let other: throw SchemaError("a type is called \(other.map { "'\($0)'" } ?? "nothing")")
    }
  }

  /// `decimal(10,2)` or `decimal(10, 2)`; `decimal` alone has 10 digits.
  private static func decimal(_ name: String) -> DeltaType? {
    if name == "decimal" { return .decimal(precision: 10, scale: 0) }
    guard name.hasPrefix("decimal("), name.hasSuffix(")") else { return nil }
    let numbers = name.dropFirst(8).dropLast().split(separator: ",").map {
      Int($0.filter { $0 != " " })
    }
    guard numbers.count == 2, let precision = numbers[0], let scale = numbers[1],
      (1...38).contains(precision), (0...precision).contains(scale)
    else { return nil }
    return .decimal(precision: precision, scale: scale)
  }

  /// The type's name, for all that are no array, map or struct.
  public var name: String? {
    switch self {
    case .decimal(let precision, let scale): "decimal(\(precision),\(scale))"
    case .unsupported(let name): name
    case .array, .map, .structure: nil
    default: DeltaType.primitives.first { $0.value == self }?.key
    }
  }

  /// The type as a schema spells it.
  public var json: JSON {
    switch self {
    case .array(let element, let containsNull):
      ["type": "array", "elementType": element.json, "containsNull": .bool(containsNull)]
    case .map(let key, let value, let valueContainsNull):
      [
        "type": "map", "keyType": key.json, "valueType": value.json,
        "valueContainsNull": .bool(valueContainsNull),
      ]
    case .structure(let fields):
      ["type": "struct", "fields": .array(fields.map(\.json))]
    default: .string(name ?? "string")
    }
  }
}

extension StructField {
  init(_ json: JSON) throws(SchemaError) {
    guard let name = json["name"]?.string, let type = json["type"] else {
      throw SchemaError("a field has no name or no type")
    }
    self.init(
      name, try DeltaType(type), nullable: json["nullable"]?.bool ?? true,
      metadata: json["metadata"]?.object ?? [])
  }

  var json: JSON {
    [
      "name": .string(name), "type": type.json, "nullable": .bool(nullable),
      "metadata": .object(metadata),
    ]
  }
}
