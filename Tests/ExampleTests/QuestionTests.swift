import Basics
import Bronze
import DataGen
import Engines
import Gold
import Lakehouse
import Podium
import Portability
import Silver
import Storage
import TestKit
import Testing

/// The page with questions to gold, taken apart.
struct QuestionPage {
  struct Question {
    /// From 1.
    let number: Int
    let title: String
    let sql: String
  }

  let questions: [Question]

  init() throws {
    let root = parentPath(parentPath(parentPath(#filePath)))
    var questions: [Question] = []
    for section in try Files.text("\(root)/docs/questions.md").split(separator: "\n### ")
      .dropFirst()
    {
      let title = section.prefix { $0 != "\n" }
      let parts = title.split(separator: ".", maxSplits: 1)
      let blocks = section.split(separator: "```sql\n", omittingEmptySubsequences: false)
      let number = try #require(parts.first.flatMap { Int($0) }, "\(title)")
      try #require(blocks.count == 2, "\(title) has one query")
      let sql = try #require(blocks[1].split(separator: "\n```").first)
      questions.append(
        Question(number: number, title: String(title), sql: String(sql)))
    }
    self.questions = questions
  }
}

@Suite("Questions to gold", .serialized)
struct QuestionTests {
  private static let sources: [GymSource] = [
    .members, .memberships, .cancellations, .billing, .schedule, .classAttendance, .gymVisits,
    .retail, .leads, .equipmentUsage, .classFeedback, .facilityUsage, .workouts,
  ]

  @Test("There are twenty, each of gold alone")
  func twenty() throws {
    let questions = try QuestionPage().questions
    #expect(questions.map(\.number) == Array(1...20))
    for question in questions {
      let names = Catalog.names(in: question.sql)
      #expect(!names.isEmpty && names.allSatisfy { $0.hasPrefix("gold.") }, "\(question.title)")
    }
  }

  @Test("Each is portable")
  func portable() throws {
    let session = try EngineProvider(lake: nil).session()
    let columns = Dictionary(
      Gold.tables.map { ($0.name.description, $0.columns.map(\.name)) }
    ) { first, _ in first }
    for question in try QuestionPage().questions {
      let tree = try session.syntaxTree(of: question.sql)
      let found = PortableSQL(question.sql, tables: columns).findings(tree)
      #expect(found.isEmpty, "\(question.title): \(found.map(\.description))")
      // The order is said, for NULLs too.
      #expect(question.sql.contains("ORDER BY "), "\(question.title)")
      #expect(question.sql.contains(" NULLS LAST"), "\(question.title)")
    }
  }

  @Test("Each has an answer in a small gym, and those that the simulation knows are right")
  func answers() throws {
    let tables = Bronze.tables + Silver.tables + Gold.tables
    let lake = try ProjectLake(tables)
    let summary = try GymGenerator(
      GymOptions(
        members: 80, clubs: 1, days: 200, seed: 11, quirks: 0, sources: QuestionTests.sources)
    ).generate(into: lake.landing)
    let last = (summary.settings.from + (summary.days - 1)).description
    let page = try QuestionPage()
    try lake.run(for: page.questions.flatMap { Catalog.names(in: $0.sql) }, asOf: last)
    var answers: [Int: [[String]]] = [:]
    for question in page.questions {
      let rows = try lake.ask(question.sql)
      #expect(!rows.isEmpty, "\(question.title)")
      answers[question.number] = rows
    }
    try expectTruth(answers, summary.expected, lake)
  }

  private func expectTruth(
    _ answers: [Int: [[String]]], _ expected: JSON, _ lake: ProjectLake
  ) throws {
    // 1: members by month, as the simulation counted them.
    let months = try #require(expected["active_members_by_month"]?.object)
    #expect(
      answers[1]?.map { [String($0[0].prefix(7)), $0[1]] }
        == months.map { [$0.name, $0.value.int.map { "\($0)" } ?? ""] })
    // 3: visits of the day by club.
    #expect(
      try answers[3]?.map { Array($0[0...2]) }
        == lake.ask(
          """
          SELECT location_id, count(*) AS visits, count(DISTINCT member_id)
          FROM silver.gym_visits WHERE visit_date = DATE '2025-01-06'
          GROUP BY 1 ORDER BY visits DESC, location_id
          """))
    // 9: ratings of instructors.
    let ratings = try #require(expected["rating_by_instructor"]?.object)
    let told = Dictionary(
      uniqueKeysWithValues: (answers[9] ?? []).map { ($0[0], [$0[1], $0[2]]) })
    #expect(told.count == ratings.count)
    for rating in ratings {
      let count = try #require(rating.value["ratings"]?.int)
      let sum = try #require(rating.value["sum"]?.int)
      #expect(told[rating.name]?[0] == "\(count)")
      let mean = try #require(told[rating.name].flatMap { Double($0[1]) })
      #expect(abs(mean - Double(sum) / Double(count)) < 1e-9)
    }
    // 11: whoever joined and did not leave is a member.
    #expect(
      try answers[11]?.reduce(0) { $0 + (Int($1[4]) ?? 0) }
        == lake.ask(
          "SELECT count(*) FROM silver.member_stays WHERE end_date IS NULL OR end_date > DATE '2025-07-19'"
        ).first?.first.flatMap { Int($0) })
    // 16: the movements lead from one month's revenue to the next.
    for (one, next) in zip(answers[16] ?? [], (answers[16] ?? []).dropFirst()) {
      #expect(next[1] == one[6])
    }
    // 17: no dollar is lost on the way from charges and receipts to clubs.
    let clubs = try #require(answers[17]?.reduce(0.0) { $0 + (Double($1[3]) ?? .nan) })
    let money = try #require(
      lake.ask("SELECT CAST(sum(net_revenue) AS DOUBLE) FROM gold.revenue_by_location")
        .first?.first.flatMap { Double($0) })
    #expect(abs(clubs - money) < 0.005 && money > 0)
  }
}
