import Podium
import Testing

@Suite("What is wrong with a rule")
struct RuleProblemTests {
  static let columns: [Column] =
    Sample.columns + [
      .int("rating", "1 to 5.", nullable: true), .decimal("price", "Money."),
      .double("weight", "Kilograms."), .bool("open", "True if it is."),
    ]

  /// The messages about a table with some rules, each without its place.
  private func messages(
    _ rules: Podium.Expectation..., write: Write = .upsert(newestBy: "changed_at")
  ) -> [String] {
    let derived = if case .derived = write { true } else { false }
    let table = declare(
      columns: RuleProblemTests.columns, write: write, expect: rules,
      query: derived ? "SELECT 1 FROM \(Sample.members)" : "SELECT 1 FROM \(new: Sample.visits)")
    return table.problems().map { "\($0.rule.rawValue): \($0.message)" }
  }

  @Test("Sound rules of every kind have no problem")
  func sound() {
    #expect(
      messages(
        .required("rating", else: .warn), .readable("rating", else: .quarantine),
        .type("_rating", .int, else: .quarantine), .oneOf("member_id", ["a"], else: .stop),
        .range("rating", from: 1, to: 5, else: .drop), .range("price", from: 0.01, else: .warn),
        .range("day", from: "2020-01-01", to: "2020-01-01", else: .warn),
        .range("changed_at", to: "2020-01-01 12:00:00", else: .warn),
        .pattern("member_id", "(?:M|m)[0-9]{1,9}[.]?[a-z_-]+(x|y)*?", else: .quarantine),
        .unique("price", else: .stop), .rowCount(from: 1, to: 9, else: .warn),
        .rowCount(atLeast: 0.5, ofMedianOf: 7, else: .stop), .rows(factor: 24),
        .freshness("changed_at", within: .hours(36), else: .warn),
        .query("all are open", "SELECT 1 FROM \(.result) WHERE NOT open", else: .stop)
      ) == [])
  }

  @Test("Unknown columns are told with the file and line of the rule and the one that is meant")
  func unknownColumn() {
    let rule = Podium.Expectation.range("ratings", from: 1, else: .warn)
    let table = declare(columns: RuleProblemTests.columns, expect: [rule])
    #expect(
      table.problems().map(\.description) == [
        "PodiumTests/RuleProblemTests.swift:\(#line - 2): silver.tested: the rule 'ratings is at "
          + "least 1': 'ratings' is not a column. Did you mean 'rating'? [known-column]"
      ])
    for rule: Podium.Expectation in [
      .required("x", else: .stop), .readable("x", else: .warn), .type("x", .int, else: .warn),
      .oneOf("x", ["a"], else: .warn), .pattern("x", "a", else: .warn), .unique("x", else: .warn),
      .unique("_x", else: .warn), .freshness("x", within: .days(1), else: .warn),
    ] {
      #expect(messages(rule).first?.hasPrefix("known-column: the rule") == true, "\(rule.name)")
    }
    #expect(messages(.oneOf("_x", ["a"], else: .warn)) == [])
  }

  @Test(
    "Ranges that nothing is in are found",
    arguments: [
      (Podium.Expectation.range("rating", from: 5, to: 1, else: .warn), "no value is at least 5"),
      (.range("rating", else: .warn), "it has no bound"),
      (.range("rating", from: "one", else: .warn), "one is a text, and the column holds numbers"),
      (.range("day", from: 1, else: .warn), "1 is a number"),
      (.range("day", from: "2020-02-30", else: .warn), "2020-02-30 is no day"),
      (.range("day", from: "2020-02-03", to: "2020-02-02", else: .warn), "no value is at least"),
      (.range("changed_at", to: "noon", else: .warn), "noon is no instant"),
      (
        .range(
          "changed_at", from: "2020-01-01T10:00:00+02:00", to: "2020-01-01 07:00:00", else: .warn),
        "no value is at least"
      ),
      (.range("open", from: 0, else: .warn), "true and false have no range"),
      (.range("_x", from: 1, to: "2", else: .warn), "cannot be compared"),
    ])
  func ranges(rule: Podium.Expectation, message: String) {
    let found = messages(rule)
    #expect(found.count == 1 && found[0].contains(message), "\(found)")
  }

  @Test(
    "Patterns that not every engine reads alike are found",
    arguments: [
      ("", "is empty"), ("\\d+", "write [.] or [0-9]"), ("(a", "a ( is not closed"),
      ("a)", "a ) closes nothing"), ("[a", "a [ is not closed"), ("*a", "nothing before it"),
      ("a**", "nothing before it"), ("a{2,1}", "the second number is the smaller"),
      ("a{x}", "no number of times"), ("a{1001}", "1,000 times at most"), ("(?=a)", "only (?:"),
      ("[z-a]", "ends before it begins"), ("[[:alpha:]]", "a [ within [ ]"), ("a&&b", nil),
      ("[a&&b]", "&& means something else"), ("it's", "apostrophe"), ("a]", "closes nothing"),
      ("a{2,}b{3}[]x]", nil), ("^a|b$", nil), ("[^a-z-]", nil),
    ])
  func patterns(pattern: String, message: String?) {
    let found = messages(.pattern("member_id", pattern, else: .warn))
    #expect(found.count == (message == nil ? 0 : 1), "\(found)")
    if let message { #expect(found.first?.contains(message) == true, "\(found)") }
  }

  @Test("A set without values, a type of a number and a pattern of a day are found")
  func values() {
    #expect(messages(.oneOf("member_id", [], else: .warn)).first?.contains("is empty") == true)
    #expect(messages(.oneOf("rating", ["1"], else: .warn)).first?.contains("is BIGINT") == true)
    #expect(messages(.type("rating", .int, else: .warn)).first?.contains("is BIGINT") == true)
    #expect(messages(.type("_x", .string, else: .warn)).first?.contains("every text") == true)
    #expect(messages(.pattern("day", "a", else: .warn)).first?.contains("is DATE") == true)
    #expect(
      messages(.required("price", else: .warn)).first?.contains("`nullable: true`") == true)
  }

  @Test("Rows that are not unique can be set aside where no order decides which")
  func unique() {
    for action: Podium.Expectation.Action in [.quarantine, .drop] {
      for write: Write in [.append, .upsert(newestBy: "changed_at")] {
        let found = messages(.unique("price", else: action), write: write)
        #expect(found.count == 1 && found[0].contains("which came first"), "\(found)")
      }
      #expect(messages(.unique("price", else: action), write: .derived(by: .whole)) == [])
      #expect(
        messages(.unique("price", "day", else: action), write: .derived(by: .key("day"))) == [])
      let parts = messages(.unique("price", else: action), write: .derived(by: .key("day")))
      #expect(parts.count == 1 && parts[0].contains("add day to the rule"), "\(parts)")
    }
    #expect(messages(.unique("member_id", else: .stop)).first?.contains("already") == true)
    #expect(messages(.unique("member_id", else: .stop), write: .append) == [])
  }

  @Test("Shares, counts and ages that say nothing are found")
  func numbers() {
    #expect(messages(.range("rating", from: 1, else: .warn).atLeast(0.9, of: 10)) == [])
    let wrong: [Podium.Expectation] = [
      .range("rating", from: 1, else: .stop).atLeast(0.9),
      .range("rating", from: 1, else: .warn).atLeast(1.5),
      .range("rating", from: 1, else: .warn).atLeast(0),
      .range("rating", from: 1, else: .warn).atLeast(0.5, of: 0),
      .rowCount(from: 1, else: .warn).atLeast(0.9), .rowCount(else: .warn),
      .rowCount(from: 2, to: 1, else: .warn), .rowCount(from: -1, else: .warn),
      .rowCount(atLeast: 0, ofMedianOf: 7, else: .warn),
      .rowCount(atLeast: 0.5, ofMedianOf: 3, silentBefore: 4, else: .warn),
      .freshness("changed_at", within: .days(0), else: .warn),
      .freshness("rating", within: .days(1), else: .warn), .rows(factor: 0),
    ]
    for rule in wrong {
      #expect(messages(rule).map { $0.hasPrefix("rule: ") } == [true], "\(messages(rule))")
    }
    #expect(
      messages(.required("rating", else: .warn), .required("rating", else: .stop)).first?
        .contains("declared twice") == true)
  }

  @Test("A rule's query reads the table as it will be, other tables whole, and no clock")
  func queries() {
    func first(_ sql: SQL, _ write: Write = .upsert(newestBy: "changed_at")) -> String {
      messages(.query("it is so", sql, else: .warn), write: write).first ?? ""
    }
    #expect(first("SELECT 1 FROM \(Sample.members)").contains("`\\(.result)`"))
    #expect(first("SELECT 1 FROM \(.staged), \(new: Sample.visits)").contains("reads the new rows"))
    #expect(first("SELECT \(.asOf) FROM \(.result)").contains("does not depend on it"))
    #expect(first("SELECT now() FROM \(.result)").hasPrefix("no-clock: the rule"))
    #expect(
      messages(.sum("price", of: "SELECT 1 FROM \(Sample.members)")).first?
        .contains("accounted for one by one") == true)
    let derived = Write.derived(by: .key("day"))
    #expect(
      messages(.sum("day", of: "SELECT 1 FROM \(Sample.members)"), write: derived).first?
        .contains("has no sum") == true)
    #expect(
      messages(.rows(of: "SELECT 1 FROM \(Sample.daily)"), write: derived).contains {
        $0.contains("which the table's query does not read")
      })
    #expect(
      messages(.rows(of: "SELECT 1 FROM \(.result)"), write: derived).first?
        .contains("not the table itself") == true)
    #expect(messages(.rows(factor: 2), write: derived).first?.contains("no new rows") == true)
    #expect(
      rules(declare(query: "SELECT 1 FROM \(new: Sample.visits), \(.result)")) == [
        "write-fits-query"
      ])
  }
}
