import Engines
import Lakehouse
import Lineage
import Podium

/// Columns of all tables whose values are those of columns that identify something in bronze.
package struct PersonColumns: Sendable {
  /// By table and column, what the values identify: where that is certain.
  package let certain: [TableName: [String: Identity]]
  /// Tables with a column that may hold such values.
  package let possible: Set<TableName>

  /// Traces the columns of all tables of a graph.
  package init(_ graph: Graph, _ session: EngineSession) throws {
    let lineage = try ColumnLineage(graph, session)
    var certain: [TableName: [String: Identity]] = [:]
    var possible: [TableName: Set<String>] = [:]
    for table in graph.ordered {
      var own: [String: Identity] = [:]
      for (column, identity) in table.identifying { own[column.name.lowercased()] = identity }
      var others = Set(own.keys)
      for column in lineage.tables[table.name]?.columns ?? [] where table.query != nil {
        let name = column.name.lowercased()
        for edge in column.edges where edge.keepsValue {
          guard case .table(let source) = edge.source.dataset else { continue }
          let field = edge.source.name.lowercased()
          if possible[source]?.contains(field) == true { others.insert(name) }
          if edge.isCertain, edge.cause == .query, let identity = certain[source]?[field] {
            own[name] = identity
          }
        }
      }
      certain[table.name] = own
      possible[table.name] = others
    }
    self.certain = certain
    self.possible = Set(possible.filter { !$0.value.isEmpty }.keys)
  }

  /// A condition that a row of a table, or of what is kept beside it, as `target` names the person; nil where no
  /// column is known to.
  /// - Parameter names: the columns that the rows have.
  func names(_ keys: PersonKeys, in table: Table, _ names: [String]) -> String? {
    let parts = names.compactMap { name -> String? in
      guard let identity = certain[table.name]?[name.lowercased()], !keys[identity].isEmpty else {
        return nil
      }
      let values = keys[identity].sorted().map(sqlLiteral).joined(separator: ", ")
      return "trim(CAST(target.\(sqlName(name)) AS VARCHAR)) IN (\(values))"
    }
    return parts.isEmpty ? nil : "coalesce(\(parts.joined(separator: " OR ")), false)"
  }
}
