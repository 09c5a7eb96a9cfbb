import Engines
import Lakehouse
import Podium

/// Where all columns of a project come from and what they decide on.
public struct ColumnLineage: Sendable {
  /// What an edge leads to: a column, or the rows of a table and so all its columns.
  public struct Target: Hashable, Sendable, Comparable {
    public let table: TableName
    /// Nil for all columns.
    public let column: String?

    /// The column as a field; nil for all.
    public var field: LineageField? { column.map { LineageField(.table(table), $0) } }

    public static func < (a: Target, b: Target) -> Bool {
      (a.table, a.column ?? "") < (b.table, b.column ?? "")
    }
  }

  /// An edge with both its ends.
  public struct Link: Hashable, Sendable {
    public let edge: LineageEdge
    public let target: Target
  }

  /// The way to go.
  public enum Direction: String, Hashable, Sendable {
    case upstream, downstream
  }

  public let tables: [TableName: TableLineage]
  private let uses: [LineageField: [Link]]

  /// Traces all tables of a graph; takes some milliseconds for each.
  public init(_ graph: Graph, _ session: EngineSession) throws(EngineError) {
    let parser = LineageParser(session)
    var tables: [TableName: TableLineage] = [:]
    for table in graph.ordered { tables[table.name] = try TableLineage(table, parser) }
    self.init(tables)
  }

  init(_ tables: [TableName: TableLineage]) {
    self.tables = tables
    var uses: [LineageField: [Link]] = [:]
    for table in tables.values {
      for column in table.columns {
        for edge in column.edges {
          let target = Target(table: table.table, column: column.name)
          uses[edge.source.folded, default: []].append(Link(edge: edge, target: target))
        }
      }
      for edge in table.rows {
        let target = Target(table: table.table, column: nil)
        uses[edge.source.folded, default: []].append(Link(edge: edge, target: target))
      }
    }
    self.uses = uses.mapValues {
      $0.sorted { ($0.target, $0.edge) < ($1.target, $1.edge) }
    }
  }

  /// One step: the edges that lead to a field, those of its table's rows included, or that lead from
  /// it.
  public func links(_ direction: Direction, of field: LineageField) -> [Link] {
    guard direction == .upstream else { return uses[field.folded] ?? [] }
    guard case .table(let name) = field.dataset, let table = tables[name],
      let column = table.column(field.name)
    else { return [] }
    return column.edges.map { Link(edge: $0, target: Target(table: name, column: column.name)) }
      + table.rows.map { Link(edge: $0, target: Target(table: name, column: nil)) }
  }

  /// All edges from some fields on.
  ///
  /// Edges of values are followed; what decides on rows is told and not followed any further.
  /// - Parameter depth: how many steps; nil for all.
  public func links(
    _ direction: Direction, of fields: [LineageField], depth: Int? = nil
  ) -> [Link] {
    var found: [Link] = []
    var seen: Set<Link> = []
    var visited = Set(fields.map(\.folded))
    var next = fields
    var steps = 0
    while !next.isEmpty, steps < depth ?? .max {
      steps += 1
      let now = next
      next = []
      for link in now.flatMap({ links(direction, of: $0) }) where seen.insert(link).inserted {
        found.append(link)
        guard link.edge.subtype.isDirect,
          let other = direction == .upstream ? link.edge.source : link.target.field,
          visited.insert(other.folded).inserted
        else { continue }
        next.append(other)
      }
    }
    return found
  }

  /// True for a field that holds a name, a phone or the like; of a landing field its column decides.
  public func isPersonal(_ field: LineageField) -> Bool {
    switch field.dataset {
    case .table(let name): return tables[name]?.column(field.name)?.isPersonal ?? false
    case .landing:
      return links(.downstream, of: field).contains {
        $0.edge.subtype == .identity && ($0.target.field.map(isPersonal) ?? false)
      }
    }
  }
}

extension LineageField {
  /// The same in lower case, since SQL does not tell cases apart.
  var folded: LineageField { LineageField(dataset, name.lowercased()) }
}
