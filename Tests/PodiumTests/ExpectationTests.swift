import Podium
import Testing

@Suite("Expectations")
struct ExpectationTests {
  @Test("A set of texts is a condition whose quotes are doubled")
  func oneOf() {
    let rule = Podium.Expectation.oneOf("plan", ["basic", "kid's", "", "'"], else: .quarantine)
    #expect(rule.condition(in: declare()) == "plan IN ('basic', 'kid''s', '', '''')")
    #expect(rule.name == "plan is one of basic, kid's, , '")
    #expect(rule.action == .quarantine)
  }

  @Test("No text at all is a condition that no row fulfils, and still SQL")
  func oneOfNothing() {
    #expect(Podium.Expectation.oneOf("plan", [], else: .warn).condition(in: declare()) == "false")
  }

  @Test("A condition stands as it was written, at the place where it was written")
  func row() {
    let rule = Podium.Expectation.row("rating is 1 to 5", "rating BETWEEN 1 AND 5", else: .stop)
    #expect(rule.declaredAt == SourceLocation(file: #fileID, line: #line - 1))
    #expect(rule.test == .condition("rating BETWEEN 1 AND 5"))
    #expect(rule.name == "rating is 1 to 5")
    #expect(rule.action == .stop)
  }

  @Test("A reference names the columns on both sides")
  func reference() throws {
    let same = Podium.Expectation.references("member_id", in: Sample.members, else: .warn)
    let other = Podium.Expectation.references(
      "first", "second", in: Sample.daily, key: ["day", "members"], else: .warn)
    guard case .reference(let columns, let to) = same.test,
      case .reference(let columns2, let to2) = other.test
    else {
      Issue.record("not references")
      return
    }
    #expect(columns == ["member_id"])
    #expect(to.columns == ["member_id"])
    #expect(to.table == Sample.members)
    #expect(same.name == "member_id is known")
    #expect(columns2 == ["first", "second"])
    #expect(to2.columns == ["day", "members"])
    #expect(other.name == "first, second is known")
    #expect(to != to2)
    #expect(Set([to, to, to2]).count == 2)
  }

  @Test("The usual share is 95 % of at least 100 rows; none stops nothing")
  func shares() {
    #expect(ShareRule.standard == ShareRule(atLeast: 0.95, ofAtLeast: 100))
    #expect(ShareRule.none.atLeast == 0)
    #expect(ShareRule(atLeast: 0.5).ofAtLeast == 100)
    #expect(declare().share == .standard)
    #expect(Sample.visits.share == .none)
    let strict = Table(
      "silver.strict", about: "One row.", columns: Sample.columns, key: ["member_id"],
      write: .derived(by: .whole), share: ShareRule(atLeast: 1, ofAtLeast: 1), query: "SELECT 1")
    #expect(strict.share == ShareRule(atLeast: 1, ofAtLeast: 1))
  }
}
