import DeltaLake
import Engines

/// SQL that gives the fields of values other names, at every level of nesting.
///
/// Under a column mapping a column has one name in the table and another in its files.
struct FieldNames {
  /// The name that a field has in the values; nil where they do not have it.
  let from: (StructField) -> String?
  /// The name that it is to have.
  let to: (StructField) -> String

  /// A field as the values have it, those below it included; nil where they do not have it.
  func given(_ field: StructField) -> StructField? {
    guard let name = from(field), let type = given(field.type) else { return nil }
    return StructField(name, type)
  }

  private func given(_ type: DeltaType) -> DeltaType? {
    switch type {
    case .structure(let fields):
      let known = fields.compactMap(given)
      return known.isEmpty ? nil : .structure(known)
    case .array(let element, let containsNull):
      return given(element).map { .array($0, containsNull: containsNull) }
    case .map(let key, let value, let containsNull):
      guard let key = given(key), let value = given(value) else { return nil }
      return .map(key: key, value: value, valueContainsNull: containsNull)
    case .void: return nil
    default: return type
    }
  }

  /// A type with the names that its fields are to have.
  func wanted(_ type: DeltaType) -> DeltaType {
    switch type {
    case .structure(let fields):
      .structure(fields.map { StructField(to($0), wanted($0.type), nullable: $0.nullable) })
    case .array(let element, let containsNull):
      .array(wanted(element), containsNull: containsNull)
    case .map(let key, let value, let containsNull):
      .map(key: wanted(key), value: wanted(value), valueContainsNull: containsNull)
    default: type
    }
  }

  /// An expression for a field's value under the new names.
  /// - Parameter alias: the alias of the rows.
  func value(_ field: StructField, of alias: String) -> String {
    guard field.type != .void, let given = given(field) else { return "NULL" }
    return value("\(alias).\(sqlName(given.name))", field.type, depth: 0)
  }

  private func value(_ text: String, _ type: DeltaType, depth: Int) -> String {
    guard renames(type) else { return text }
    let variable = "x\(depth)"
    switch type {
    case .structure(let fields):
      let members = fields.map { field in
        let inner =
          given(field).map { value("\(text).\(sqlName($0.name))", field.type, depth: depth) }
          ?? "CAST(NULL AS \(wanted(field.type).duckDB))"
        return "\(sqlName(to(field))) := \(inner)"
      }
      return
        "CASE WHEN \(text) IS NOT NULL THEN struct_pack(\(members.joined(separator: ", "))) END"
    case .array(let element, _):
      let inner = value(variable, element, depth: depth + 1)
      return "list_transform(\(text), lambda \(variable): \(inner))"
    case .map(let key, let entry, _):
      let keys = value("\(variable).key", key, depth: depth + 1)
      let values = value("\(variable).value", entry, depth: depth + 1)
      return "map_from_entries(list_transform(map_entries(\(text)), "
        + "lambda \(variable): struct_pack(key := \(keys), value := \(values))))"
    default: return text
    }
  }

  /// True if a type has fields below it that have another name, or none, in the values.
  private func renames(_ type: DeltaType) -> Bool {
    switch type {
    case .structure(let fields): fields.contains { from($0) != to($0) || renames($0.type) }
    case .array(let element, _): renames(element)
    case .map(let key, let value, _): renames(key) || renames(value)
    default: false
    }
  }
}
