import Basics

extension KeyLineageReader {
  /// An expression over a relation's columns; nil where its value depends on more than one row of
  /// them, or where that is not certain.
  func expression(_ tree: JSON, _ relation: Relation) -> Expression? {
    func read(_ tree: JSON) -> JSON? {
      switch tree["class"]?.string {
      case "COLUMN_REF":
        return index(tree, relation).map { Expression.column($0).tree }
      case "SUBQUERY", "WINDOW", "STAR", "LAMBDA", "PARAMETER", "POSITIONAL_REFERENCE": return nil
      case "FUNCTION" where isAggregate(tree) || isVolatile(tree): return nil
      default: break
      }
      if let items = tree.array {
        let new = items.compactMap(read)
        return new.count == items.count ? .array(new) : nil
      }
      guard let members = tree.object else { return tree }
      var new: [JSON.Member] = []
      // Where it stands and what it is called says nothing of its value.
      for member in members where member.name != "alias" && member.name != "query_location" {
        guard let value = read(member.value) else { return nil }
        new.append(JSON.Member(member.name, value))
      }
      return .object(new)
    }
    return read(tree).map(Expression.init)
  }

  private func index(_ tree: JSON, _ relation: Relation) -> Int? {
    let names = tree["column_names"]?.array?.compactMap { $0.string?.lowercased() } ?? []
    guard let name = names.last, names.count <= 2 else { return nil }
    return relation.columns.firstIndex {
      $0.name == name && (names.count == 1 || $0.source == names[0])
    }
  }

  /// True if an expression names a column of a relation.
  func namesAny(_ tree: JSON, _ relation: Relation) -> Bool {
    tree["class"]?.string == "COLUMN_REF" && index(tree, relation) != nil
      || Expression.parts(tree).contains { namesAny($0, relation) }
  }

  func isAggregate(_ tree: JSON) -> Bool {
    aggregates.contains(tree["function_name"]?.string?.lowercased() ?? "")
  }

  private func isVolatile(_ tree: JSON) -> Bool {
    ["random", "uuid", "gen_random_uuid", "nextval", "setseed"].contains(
      tree["function_name"]?.string?.lowercased() ?? "")
  }

  /// True if an expression has an aggregate that is its own and not a subquery's.
  func aggregates(_ tree: JSON) -> Bool {
    switch tree["class"]?.string {
    case "SUBQUERY", "WINDOW": return false
    case "FUNCTION" where isAggregate(tree): return true
    default: return Expression.parts(tree).contains(where: aggregates)
    }
  }

  /// The window functions in an expression.
  func windows(_ tree: JSON) -> [JSON] {
    switch tree["class"]?.string {
    case "SUBQUERY": return []
    case "WINDOW": return [tree] + Expression.parts(tree).flatMap(windows)
    default: return Expression.parts(tree).flatMap(windows)
    }
  }
}

/// Of which expressions a SELECT keeps rows apart: rows of its result with a value depend on rows of
/// its FROM clause with the same value alone.
struct SelectKeeps {
  typealias Expression = KeyLineage.Expression

  /// For each GROUP BY and each window, the expressions that it keeps apart.
  private var partitions: [[Expression]] = []
  private var keepsNothing = false

  init(
    _ node: JSON, _ items: [KeyLineageReader.Item], _ from: KeyLineageReader.Relation,
    _ reader: KeyLineageReader
  ) {
    let groups = node["group_expressions"]?.array ?? []
    let others = [node["having"], node["qualify"]].compactMap(\.self)
    let aggregates = (items.map(\.tree) + others).contains(where: reader.aggregates)
    if node["aggregate_handling"]?.string == "FORCE_AGGREGATES" {
      partitions.append(items.filter { !reader.aggregates($0.tree) }.compactMap(\.value))
    } else if !groups.isEmpty {
      partitions.append(groups.compactMap { SelectKeeps.group($0, items, from, reader) })
    } else if aggregates {
      keepsNothing = true
    }
    if (node["group_sets"]?.array?.count ?? 0) > 1 { keepsNothing = true }
    for window in (items.map(\.tree) + others).flatMap(reader.windows) {
      var by = (window["partitions"]?.array ?? []).compactMap { reader.expression($0, from) }
      // It may look back along its order, and the declaration says how far.
      if reader.looksBack, let first = window["orders"]?.array?.first?["expression"] {
        by += [reader.expression(first, from)].compactMap(\.self)
      }
      partitions.append(by)
    }
  }

  /// What a GROUP BY means: an expression, the name of a column or of an item, or an item's number.
  private static func group(
    _ tree: JSON, _ items: [KeyLineageReader.Item], _ from: KeyLineageReader.Relation,
    _ reader: KeyLineageReader
  ) -> Expression? {
    if tree["class"]?.string == "CONSTANT", let number = tree["value"]?["value"]?.int {
      return items.indices.contains(Int(number) - 1) ? items[Int(number) - 1].value : nil
    }
    if let value = reader.expression(tree, from) { return value }
    let names = tree["column_names"]?.array?.compactMap { $0.string?.lowercased() } ?? []
    return names.count == 1 ? items.first { $0.name == names[0] }?.value : nil
  }

  /// True for an expression over the FROM clause's columns that rows are kept apart by.
  func keeps(_ value: Expression) -> Bool {
    !keepsNothing
      && partitions.allSatisfy { partition in
        partition.contains(value)
          || value.columns.isSubset(of: partition.compactMap(\.columnIndex))
      }
  }
}
