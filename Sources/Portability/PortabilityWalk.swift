import Basics

/// A way through a syntax tree that collects findings.
struct PortabilityWalk {
  typealias Fraction = PortableSQL.Fraction

  /// What stands around an expression.
  struct Around {
    /// The type of the CAST whose child it is.
    var cast: String?
    /// True somewhere inside a CAST of the same SELECT.
    var isTyped = false
    /// Columns of USING, which have no table.
    var keys: Set<String> = []
  }

  let tables: [String: [String]]
  /// The columns of the tables that are fractions.
  let fractions: [String: [String: Fraction]]
  var findings: [PortabilityFinding] = []
  /// The output columns of the common table expressions in reach; nil where they are not known.
  var named: [String: Set<String>?] = [:]

  init(tables: [String: [String]], fractions: [String: [String: Fraction]]) {
    self.tables = tables
    self.fractions = fractions
  }

  mutating func add(_ rule: PortabilityRule, _ node: JSON, _ name: String? = nil) {
    let place = node["query_location"]?.int.flatMap { $0 >= 0 && $0 < 1 << 40 ? Int($0) : nil }
    findings.append(PortabilityFinding(rule, place, name))
  }

  mutating func visit(statements tree: JSON) {
    for statement in tree["statements"]?.array ?? [] {
      guard let node = statement["node"] else { continue }
      if node["type"]?.string == "SELECT_NODE" { ranks(node) }
      visit(query: node)
    }
  }

  /// Ranks that become columns of the result as they are.
  private mutating func ranks(_ node: JSON) {
    let ranks: Set = [
      "WINDOW_ROW_NUMBER", "WINDOW_RANK", "WINDOW_RANK_DENSE", "WINDOW_NTILE",
    ]
    for item in node["select_list"]?.array ?? []
    where ranks.contains(item["type"]?.string ?? "") { add(.rankType, item) }
  }

  /// A SELECT, a UNION or the like.
  mutating func visit(query node: JSON) {
    let outer = named
    defer { named = outer }
    for entry in node["cte_map"]?["map"]?.array ?? [] {
      guard let key = entry["key"]?.string, let query = entry["value"]?["query"]?["node"] else {
        continue
      }
      visit(query: query)
      named[key.lowercased()] = .some(outputs(query))
    }
    switch node["type"]?.string {
    case "SELECT_NODE": visit(select: node)
    case "SET_OPERATION_NODE":
      if node["setop_type"]?.string == "UNION_BY_NAME" { add(.unionByName, node) }
      let children = node["children"]?.array ?? [node["left"], node["right"]].compactMap(\.self)
      for child in children { visit(query: child) }
    case "RECURSIVE_CTE_NODE": add(.recursive, node)
    default: break
    }
    modifiers(node, Around())
  }

  private mutating func visit(select node: JSON) {
    var around = Around()
    if let from = node["from_table"] { around.keys = visit(from: from) }
    if let qualify = node["qualify"], qualify != .null { add(.qualify, qualify) }
    if node["aggregate_handling"]?.string == "FORCE_AGGREGATES" { add(.groupByAll, node) }
    let items = node["select_list"]?.array ?? []
    aliases(items, node)
    let others = [node["where_clause"], node["having"], node["qualify"]].compactMap(\.self)
    fractionSums(items + others, node["from_table"])
    for expression in items + others + (node["group_expressions"]?.array ?? []) {
      visit(expression, around)
    }
  }

  private mutating func modifiers(_ node: JSON, _ around: Around) {
    for modifier in node["modifiers"]?.array ?? [] {
      for order in modifier["orders"]?.array ?? [] { visit(order: order, around) }
      if let targets = modifier["distinct_on_targets"]?.array, !targets.isEmpty {
        add(.distinctOn, targets[0])
      }
    }
  }

  mutating func visit(order: JSON, _ around: Around) {
    guard let expression = order["expression"] else { return }
    if expression["class"]?.string == "STAR" { return add(.orderByAll, expression) }
    if order["null_order"]?.string == "ORDER_DEFAULT" { add(.nullOrder, expression) }
    visit(expression, around)
  }

  /// - Returns: the columns of USING.
  private mutating func visit(from: JSON) -> Set<String> {
    var keys: Set<String> = []
    switch from["type"]?.string {
    case "JOIN":
      for side in ["left", "right"] {
        if let table = from[side] { keys.formUnion(visit(from: table)) }
      }
      keys.formUnion((from["using_columns"]?.array ?? []).compactMap { $0.string?.lowercased() })
      if !["REGULAR", "CROSS"].contains(from["ref_type"]?.string ?? "") { add(.join, from) }
      if let condition = from["condition"], condition != .null {
        visit(condition, Around(keys: keys))
      }
    case "SUBQUERY": if let query = from["subquery"]?["node"] { visit(query: query) }
    case "TABLE_FUNCTION":
      if let function = from["function"] {
        let name = function["function_name"]?.string?.lowercased() ?? ""
        if name != "range" { add(PortableFunctions.rules[name] ?? .function, from, name) }
        for child in function["children"]?.array ?? [] { visit(child, Around()) }
      }
    case "PIVOT": add(.pivot, from)
    case "EXPRESSION_LIST":
      for row in from["values"]?.array ?? [] {
        for value in row.array ?? [] { visit(value, Around()) }
      }
    default: break
    }
    return keys
  }
}
