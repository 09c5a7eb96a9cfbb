import Documentation
import Lakehouse
import Lineage
import Podium

/// A project of a few tables, of which a test says what is written about them.
enum SmallProject {
  static let rawVisits = Table(
    "bronze.visits", about: "One row per visit, as the door wrote it.", landing: "visits",
    columns: [
      .string("visit_id", "The visit."), .string("club_id", "The club."),
      .string("guest_name", "Who came.", personal: true), .string("minutes", "Minutes."),
    ])

  static let clubs = Table(
    "silver.dim_clubs", about: "One row per club.",
    columns: [.string("club_id", "The club."), .string("city", "Its city.", nullable: true)],
    key: ["club_id"], write: .derived(by: .key("club_id")),
    query: "SELECT club_id, min(city) AS city FROM \(rawClubs) GROUP BY club_id")

  static let rawClubs = Table(
    "bronze.clubs", about: "One row per club.", landing: "clubs",
    columns: [.string("club_id", "The club."), .string("city", "Its city.")])

  static func visits(about: String = "One row per visit.") -> Table {
    Table(
      "silver.visits", about: about,
      columns: [
        .string("visit_id", "The visit."), .string("club_id", "The club.", nullable: true),
        .int("minutes", "Minutes in the club | whole ones."),
      ],
      key: ["visit_id"], write: .append,
      expect: [
        .range("minutes", from: 1, to: 1440, else: .quarantine),
        .row("long | short", "minutes > 0 OR club_id || 'x' IS NOT NULL", else: .warn),
      ],
      query: """
        SELECT visit_id, club_id, \(.integer("minutes")) AS minutes, _file, _line
        FROM \(new: rawVisits)
        """)
  }

  static let guests = Table(
    "silver.guest_pii", about: "One row per visit with a guest's name.",
    columns: [
      .string("visit_id", "The visit."),
      .string("guest_name", "Who came.", nullable: true, personal: true),
    ],
    key: ["visit_id"], write: .append,
    query: "SELECT visit_id, guest_name, _file, _line FROM \(new: rawVisits)")

  static func byClub(_ visits: Table) -> Table {
    Table(
      "gold.visits_by_club", about: "One row per business date and club.",
      columns: [
        .date("as_of", "The business date."), .string("club_id", "The club."),
        .int("visits", "Visits so far."),
      ],
      key: ["as_of", "club_id"], write: .derived(by: .partition("as_of")),
      partitionedBy: ["as_of"],
      query: """
        SELECT \(.asOf) AS as_of, club_id, COUNT(*) AS visits
        FROM \(visits) WHERE club_id IS NOT NULL GROUP BY club_id
        """
    ).clustered(by: "club_id")
  }

  /// All tables.
  /// - Parameter about: what is said of the visits.
  static func tables(about: String = "One row per visit.") -> [Table] {
    let visits = visits(about: about)
    return [rawVisits, rawClubs, clubs, visits, guests, byClub(visits)]
  }

  static func reference(
    _ tables: [Table] = tables(), examples: ExampleRows = ExampleRows()
  ) throws -> Reference {
    let graph = try Graph(tables)
    let lineage = try ColumnLineage(graph, EngineProvider(lake: nil).session())
    return try Reference(tool: "door", graph: graph, lineage: lineage, examples: examples)
  }

  /// The text of one of the files.
  static func file(_ path: String, _ files: [Reference.File]) -> String {
    files.first { $0.path == path }?.text ?? "there is no \(path)"
  }
}
