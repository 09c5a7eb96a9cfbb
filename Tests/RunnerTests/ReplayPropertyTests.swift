import Faker
import Lakehouse
import Podium
import Runner
import RunnerTestKit
import TestKit
import Testing

@Suite("Any rules that get milder or stricter, with runs, replays and rows given up between")
struct ReplayPropertyTests {
  /// Rules of one moment; `low` and `cities` say how strict they are.
  private struct Rules {
    var low: Int64 = 10
    var cities = ["Rome", "Oslo"]
    var isKeyed = true

    func tables(_ write: Write) -> [Table] {
      var rules: [Podium.Expectation] = [
        .range("balance", from: .integer(low), else: .quarantine),
        .row("it is not from Bern", "city IS NULL OR city <> 'Bern'", else: .warn),
      ]
      if !cities.isEmpty { rules.append(.oneOf("city", cities, else: .quarantine)) }
      return [People.feed, People.people(rules, share: .none, write: write)]
    }
  }

  @Test("It ends with the table of a full refresh", arguments: Seeds.first(30))
  func equalsFullRefresh(_ seed: UInt64) throws {
    var feed = RandomFeed(seed: seed)
    let write: Write =
      feed.once(in: 3) ? .append : .upsert(newestBy: "since", deleteWhen: "_op = 'delete'")
    var rules = Rules()
    let lake = try TestLake()
    for lot in feed.lots() {
      for file in lot where file.path.hasPrefix("people") { try lake.land(file.path, file.text) }
      expectSuccess(try lake.run(rules.tables(write)))
      for _ in 0..<3 { try step(lake, &rules, write, &feed) }
    }
    let tables = rules.tables(write)
    // Stricter or not, after a replay without a choice of rules the table is as the rules say.
    try lake.replay(tables[1], tables)
    expectSuccess(try lake.run(tables))
    let whole = try lake.copy()
    expectSuccess(try whole.run(tables, fullRefresh: true))
    try expectSame(lake, whole, tables, "seed \(seed): a full refresh differs")
    #expect(try lake.run(tables).committed == [], "seed \(seed)")
  }

  /// One change of the rules, and what somebody does then.
  private func step(
    _ lake: TestLake, _ rules: inout Rules, _ write: Write, _ feed: inout RandomFeed
  ) throws {
    switch feed.one(of: [0, 1, 2, 3, 4]) {
    case 0: rules.low -= 8
    case 1: rules.cities.append(feed.one(of: ["Bern", "Saint John, NB", "Paris"]))
    case 2: rules.cities = []
    case 3: rules.low += feed.one(of: [0, 0, 3])
    default: break
    }
    let tables = rules.tables(write)
    let people = tables[1]
    var blocked: TableLocation?
    if feed.once(in: 4) {
      let place = feed.one(of: [TableLocation.of(people), .quarantine(of: people)])
      try lake.block(place)
      blocked = place
    }
    switch feed.one(of: [0, 1, 2, 3]) {
    case 0:
      _ = try? lake.drop(
        people, tables, QuarantineFilter(rules: ["balance is at least \(rules.low)"]))
    case 1: _ = try? lake.run(tables)
    case 2:
      _ = try? lake.replay(people, tables, rules: [feed.one(of: people.expectations.map(\.name))])
    default:
      if blocked == nil {
        try lake.replay(people, tables)
      } else {
        _ = try? lake.replay(people, tables)
      }
    }
    if let blocked { try lake.giveWay(blocked) }
  }
}
