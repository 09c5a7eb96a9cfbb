import Podium

/// A table whose rows name rows of another one.
struct Relation: Hashable, Sendable, Comparable {
  /// Why tables are related.
  enum Reason: String, Hashable, Sendable {
    /// A rule says that the values exist there.
    case rule
    /// The columns have the names of the other table's key.
    case name
  }

  let from: TableName
  let columns: [String]
  let to: TableName
  let reason: Reason
  /// True if rows may name none.
  let isOptional: Bool
  /// True if no two rows name the same one.
  let isUnique: Bool

  static func < (a: Relation, b: Relation) -> Bool {
    (a.from, a.columns.joined(separator: ","), a.to)
      < (b.from, b.columns.joined(separator: ","), b.to)
  }

  /// The relations between silver and gold tables, sorted: those of rules, then those of names.
  ///
  /// Of several tables with a key of the same name a dimension is meant: of several dimensions one that reads
  /// the table, is read by it or is declared in the same file. Of others the first that is computed is meant.
  static func all(_ graph: Graph) -> [Relation] {
    let tables = graph.ordered.filter { ($0.name.layer ?? .bronze) > .bronze && !$0.isPrivate }
    var found: [Relation] = []
    for table in tables {
      var told: Set<[String]> = []
      for expectation in table.expectations {
        guard case .reference(let columns, let reference) = expectation.test,
          !reference.table.isPrivate
        else { continue }
        told.insert(columns)
        found.append(Relation(table, columns, reference.table.name, .rule))
      }
      for column in table.columns where !told.contains([column.name]) {
        guard let home = home(of: column.name, for: table, tables, graph), home != table
        else { continue }
        found.append(Relation(table, [column.name], home.name, .name))
      }
    }
    return found.sorted()
  }

  private init(_ table: Table, _ columns: [String], _ to: TableName, _ reason: Reason) {
    from = table.name
    self.columns = columns
    self.to = to
    self.reason = reason
    isOptional = table.columns.contains { columns.contains($0.name) && $0.nullable }
    isUnique = Set(table.key) == Set(columns) && !table.isHistory
  }

  /// The table whose key a column is.
  private static func home(
    of column: String, for table: Table, _ tables: [Table], _ graph: Graph
  ) -> Table? {
    let homes = tables.filter {
      $0.key == [column] && !$0.isHistory && ($0.name.layer == .silver || $0.isDimension)
    }
    let dimensions = homes.filter(\.isDimension)
    guard !dimensions.isEmpty else {
      // Two silver tables with keys of one name number things of their own.
      return table.name.layer == .silver && table.key == [column] ? nil : homes.first
    }
    if dimensions.contains(table) { return nil }
    let near = graph.ancestors(of: table.name).union(graph.descendants(of: table.name))
    return dimensions.first {
      near.contains($0.name) || $0.declaredAt.file == table.declaredAt.file
    } ?? dimensions.first
  }
}

extension Table {
  /// True for a table that holds personal values alone, which no other one refers to.
  fileprivate var isPrivate: Bool { name.base.hasSuffix("_pii") }
  /// True for a dimension of a star.
  fileprivate var isDimension: Bool { name.base.hasPrefix("dim_") }
}
