import Basics

extension PortabilityWalk {
  /// Finds sums and means of DOUBLEs: their last digits follow the order in which rows are
  /// added, so that a refresh of some rows may give others than a refresh of all.
  ///
  /// Only columns that a FROM takes from a table are known to be fractions; what a common table
  /// expression gives has no type here.
  mutating func fractionSums(_ expressions: [JSON], _ from: JSON?) {
    guard let columns = from.map(fractions), !columns.isEmpty else { return }
    for expression in expressions { sums(expression, of: columns) }
  }

  private mutating func sums(_ node: JSON, of columns: [String: Fraction]) {
    switch node["class"]?.string {
    case "SUBQUERY": return
    case "FUNCTION", "WINDOW":
      let name = node["function_name"]?.string?.lowercased() ?? ""
      let arguments = JSON.array(node["children"]?.array ?? [])
      if ["sum", "avg"].contains(name), let column = added(arguments, columns) {
        add(.sumFraction, node, column)
      }
    default: break
    }
    for child in node.array ?? node.object?.map(\.value) ?? [] { sums(child, of: columns) }
  }

  /// The first of these columns that an expression adds as a DOUBLE.
  /// - Parameter isDouble: true inside a CAST to DOUBLE, where decimals are no longer exact.
  private func added(
    _ node: JSON, _ columns: [String: Fraction], isDouble: Bool = false
  ) -> String? {
    var isDouble = isDouble
    var children = node.array ?? node.object?.map(\.value) ?? []
    switch node["class"]?.string {
    case "CAST":
      isDouble = ["DOUBLE", "FLOAT"].contains(node["cast_type"]?["id"]?.string ?? "")
      if !isDouble { return nil }
    case "COLUMN_REF":
      guard let name = node["column_names"]?.array?.last?.string else { return nil }
      let fraction = columns[name.lowercased()]
      return fraction == .double || (isDouble && fraction == .decimal) ? name : nil
    case "CASE":
      // A condition over a fraction adds none.
      let checks = node["case_checks"]?.array ?? []
      children = checks.compactMap { $0["then_expr"] } + [node["else_expr"]].compactMap(\.self)
    case "COMPARISON", "SUBQUERY": return nil
    default: break
    }
    for child in children {
      if let found = added(child, columns, isDouble: isDouble) { return found }
    }
    return nil
  }

  /// The fractions among the columns of the tables of a FROM.
  private func fractions(_ from: JSON) -> [String: Fraction] {
    switch from["type"]?.string {
    case "BASE_TABLE":
      let name = from["table_name"]?.string?.lowercased() ?? ""
      return named[name] == nil ? fractions[name] ?? [:] : [:]
    case "JOIN":
      return [from["left"], from["right"]].compactMap(\.self).reduce(into: [:]) { found, side in
        found.merge(fractions(side)) { first, _ in first }
      }
    default: return [:]
    }
  }
}
