import Basics

/// Goes through a query from the inside out and collects on what its columns and rows depend.
struct QueryReader {
  typealias Dependencies = Set<Dependency>

  /// The columns of the tables, by names in lower case.
  let tables: [String: [String]]
  let aggregates: Set<String>

  /// A column of a relation within the query.
  struct Column {
    /// The name before the dot, in lower case.
    var source: String
    /// As it is spelled.
    var spelled: String
    var dependencies: Dependencies = []
    /// What the bare name means, where USING makes it another thing than the name with a dot.
    var unqualified: Dependencies?
    /// True for a column that only a name with a dot reaches: the right one of USING.
    var isMerged = false
    var offset: Int64?
    var tree: JSON?

    var name: String { spelled.lowercased() }
  }

  /// Columns whose names are not known.
  struct Open {
    var source: String
    var columns: Dependencies
  }

  struct Relation {
    var columns: [Column] = []
    /// What decides on which rows there are.
    var rows: Dependencies = []
    var open: [Open] = []

    /// All that its columns depend on.
    var all: Dependencies {
      columns.reduce(into: open.reduce(into: []) { $0.formUnion($1.columns) }) {
        $0.formUnion($1.dependencies)
      }
    }
  }

  /// The queries of WITH clauses, by names in lower case.
  typealias Known = [String: Relation]

  /// What is not understood: it may depend on everything.
  func unknown() -> Relation {
    let all = Dependencies(
      tables.flatMap { table, columns in
        columns.map {
          Dependency(
            input: table, column: $0, subtype: .transformation, keepsValue: false, isCertain: false)
        }
      })
    return Relation(rows: all.through(.filter), open: [Open(source: "", columns: all)])
  }

  /// A query's result.
  /// - Parameter outer: the FROM clauses around it, from the inside out.
  func relation(_ node: JSON, _ known: Known, _ outer: [Relation]) -> Relation {
    var known = known
    for entry in node["cte_map"]?["map"]?.array ?? [] {
      guard let name = entry["key"]?.string, let value = entry["value"] else { continue }
      let query = value["query"]?["node"].map { relation($0, known, outer) } ?? unknown()
      known[name.lowercased()] = renamed(query, value["aliases"])
    }
    switch node["type"]?.string {
    case "SELECT_NODE": return select(node, known, outer)
    case "SET_OPERATION_NODE": return setOperation(node, known, outer)
    case "RECURSIVE_CTE_NODE": return recursive(node, known, outer)
    default: return unknown()
    }
  }

  func renamed(_ relation: Relation, _ names: JSON?) -> Relation {
    var relation = relation
    let names = names?.array?.compactMap(\.string) ?? []
    for (index, name) in names.enumerated() {
      if index < relation.columns.count {
        relation.columns[index].spelled = name
      } else if let open = relation.open.first {
        relation.columns.append(
          Column(source: open.source, spelled: name, dependencies: open.columns))
      }
    }
    return relation
  }

  // MARK: - Set operations

  private func setOperation(_ node: JSON, _ known: Known, _ outer: [Relation]) -> Relation {
    guard let left = node["left"], let right = node["right"] else { return unknown() }
    let a = relation(left, known, outer)
    let b = relation(right, known, outer)
    var result: Relation
    switch node["setop_type"]?.string {
    case "UNION": result = union(a, b, byName: false)
    case "UNION_BY_NAME": result = union(a, b, byName: true)
    case "EXCEPT", "INTERSECT":
      result = a
      result.rows.formUnion(b.rows)
      result.rows.formUnion(a.all.union(b.all).through(.filter))
    default: return unknown()
    }
    let isAll = node["setop_all"]?.bool ?? false
    if !isAll { result.rows.formUnion(a.all.union(b.all).through(.groupBy)) }
    return modified(result, node, Scope(relations: [result] + outer, known: known))
  }

  func union(_ a: Relation, _ b: Relation, byName: Bool) -> Relation {
    var result = Relation(
      columns: a.columns, rows: a.rows.union(b.rows), open: a.open + b.open)
    for (index, column) in b.columns.enumerated() {
      let place =
        byName ? result.columns.firstIndex { $0.name == column.name } : index
      if let place, place < result.columns.count {
        result.columns[place].dependencies.formUnion(column.dependencies)
      } else {
        result.columns.append(column)
      }
    }
    if !result.open.isEmpty {
      // Places are not known where a side has columns that are not.
      let all = a.all.union(b.all).uncertain
      for index in result.columns.indices { result.columns[index].dependencies.formUnion(all) }
    }
    return result
  }

  /// A query that reads itself depends on what it starts with and what each step adds.
  private func recursive(_ node: JSON, _ known: Known, _ outer: [Relation]) -> Relation {
    guard let name = node["cte_name"]?.string?.lowercased(), let left = node["left"],
      let right = node["right"]
    else { return unknown() }
    var result = renamed(relation(left, known, outer), node["aliases"])
    var last: (Dependencies, Dependencies) = ([], [])
    while last != (result.all, result.rows) {
      last = (result.all, result.rows)
      var known = known
      known[name] = result
      result = union(result, relation(right, known, outer), byName: false)
    }
    if node["union_all"]?.bool != true { result.rows.formUnion(result.all.through(.groupBy)) }
    return result
  }
}
