/// The tables of a project and which of them needs which.
public struct Graph: Sendable {
  /// All tables, every input before the tables that need it; ties by name.
  public let ordered: [Table]
  private let byName: [TableName: Table]
  private let needs: [TableName: [TableName]]
  private let neededBy: [TableName: [TableName]]

  /// Orders tables by their inputs.
  ///
  /// Inputs that a project forgot to register are taken in as well. Throws for two tables of one
  /// name and for tables that need each other.
  public init(_ tables: [Table]) throws(GraphError) {
    var byName: [TableName: Table] = [:]
    for table in tables {
      if let other = byName[table.name] {
        throw .duplicateName(table.name, other.declaredAt, table.declaredAt)
      }
      byName[table.name] = table
    }
    var waiting = tables
    while let table = waiting.popLast() {
      for input in table.upstream {
        guard let other = byName[input.name] else {
          byName[input.name] = input
          waiting.append(input)
          continue
        }
        if other.declaredAt != input.declaredAt {
          throw .duplicateName(input.name, other.declaredAt, input.declaredAt)
        }
      }
    }
    needs = byName.mapValues { $0.upstream.map(\.name) }
    var neededBy: [TableName: [TableName]] = [:]
    for (name, inputs) in needs {
      for input in inputs { neededBy[input, default: []].append(name) }
    }
    self.neededBy = neededBy.mapValues { $0.sorted() }
    self.byName = byName
    ordered = try Graph.order(byName, needs)
  }

  private enum Mark { case open, done }

  private static func order(
    _ tables: [TableName: Table], _ needs: [TableName: [TableName]]
  ) throws(GraphError) -> [Table] {
    var marks: [TableName: Mark] = [:]
    var order: [Table] = []
    var path: [TableName] = []
    func visit(_ name: TableName) throws(GraphError) {
      switch marks[name] {
      case .done: return
      case .open:
        throw .cycle(Array(path[(path.firstIndex(of: name) ?? 0)...]) + [name])
      case nil: break
      }
      marks[name] = .open
      path.append(name)
      for input in (needs[name] ?? []).sorted() { try visit(input) }
      path.removeLast()
      marks[name] = .done
      if let table = tables[name] { order.append(table) }
    }
    for name in tables.keys.sorted() { try visit(name) }
    return order
  }

  /// The table of that name.
  public subscript(name: TableName) -> Table? { byName[name] }

  /// The tables that a table reads or refers to, directly.
  public func inputs(of name: TableName) -> [TableName] { needs[name] ?? [] }

  /// The tables that read a table or refer to it, directly.
  public func dependents(of name: TableName) -> [TableName] { neededBy[name] ?? [] }

  /// A table with everything it needs, however far.
  public func ancestors(of name: TableName) -> Set<TableName> { reach(name, inputs) }

  /// A table with everything that needs it, however far.
  public func descendants(of name: TableName) -> Set<TableName> { reach(name, dependents) }

  private func reach(
    _ name: TableName, _ next: (TableName) -> [TableName]
  ) -> Set<TableName> {
    var found: Set<TableName> = [name]
    var waiting = [name]
    while let name = waiting.popLast() {
      for other in next(name) where found.insert(other).inserted { waiting.append(other) }
    }
    return found
  }
}

/// Why tables do not form a graph.
public enum GraphError: Error, Hashable, Sendable {
  /// Two tables have one name; where each is declared.
  case duplicateName(TableName, SourceLocation, SourceLocation)
  /// Tables that need each other; the first is repeated at the end.
  case cycle([TableName])
}

extension GraphError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .duplicateName(let name, let first, let second):
      "\(second): \(name) is declared already at \(first). Give one of them another name."
    case .cycle(let names):
      "these tables need each other: "
        + names.map(\.description).joined(separator: " → ")
        + ". Take one of the inputs out of its query."
    }
  }
}
