import Podium

/// A few sound tables, and parts to declare others with.
enum Sample {
  static let visits = Table(
    "bronze.visits", about: "One row per swipe at the door.", landing: "visits",
    columns: [.string("member_id", "The member."), .string("at", "When.")])

  static let members = Table(
    "silver.members", about: "One row per member.",
    columns: [
      .string("member_id", "The member."), .timestamp("changed_at", "Last change, UTC."),
    ],
    key: ["member_id"], write: .upsert(newestBy: "changed_at"),
    query: "SELECT member_id, at AS changed_at, _file, _line FROM \(new: visits)")

  static let daily = Table(
    "gold.daily", about: "One row per day.",
    columns: [.date("day", "The day."), .int("members", "Members seen.")],
    key: ["day"], write: .derived(by: .key("day")),
    query: "SELECT CAST(changed_at AS DATE) AS day, 1 AS members FROM \(members)")

  static let columns: [Column] = [
    .string("member_id", "The member."), .date("day", "The day."),
    .timestamp("changed_at", "Last change, UTC."),
  ]
}

/// A sound upserted silver table, except for what a test changes about it.
func declare(
  _ name: String = "silver.tested", about: String = "One row per thing.",
  columns: [Column] = Sample.columns, key: [String] = ["member_id"],
  write: Write = .upsert(newestBy: "changed_at"), partitionedBy: [String] = [],
  expect: [Podium.Expectation] = [], query: SQL = "SELECT * FROM \(new: Sample.visits)",
  line: UInt = #line
) -> Table {
  Table(
    name, about: about, columns: columns, key: key, write: write, partitionedBy: partitionedBy,
    expect: expect, query: query, line: line)
}

/// The rules that find something wrong with a table, each once, by name.
func rules(_ table: Table) -> [String] {
  Set(table.problems().map(\.rule.rawValue)).sorted()
}
