import Basics

extension QueryReader {
  /// What names mean at a place of a query.
  struct Scope {
    /// FROM clauses, from the inside out.
    var relations: [Relation]
    var known: Known
    /// The columns of the SELECT list by their names.
    var aliases: [String: Dependencies] = [:]
    /// Parameters of lambdas around it.
    var parameters: Set<String> = []
  }

  func select(_ node: JSON, _ known: Known, _ outer: [Relation]) -> Relation {
    let from = source(node["from_table"], known, outer)
    var scope = Scope(relations: [from] + outer, known: known)
    var result = Relation(rows: from.rows)
    let list = node["select_list"]?.array ?? []
    for item in list {
      if item["class"]?.string == "STAR", item["columns"]?.bool != true {
        let all = star(item, from, scope)
        result.columns += all.columns
        result.open += all.open
      } else if QueryReader.namesMany(item) {
        result.open.append(Open(source: "", columns: expression(item, scope).uncertain))
      } else {
        let column = self.item(item, scope)
        result.columns.append(column)
        scope.aliases[column.name] = scope.aliases[column.name] ?? column.dependencies
      }
    }
    for item in list { result.rows.formUnion(unnested(item, scope)) }
    for part in ["where_clause", "having", "qualify"] {
      guard let condition = node[part], !condition.isNull else { continue }
      result.rows.formUnion(expression(condition, scope).through(.filter))
    }
    for group in node["group_expressions"]?.array ?? [] {
      result.rows.formUnion(ordinal(group, result, scope).through(.groupBy))
    }
    if node["aggregate_handling"]?.string == "FORCE_AGGREGATES" {
      for column in result.columns where !(column.tree.map(hasAggregate) ?? false) {
        result.rows.formUnion(column.dependencies.through(.groupBy))
      }
    }
    return modified(result, node, scope)
  }

  /// A relation after DISTINCT, ORDER BY and LIMIT.
  func modified(_ relation: Relation, _ node: JSON, _ scope: Scope) -> Relation {
    var result = relation
    for modifier in node["modifiers"]?.array ?? [] {
      switch modifier["type"]?.string {
      case "DISTINCT_MODIFIER":
        let targets = modifier["distinct_on_targets"]?.array ?? []
        let by = targets.reduce(into: targets.isEmpty ? result.all : []) {
          $0.formUnion(ordinal($1, result, scope))
        }
        result.rows.formUnion(by.through(.groupBy))
      case "ORDER_MODIFIER":
        for order in modifier["orders"]?.array ?? [] {
          guard let tree = order["expression"] else { continue }
          let by = tree["class"]?.string == "STAR" ? result.all : ordinal(tree, result, scope)
          result.rows.formUnion(by.through(.sort))
        }
      default:
        for part in QueryReader.parts(modifier) {
          result.rows.formUnion(expression(part, scope).through(.filter))
        }
      }
    }
    return result
  }

  /// An expression of GROUP BY, ORDER BY or DISTINCT ON, which may be a number or a name of the
  /// SELECT list.
  private func ordinal(_ tree: JSON, _ result: Relation, _ scope: Scope) -> Dependencies {
    if tree["class"]?.string == "CONSTANT", let number = tree["value"]?["value"]?.int {
      guard number >= 1, number <= result.columns.count else { return result.all.uncertain }
      return result.columns[Int(number) - 1].dependencies
    }
    let own = expression(tree, scope)
    guard let names = tree["column_names"]?.array, names.count == 1,
      let alias = names[0].string.flatMap({ scope.aliases[$0.lowercased()] })
    else { return own }
    return own.union(alias)
  }

  private func item(_ tree: JSON, _ scope: Scope) -> Column {
    let alias = tree["alias"]?.string ?? ""
    let name = alias.isEmpty ? tree["column_names"]?.array?.last?.string ?? "" : alias
    return Column(
      source: "", spelled: name, dependencies: expression(tree, scope),
      offset: QueryReader.offset(tree), tree: tree)
  }

  /// The columns that a star stands for.
  func star(_ star: JSON, _ from: Relation, _ scope: Scope) -> Relation {
    let of = star["relation_name"]?.string?.lowercased() ?? ""
    var left = Set((star["exclude_list"]?.array ?? []).compactMap { $0.string?.lowercased() })
    for entry in star["qualified_exclude_list"]?.array ?? [] {
      guard let column = entry["column"]?.string?.lowercased() else { continue }
      left.insert((entry["table"]?.string?.lowercased()).map { "\($0).\(column)" } ?? column)
    }
    var replaced: [String: JSON] = [:]
    var called: [String: String] = [:]
    for entry in star["replace_list"]?.array ?? [] {
      if let name = entry["key"]?.string { replaced[name.lowercased()] = entry["value"] }
    }
    for entry in star["rename_list"]?.array ?? [] {
      if let name = entry["key"]?["column"]?.string {
        called[name.lowercased()] = entry["value"]?.string
      }
    }
    let offset = star["query_location"]?.int
    let columns = from.columns.filter {
      (of.isEmpty ? !$0.isMerged : $0.source == of) && !left.contains($0.name)
        && !left.contains("\($0.source).\($0.name)")
    }.map { column in
      let tree = replaced[column.name]
      let plain = of.isEmpty ? column.unqualified ?? column.dependencies : column.dependencies
      return Column(
        source: "", spelled: called[column.name] ?? column.spelled,
        dependencies: tree.map { expression($0, scope) } ?? plain, offset: offset, tree: tree)
    }
    return Relation(
      columns: columns, open: from.open.filter { of.isEmpty || $0.source == of })
  }

  /// Where an expression stands; of some the engine tells only where their parts do.
  private static func offset(_ item: JSON) -> Int64? {
    item["query_location"]?.int ?? parts(item).lazy.compactMap(offset).first
  }
}
