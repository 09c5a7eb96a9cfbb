import DeltaLake
import Engines

/// Between the names that columns have in the table and those in its files.
extension ScanGroup {
  /// The name of a column, or a field of one, in the files; nil where they do not have it.
  private func fileName(_ field: StructField) -> String? {
    switch scan.mapping {
    case .none, .name: field.storedName(scan.mapping)
    case .id:
      // A column that is none of the table's, such as the kind of a change, has no id.
      if let id = field.columnID { columns[id] } else { field.name }
    }
  }

  /// A column as the files have it, nested fields included; nil where they do not have it.
  func physical(_ field: StructField) -> StructField? {
    guard scan.mapping != .none else { return field }
    guard let name = fileName(field), let type = physical(field.type) else { return nil }
    return StructField(name, type)
  }

  private func physical(_ type: DeltaType) -> DeltaType? {
    switch type {
    case .structure(let fields):
      let known = fields.compactMap(physical)
      return known.isEmpty ? nil : .structure(known)
    case .array(let element, let containsNull):
      return physical(element).map { .array($0, containsNull: containsNull) }
    case .map(let key, let value, let containsNull):
      guard let key = physical(key), let value = physical(value) else { return nil }
      return .map(key: key, value: value, valueContainsNull: containsNull)
    case .void: return nil
    default: return type
    }
  }

  /// A column's value under the names of the table.
  /// - Parameter alias: the alias of the files' rows.
  func logical(_ field: StructField, of alias: String) -> String {
    guard field.type != .void, let stored = physical(field) else { return "NULL" }
    return logical("\(alias).\(sqlName(stored.name))", field.type)
  }

  private func logical(_ value: String, _ type: DeltaType, depth: Int = 0) -> String {
    guard scan.mapping != .none, renames(type) else { return value }
    let variable = "x\(depth)"
    switch type {
    case .structure(let fields):
      let members = fields.map { field in
        let inner =
          physical(field).map {
            logical("\(value).\(sqlName($0.name))", field.type, depth: depth)
          } ?? "CAST(NULL AS \(field.type.duckDB))"
        return "\(sqlName(field.name)) := \(inner)"
      }
      return
        "CASE WHEN \(value) IS NOT NULL THEN struct_pack(\(members.joined(separator: ", "))) END"
    case .array(let element, _):
      let inner = logical(variable, element, depth: depth + 1)
      return "list_transform(\(value), lambda \(variable): \(inner))"
    case .map(let key, let entry, _):
      let keys = logical("\(variable).key", key, depth: depth + 1)
      let values = logical("\(variable).value", entry, depth: depth + 1)
      return "map_from_entries(list_transform(map_entries(\(value)), "
        + "lambda \(variable): struct_pack(key := \(keys), value := \(values))))"
    default: return value
    }
  }

  /// True if a type has fields below it that may have other names in the files.
  private func renames(_ type: DeltaType) -> Bool {
    switch type {
    case .structure: true
    case .array(let element, _): renames(element)
    case .map(let key, let value, _): renames(key) || renames(value)
    default: false
    }
  }
}
