import Basics

extension PortabilityWalk {
  /// An expression with all that is in it.
  mutating func visit(_ node: JSON, _ around: Around) {
    switch node["class"]?.string {
    case "CAST": visit(cast: node, around)
    case "FUNCTION": visit(function: node, around)
    case "WINDOW": visit(window: node, around)
    case "SUBQUERY":
      if let query = node["subquery"]?["node"] { visit(query: query) }
      if let child = node["child"], child != .null { visit(child, Around(keys: around.keys)) }
    case "STAR":
      let lists = ["exclude_list", "replace_list", "qualified_exclude_list", "rename_list"]
      let hasList = lists.contains { name in
        !(node[name]?.array?.isEmpty ?? node[name]?.object?.isEmpty ?? true)
      }
      if hasList || node["columns"]?.bool == true { add(.starList, node) }
    case "LAMBDA": add(.arrays, node)
    case "COLUMN_REF":
      let names = node["column_names"]?.array?.compactMap { $0.string?.lowercased() } ?? []
      if names.count == 2, around.keys.contains(names[1]) {
        add(.usingKey, node, names.joined(separator: "."))
      }
    case "OPERATOR":
      if ["ARRAY_EXTRACT", "ARRAY_SLICE", "ARRAY_CONSTRUCTOR"].contains(node["type"]?.string) {
        add(.arrays, node)
      }
      children(node, around)
    default: children(node, around)
    }
  }

  /// What is in an expression; it is no longer directly in a CAST.
  private mutating func children(_ node: JSON, _ around: Around) {
    var inside = around
    inside.cast = nil
    for child in node.array ?? node.object?.map(\.value) ?? [] {
      if child["class"] != nil {
        visit(child, inside)
      } else if child.array != nil || child.object != nil {
        children(child, inside)
      }
    }
  }

  private static let integers: Set<String> = [
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER",
    "UBIGINT",
  ]

  private mutating func visit(cast node: JSON, _ around: Around) {
    let type = node["cast_type"]?["id"]?.string ?? ""
    guard let child = node["child"] else { return }
    if type == "TIMESTAMP WITH TIME ZONE" { add(.zonedType, node) }
    if PortabilityWalk.integers.contains(type) {
      if node["try_cast"]?.bool == true, child["class"]?.string != "CAST" {
        add(.tryCastInteger, node)
      }
      let name = child["function_name"]?.string?.lowercased()
      if child["class"]?.string == "FUNCTION",
        ["/", "avg", "sqrt", "ln", "exp", "try_divide"].contains(name)
      {
        add(.castFraction, node)
      }
    }
    var inside = around
    inside.cast = type
    inside.isTyped = true
    visit(child, inside)
  }

  private mutating func visit(window node: JSON, _ around: Around) {
    let orders = node["orders"]?.array ?? []
    for order in orders { visit(order: order, Around(keys: around.keys)) }
    let hasInterval = ["start_expr", "end_expr"].contains { name in
      node[name]?["function_name"]?.string?.hasPrefix("to_") == true
    }
    let isTimestamp = orders.allSatisfy {
      $0["expression"]?["cast_type"]?["id"]?.string == "TIMESTAMP"
    }
    if hasInterval, !isTimestamp { add(.rangeFrame, node) }
    check(function: node["function_name"]?.string ?? "", node, around)
    for child in (node["children"]?.array ?? []) + (node["partitions"]?.array ?? []) {
      visit(child, Around(keys: around.keys))
    }
    if let filter = node["filter_expr"], filter != .null {
      visit(filter, Around(keys: around.keys))
    }
  }

  private mutating func visit(function node: JSON, _ around: Around) {
    let name = node["function_name"]?.string ?? ""
    check(function: name, node, around)
    if name.lowercased() != "quantile_disc" {
      for order in node["order_bys"]?["orders"]?.array ?? [] { visit(order: order, around) }
    }
    var inside = around
    inside.cast = nil
    for child in node["children"]?.array ?? [] { visit(child, inside) }
    if let filter = node["filter"], filter != .null { visit(filter, Around(keys: around.keys)) }
  }

  /// Judges a function, operator or window function by its name and what stands around it.
  private mutating func check(function given: String, _ node: JSON, _ around: Around) {
    let name = given.lowercased()
    let isOperator = node["is_operator"]?.bool == true
    if let rule = PortableFunctions.rules[name] { return add(rule, node, given) }
    guard isOperator ? PortableFunctions.operators.contains(name) : isKnown(name) else {
      return add(.function, node, given)
    }
    let children = node["children"]?.array ?? []
    switch name {
    case "date_trunc": if around.cast != "DATE" { add(.dateTruncType, node) }
    case "date_part", "year", "month", "day", "hour", "minute", "second", "quarter":
      let part =
        name == "date_part" ? children.first?["value"]?["value"]?.string?.lowercased() : nil
      if let part, ["dow", "isodow", "weekday", "week", "doy"].contains(part) {
        return add(.weekday, node, part)
      }
      if !PortabilityWalk.integers.contains(around.cast ?? "") { add(.datePartType, node) }
    case "regexp_extract": if children.count < 3 { add(.regexpGroup, node) }
    case "sum": if !around.isTyped { add(.sumType, node) }
    case "avg":
      if children.first?["cast_type"]?["id"]?.string != "DOUBLE" { add(.averageType, node) }
    case "md5": if around.cast != "VARCHAR" { add(.hash, node, given) }
    case "+", "-":
      let isInterval = children.contains {
        ["to_years", "to_months", "to_weeks", "to_days"].contains($0["function_name"]?.string ?? "")
      }
      if isInterval, !["DATE", "TIMESTAMP"].contains(around.cast ?? "") {
        add(.intervalType, node)
      }
    case "/": check(division: node, children)
    default: break
    }
  }

  private func isKnown(_ name: String) -> Bool {
    PortableFunctions.known.contains(name) || PortableFunctions.operators.contains(name)
  }

  private mutating func check(division node: JSON, _ children: [JSON]) {
    guard children.count == 2 else { return }
    if !children.contains(where: isDouble) { add(.divisionType, node) }
    if !isNeverZero(children[1]) { add(.divisionByZero, node) }
  }

  /// True where an expression certainly is a DOUBLE.
  private func isDouble(_ node: JSON) -> Bool {
    if node["cast_type"]?["id"]?.string == "DOUBLE" { return true }
    let name = node["function_name"]?.string?.lowercased() ?? ""
    let children = node["children"]?.array ?? []
    switch name {
    case "sqrt", "ln", "exp", "avg", "stddev_samp", "power", "pow": return true
    case "nullif", "abs", "floor", "ceil", "round", "coalesce":
      return children.first.map(isDouble) ?? false
    case "+", "-", "*", "/": return children.contains(where: isDouble)
    default:
      return node["type"]?.string == "OPERATOR_NULLIF" && (children.first.map(isDouble) ?? false)
    }
  }

  /// True where an expression certainly is not zero: it is NULL then, a number, or the count of a group.
  private func isNeverZero(_ node: JSON) -> Bool {
    let name = node["function_name"]?.string?.lowercased() ?? ""
    if name == "nullif" || name == "count_star" || node["type"]?.string == "OPERATOR_NULLIF" {
      return true
    }
    if node["class"]?.string == "CAST", let child = node["child"] { return isNeverZero(child) }
    if let value = node["value"]?["value"] {
      return (value.double ?? value.int.map(Double.init)) != 0 && value != .null
    }
    return false
  }
}
