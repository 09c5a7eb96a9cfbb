import DeltaLake
import Engines

/// Between the names that columns have in the table and those in its files.
extension ScanGroup {
  private var names: FieldNames {
    FieldNames(from: fileName, to: \.name)
  }

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
    scan.mapping == .none ? field : names.given(field)
  }

  /// A column's value under the names of the table.
  /// - Parameter alias: the alias of the files' rows.
  func logical(_ field: StructField, of alias: String) -> String {
    // Files never hold a column that has no type.
    if field.type == .void { return "NULL" }
    if scan.mapping == .none { return "\(alias).\(sqlName(field.name))" }
    return names.value(field, of: alias)
  }
}
