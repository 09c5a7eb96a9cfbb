import Bronze
import Gold
import Lakehouse
import Lineage
import Podium
import Silver
import Testing

@Suite("The gym's lineage")
struct GymLineageTests {
  private let graph: Graph
  private let lineage: ColumnLineage

  init() throws {
    graph = try Graph(Gold.tables + Silver.tables)
    lineage = try ColumnLineage(graph, EngineProvider(lake: nil).session())
  }

  @Test("All of it is certain, and every edge leads from a column that there is")
  func certain() {
    #expect(lineage.tables.count == graph.ordered.count)
    for table in lineage.tables.values {
      for edge in table.rows + table.columns.flatMap(\.edges) {
        #expect(edge.isCertain, "\(table.table): \(edge)")
        guard case .table(let name) = edge.source.dataset else { continue }
        #expect(
          lineage.tables[name]?.column(edge.source.name) != nil, "\(table.table): \(edge.source)")
      }
    }
  }

  @Test("Tables read those that the graph says, and no others")
  func sources() {
    for table in lineage.tables.values {
      let inputs = Set(graph.inputs(of: table.table).map(LineageDataset.table))
      let read = table.sources.filter { if case .table = $0 { true } else { false } }
      #expect(read.isSubset(of: inputs), "\(table.table)")
    }
  }

  @Test("A personal value comes from a personal field, and leads to no other column")
  func personal() {
    for table in lineage.tables.values {
      for column in table.columns {
        for edge in column.edges where edge.keepsValue && lineage.isPersonal(edge.source) {
          #expect(column.isPersonal, "\(table.table).\(column.name) from \(edge.source)")
        }
      }
    }
  }

  @Test("Money and people are followed to the fields of landing files")
  func fields() {
    func origins(_ table: String, _ column: String) -> [String] {
      lineage.links(.upstream, of: [LineageField(.table(TableName(table)), column)])
        .filter { $0.edge.subtype.isDirect }.map(\.edge.source)
        .filter { if case .landing = $0.dataset { true } else { false } }
        .map(\.description).sorted()
    }
    #expect(
      origins("gold.revenue_by_product", "net_revenue")
        == ["landing/retail: quantity", "landing/retail: unit_price"])
    #expect(
      origins("gold.daily_active_members", "active_members")
        == ["landing/class_attendance: user_id", "landing/gym_visits: member_id"])
    #expect(origins("gold.churn_cohorts", "cohort_members") == [])
  }

  @Test("Downstream is upstream the other way round")
  func inverse() {
    for table in lineage.tables.values {
      for column in table.columns {
        for edge in column.edges {
          let found = lineage.links(.downstream, of: edge.source).contains {
            $0.edge == edge && $0.target.table == table.table && $0.target.column == column.name
          }
          #expect(found, "\(table.table).\(column.name): \(edge)")
        }
      }
    }
  }
}
