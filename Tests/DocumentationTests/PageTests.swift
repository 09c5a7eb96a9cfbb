import Basics
import Documentation
import Podium
import Testing

@Suite("Pages made of declarations")
struct PageTests {
  private let files: [Reference.File]

  init() throws {
    var examples = ExampleRows()
    examples.add(
      SmallProject.guests, ["visit_id": "V1", "guest_name": "Somebody", "gone": "x"])
    files = try SmallProject.reference(examples: examples).files(.markdown)
  }

  private func file(_ path: String) -> String { SmallProject.file(path, files) }

  @Test("There is a page for each table, and four above them")
  func paths() {
    #expect(
      files.map(\.path) == [
        "README.md", "bronze/clubs.md", "bronze/visits.md", "dictionary.md", "entities.md",
        "examples.json", "gold/visits_by_club.md", "lineage.md", "silver/dim_clubs.md",
        "silver/guest_pii.md", "silver/visits.md",
      ])
  }

  @Test("A page says what a row is, how it is kept up to date and what becomes of bad rows")
  func page() {
    let text = file("silver/visits.md")
    for line in [
      "<!-- Generated from the declarations by `door docs`. -->",
      "- **Grain:** One row for each `visit_id`.",
      "- **Refresh:** A run reads the new rows of its inputs and adds theirs.",
      "- **Reads the new rows of:** [bronze.visits](../bronze/visits.md)",
      "- **Read by:** [gold.visits_by_club](../gold/visits_by_club.md)",
      "- **Declared in:** `DocumentationTests/SmallProject.swift`",
      "| `visit_id` | string | key | The visit. |",
      "| `minutes` | bigint |   | Minutes in the club \\| whole ones. |",
      "- **minutes is 1 to 1440**. The row waits in `quarantine.visits`.",
      "- **long \\| short**, `minutes > 0 OR club_id \\|\\| 'x' IS NOT NULL`. The row is kept and counted.",
      "- **Required:** `visit_id`, `minutes`. A row without one of them waits in `quarantine.visits`.",
      "- **Share:** A run of 100 rows or more of which fewer than 95 % pass commits nothing.",
      "| `visit_id` | identity | [bronze.visits](../bronze/visits.md): `visit_id` |",
    ] {
      #expect(text.split(separator: "\n").contains(Substring(line)), "\(line)\n\(text)")
    }
  }

  @Test("A table of a business date says so, with its partitions and clusters")
  func businessDate() {
    let text = file("gold/visits_by_club.md")
    #expect(
      text.contains(
        "- **Refresh:** A run computes the partition of its own business date, `as_of`; those of other dates "
          + "stay.\n"))
    #expect(text.contains("| `as_of` | the business date |   |\n"))
    #expect(text.contains("- **Partitions:** `as_of`\n- **Clustered by:** `club_id`\n"))
    #expect(text.contains("- filter: [silver.visits](../silver/visits.md): `club_id`\n"))
    #expect(text.contains("| `visits` | `count(*)` |   |\n"))
  }

  @Test("The dictionary has every column of every table once")
  func dictionary() {
    let lines = file("dictionary.md").split(separator: "\n")
    for table in SmallProject.tables() {
      for column in table.columns {
        let found = lines.filter { $0.hasPrefix("| `\(column.name)` | [\(table.name)]") }
        #expect(found.count == 1, "\(table.name).\(column.name)")
        #expect(found.first?.contains(" | \(column.personal ? "yes" : " ") | ") == true)
      }
    }
    #expect(
      lines.contains(
        "| [gold.visits_by_club](gold/visits_by_club.md) | `as_of`, `club_id` | computed from its inputs, by as_of | `as_of` | `club_id` | for good |"
      ))
  }

  @Test("Entities name the rows of others by keys of the same name; personal tables are left out")
  func entities() {
    let text = file("entities.md")
    #expect(
      text.contains(
        """
          silver_visits["silver.visits"] {
            string visit_id PK
            string club_id FK
          }
          silver_visits }o..o| silver_dim_clubs : "club_id"

        """))
    #expect(text.contains("  gold_visits_by_club }o..o| silver_dim_clubs : \"club_id\"\n"))
    #expect(!text.contains("pii"))
  }

  @Test("The flow of a subject goes from bronze to gold")
  func flow() {
    #expect(
      file("lineage.md").contains(
        """
        ## Small project

        ```mermaid
        flowchart LR
          subgraph bronze
            bronze_visits["visits"]
          end
          subgraph silver
            silver_visits["visits"]
          end
          subgraph gold
            gold_visits_by_club["visits_by_club"]
          end
          bronze_visits --> silver_visits
          silver_visits --> gold_visits_by_club
        ```
        """))
  }

  @Test("An example row shows no personal value, and nothing that is no column")
  func examples() {
    let text = file("silver/guest_pii.md") + file("examples.json")
    #expect(text.contains("| `visit_id` | V1 |"))
    #expect(text.contains("| `guest_name` | ••• |"))
    #expect(!text.contains("Somebody") && !text.contains("gone"))
    #expect(!file("silver/visits.md").contains("example"))
  }

  @Test("Every link leads to a page")
  func links() throws {
    let paths = Set(files.map(\.path))
    var count = 0
    for file in files where file.path.hasSuffix(".md") {
      for part in file.text.split(separator: "](").dropFirst() {
        let target = part.prefix { $0 != ")" }
        let folder = file.path.split(separator: "/").dropLast().joined(separator: "/")
        let path =
          target.hasPrefix("../")
          ? String(target.dropFirst(3)) : folder.isEmpty ? "\(target)" : "\(folder)/\(target)"
        #expect(paths.contains(path), "\(file.path): \(target)")
        count += 1
      }
    }
    #expect(count > 30)
  }

  @Test("Another sentence about a table changes its page and the first one")
  func smallDiffs() throws {
    let others = try SmallProject.reference(
      SmallProject.tables(about: "One row per visit to a club.")
    ).files(.markdown)
    let before = try SmallProject.reference().files(.markdown)
    let changed = zip(before, others).filter { $0 != $1 }.map(\.0.path)
    #expect(changed == ["README.md", "silver/visits.md"])
    #expect(before == (try SmallProject.reference().files(.markdown)))
  }

  @Test("Programs get the same as JSON")
  func json() throws {
    let files = try SmallProject.reference().files(.json)
    #expect(files.map(\.path) == ["reference.json"])
    let json = try JSON(parsing: SmallProject.file("reference.json", files))
    let tables = try #require(json["tables"]?.array)
    #expect(
      tables.compactMap { $0["table"]?.string } == [
        "bronze.clubs", "bronze.visits", "silver.dim_clubs", "silver.guest_pii", "silver.visits",
        "gold.visits_by_club",
      ])
    #expect(tables.last?["columns"]?.array?.last?["name"]?.string == "visits")
    #expect(json["relations"]?.array?.count == 2)
  }

  @Test("A table whose name can be no page's is refused")
  func badName() {
    let table = Table(
      "silver.../x", about: "One row.", columns: [.string("a", "A.")], key: ["a"], write: .append,
      query: "SELECT a FROM \(new: SmallProject.rawVisits)")
    #expect(throws: ReferenceError.self) {
      try SmallProject.reference([SmallProject.rawVisits, table])
    }
  }
}
