import Basics
import CLITestKit
import Gold
import Testing

@Suite("lineage")
struct LineageCommandTests {
  private func output(_ words: String...) throws -> String {
    let outcome = try Program.run(["lineage"] + words + ["--lake", "/nowhere"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    return outcome.output
  }

  @Test("A column is followed from gold to the field of a landing file")
  func column() throws {
    let text = try output("gold.daily_active_members.visitors", "--upstream")
    #expect(text.hasPrefix("gold.daily_active_members.visitors, declared at gold/Activity.swift:"))
    let body = text.split(separator: "\n").dropFirst().joined(separator: "\n")
    #expect(
      body == """
        computed as count(DISTINCT visitor)
        upstream
        ├─ silver.gym_visits.member_id — aggregation
        │  ├─ bronze.gym_visits.member_id — transformation
        │  │  └─ landing/gym_visits: member_id — identity
        │  ├─ rows of silver.gym_visits, by group by: bronze.gym_visits.visit_id
        │  ├─ rows of silver.gym_visits, by sort: bronze.gym_visits._file,
        │  │    bronze.gym_visits._line, bronze.gym_visits.login_at
        │  └─ rows of silver.gym_visits, by rules: bronze.gym_visits.location_id,
        │       bronze.gym_visits.login_at, bronze.gym_visits.logout_at,
        │       bronze.gym_visits.member_id, bronze.gym_visits.visit_id
        ├─ rows of gold.daily_active_members, by group by:
        │    silver.class_attendance.class_date, silver.gym_visits.visit_date
        ├─ rows of gold.daily_active_members, by filter:
        │    silver.class_attendance.status
        └─ rows of gold.daily_active_members, by rules:
             silver.class_attendance.class_date, silver.class_attendance.member_id,
             silver.gym_visits.member_id, silver.gym_visits.visit_date
        """)
  }

  @Test("A table is followed by tables, and no more steps than asked for")
  func table() throws {
    let text = try output("gold.top_instructors", "--upstream", "--depth", "2")
    let body = text.split(separator: "\n").dropFirst().joined(separator: "\n")
    #expect(
      body == """
        upstream
        └─ silver.class_attendance — values, group by, filter, window
           ├─ silver.class_bookings — values, join, filter
           └─ silver.classes — values, join, filter
        """)
  }

  @Test("No line is wider than 80 columns", arguments: Gold.tables.map(\.name.description))
  func width(_ table: String) throws {
    let columns = Gold.tables.first { $0.name.description == table }?.columns.map(\.name) ?? []
    let longest = try #require(columns.max { $0.count < $1.count })
    for line in try output("\(table).\(longest)", "--upstream").split(separator: "\n") {
      #expect(line.hasPrefix("computed as") || displayWidth(String(line)) <= 80, "\(line)")
    }
  }

  @Test("As JSON edges have OpenLineage's types, both ends and what makes them")
  func json() throws {
    let outcome = try Program.run([
      "lineage", "silver.member_pii.full_name", "--upstream", "--depth", "1", "--json",
    ])
    let edges = try #require(try outcome.json["upstream"]?.array)
    let value = try #require(edges.first { $0["type"]?.string == "DIRECT" })
    #expect(value["from"]?["dataset"]?.string == "bronze.members")
    #expect(value["from"]?["field"]?.string == "full_name")
    #expect(value["from"]?["personal"]?.bool == true)
    #expect(value["to"]?["personal"]?.bool == true)
    #expect(edges.contains { $0["cause"]?.string == "rule" && $0["to"]?["field"]?.string == nil })
  }

  @Test("A diagram tells values by whole lines and what decides on rows by dotted ones")
  func mermaid() throws {
    let text = try output("gold.daily_active_members.visitors", "--format", "mermaid")
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines.first == "flowchart LR")
    #expect(lines.contains("  n0[\"silver.gym_visits.member_id\"]"))
    #expect(lines.contains("  n0 -->|aggregation| n1"))
    #expect(lines.contains { $0.hasSuffix("-.->|group by| n3") })
  }

  @Test(
    "Wrong names and options are told with what was meant",
    arguments: [
      (["gold.dayly_active_members"], "Did you mean 'gold.daily_active_members'?"),
      (["silver.members.signup_dat"], "Did you mean 'signup_date'?"),
      (["silver.members.zzz"], "'podium describe silver.members' lists them"),
      (["silver.members.signup_date", "--columns"], "name the table alone: silver.members"),
      (["silver.members", "--json", "--format", "mermaid"], "exclude each other"),
    ])
  func wrong(_ words: [String], _ expected: String) throws {
    let outcome = try Program.run(["lineage"] + words)
    #expect(outcome.status == 2)
    let flat = outcome.errors.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(flat.contains(expected), "\(outcome.errors)")
  }
}
