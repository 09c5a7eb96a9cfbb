import Basics

extension KeyLineage {
  /// Reads a query as the engine's `json_serialize_sql` gives it.
  /// - Parameters:
  ///   - tables: the columns of the tables that it may name, by the names that it uses.
  ///   - aggregates: the names of the engine's aggregate functions, in lower case.
  ///   - looksBack: true to trace a column through windows that are ordered by it.
  /// - Returns: nil for a query that is not understood.
  init?(
    _ serialized: JSON, tables: [String: [String]], aggregates: Set<String>,
    looksBack: Bool = false
  ) {
    guard let statements = serialized["statements"]?.array, statements.count == 1,
      let node = statements[0]["node"]
    else { return nil }
    let tables = Dictionary(tables.map { ($0.key.lowercased(), $0.value) }) { first, _ in first }
    var reader = KeyLineageReader(
      tables: tables, aggregates: aggregates, looksBack: looksBack)
    guard let result = reader.relation(node, [:]), reader.isUnderstood else { return nil }
    readings = reader.readings(result)
  }
}

/// Goes through a query from the inside out.
struct KeyLineageReader {
  typealias Expression = KeyLineage.Expression

  let tables: [String: [String]]
  let aggregates: Set<String>
  let looksBack: Bool
  /// The input of each reading, in the order in which they were met.
  private(set) var inputs: [String] = []
  var links: [Int: [KeyLineage.Link]] = [:]
  /// False once something was met of which nothing is known.
  private(set) var isUnderstood = true
  /// For a subquery in an expression, the relation around it, whose columns its conditions may name.
  var around: Relation?
  /// The equalities by which the rows of such subqueries meet those of the relation around them.
  var correlations: [Correlation] = []

  init(tables: [String: [String]], aggregates: Set<String>, looksBack: Bool) {
    self.tables = tables
    self.aggregates = aggregates
    self.looksBack = looksBack
  }

  /// A column of a relation within the query.
  struct Column {
    /// The name before the dot, and the one after it, in lower case.
    var source: String
    var name: String
    /// For readings, the expression over their input's columns that has the column's value in all rows
    /// on which a row of the relation depends.
    var origins: [Int: Expression] = [:]
  }

  /// A relation's columns, and the readings that are below it.
  struct Relation {
    var columns: [Column] = []
    var readings: [Int] = []
  }

  /// A query's name in a WITH clause, and its tree.
  typealias Known = [String: JSON]

  func readings(_ result: Relation) -> [KeyLineage.Reading] {
    inputs.indices.map { index in
      var direct: [String: Expression] = [:]
      for column in result.columns {
        if let origin = column.origins[index] { direct[column.name] = origin }
      }
      return KeyLineage.Reading(input: inputs[index], direct: direct, links: links[index] ?? [])
    }
  }

  /// A query's result; nil for one that is not understood.
  mutating func relation(_ node: JSON, _ known: Known) -> Relation? {
    var known = known
    for entry in node["cte_map"]?["map"]?.array ?? [] {
      guard let name = entry["key"]?.string, let value = entry["value"] else { continue }
      known[name.lowercased()] = value
    }
    switch node["type"]?.string {
    case "SELECT_NODE": return select(node, known)
    case "SET_OPERATION_NODE": return setOperation(node, known)
    default: return notUnderstood()
    }
  }

  mutating func notUnderstood() -> Relation? {
    isUnderstood = false
    return nil
  }

  private mutating func setOperation(_ node: JSON, _ known: Known) -> Relation? {
    guard node["setop_type"]?.string != "UNION_BY_NAME", let left = node["left"],
      let right = node["right"], let a = relation(left, known), let b = relation(right, known),
      a.columns.count == b.columns.count
    else { return notUnderstood() }
    let isCut = hasLimit(node)
    return Relation(
      columns: zip(a.columns, b.columns).map { a, b in
        var column = a
        column.origins = isCut ? [:] : a.origins.merging(b.origins) { first, _ in first }
        return column
      }, readings: a.readings + b.readings)
  }

  /// True where some rows are left out that depend on others.
  private func hasLimit(_ node: JSON) -> Bool {
    if let sample = node["sample"], !sample.isNull { return true }
    return (node["modifiers"]?.array ?? []).contains { modifier in
      switch modifier["type"]?.string {
      case "ORDER_MODIFIER": false
      case "DISTINCT_MODIFIER": modifier["distinct_on_targets"]?.array?.isEmpty == false
      default: true
      }
    }
  }

  private mutating func select(_ node: JSON, _ known: Known) -> Relation? {
    let around = self.around
    self.around = nil
    let filter = node["where_clause"] ?? .null
    guard var from = source(node["from_table"], known, filter) else { return nil }
    if let around { correlate(filter, from, around) }
    nest(node["select_list"], known, &from)
    nest(filter, known, &from, isCondition: true)
    for part in ["having", "qualify", "group_expressions"] {
      from.readings += nested(node[part], known)
    }
    let items = (node["select_list"]?.array ?? []).flatMap { item in
      item["class"]?.string == "STAR" ? all(item, from) : [self.item(item, from)]
    }
    let keeps = SelectKeeps(node, items, from, self)
    return Relation(
      columns: items.map { item in
        var column = Column(source: "", name: item.name)
        guard let value = item.value, !hasLimit(node), keeps.keeps(value) else {
          return column
        }
        for reading in from.readings {
          column.origins[reading] = origin(of: value, from, reading)
        }
        return column
      }, readings: from.readings)
  }

  /// An expression over a relation as one over a reading's input.
  func origin(of value: Expression, _ relation: Relation, _ reading: Int) -> Expression? {
    value.replacing { relation.columns[$0].origins[reading] }
  }

  /// A column of a SELECT list.
  struct Item {
    let name: String
    /// Over the FROM clause's columns; nil where it is not certain.
    let value: Expression?
    /// As it stands there.
    let tree: JSON
  }

  private func item(_ tree: JSON, _ from: Relation) -> Item {
    let alias = tree["alias"]?.string ?? ""
    let name = alias.isEmpty ? tree["column_names"]?.array?.last?.string ?? "" : alias
    return Item(name: name.lowercased(), value: expression(tree, from), tree: tree)
  }

  private func all(_ star: JSON, _ from: Relation) -> [Item] {
    let of = star["relation_name"]?.string?.lowercased() ?? ""
    let left = Set((star["exclude_list"]?.array ?? []).compactMap { $0.string?.lowercased() })
    let replaced = Set(
      (star["replace_list"]?.array ?? []).compactMap { $0["key"]?.string?.lowercased() })
    return from.columns.enumerated().compactMap { index, column in
      guard of.isEmpty || column.source == of, !left.contains(column.name) else { return nil }
      let value = replaced.contains(column.name) ? nil : Expression.column(index)
      return Item(name: column.name, value: value, tree: .null)
    }
  }

  // MARK: - FROM

  /// - Parameter filter: the WHERE that all rows pass, whose equalities join as those of ON do.
  mutating func source(
    _ table: JSON?, _ known: Known, _ filter: JSON = .null
  ) -> Relation? {
    guard let table else { return Relation() }
    let alias = table["alias"]?.string?.lowercased() ?? ""
    func named(_ relation: Relation, _ name: String) -> Relation {
      var relation = relation
      let names = table["column_name_alias"]?.array?.compactMap(\.string) ?? []
      for index in relation.columns.indices {
        relation.columns[index].source = alias.isEmpty ? name : alias
        if index < names.count { relation.columns[index].name = names[index].lowercased() }
      }
      return relation
    }
    switch table["type"]?.string {
    case "EMPTY": return Relation()
    case "BASE_TABLE":
      let name = table["table_name"]?.string?.lowercased() ?? ""
      guard inputs.count < 1_000, let found = base(name, known) else { return notUnderstood() }
      return named(found, name)
    case "SUBQUERY":
      guard let node = table["subquery"]?["node"], let found = relation(node, known) else {
        return notUnderstood()
      }
      return named(found, "")
    case "JOIN": return join(table, known, filter)
    case "TABLE_FUNCTION", "EXPRESSION_LIST":
      let columns = table["column_name_alias"]?.array?.compactMap(\.string) ?? []
      let count = max(columns.count, table["values"]?.array?.first?.array?.count ?? 0)
      let relation = Relation(
        columns: (0..<count).map { Column(source: alias, name: "col\($0)") },
        readings: nested(table["function"], known) + nested(table["values"], known))
      return named(relation, alias)
    default: return notUnderstood()
    }
  }

  private mutating func base(_ name: String, _ known: Known) -> Relation? {
    if let query = known[name] {
      var others = known
      // Only a query that names itself would find itself here.
      others[name] = nil
      guard let node = query["query"]?["node"], var found = relation(node, others) else {
        return nil
      }
      let names = query["aliases"]?.array?.compactMap(\.string) ?? []
      for (index, name) in names.enumerated() where index < found.columns.count {
        found.columns[index].name = name.lowercased()
      }
      return found
    }
    guard let columns = tables[name] else { return nil }
    let reading = inputs.count
    inputs.append(name)
    return Relation(
      columns: columns.map {
        Column(source: name, name: $0.lowercased(), origins: [reading: .named($0)])
      }, readings: [reading])
  }
}
