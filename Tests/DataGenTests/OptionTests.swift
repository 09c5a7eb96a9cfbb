import Basics
import Storage
import Testing

@testable import DataGen

@Suite("The options of a gym")
struct OptionTests {
  @Test("What is not asked for takes its default")
  func defaults() throws {
    let settings = try GymSettings(GymOptions())
    #expect(settings.members == 5000)
    #expect(settings.clubs == 3)
    #expect(settings.from == CivilDate(year: 2025, month: 1, day: 1))
    #expect(settings.seed == 42)
    #expect(settings.quirks == 0.02)
    #expect(settings.format == .ndjson)
    #expect(settings.sources == GymSource.allCases)
    #expect(settings.heartRateEvery == 5)
    #expect(settings.heartRateShare == 0.02)
    #expect(try settings.days(GymOptions(), after: 0) == 60)
  }

  @Test(
    "Values that make no gym are refused with their limits",
    arguments: [
      (GymOptions(members: 0), "--members 0 makes no gym: give 1 to 2000000"),
      (GymOptions(members: -5), "--members -5 makes no gym: give 1 to 2000000"),
      (GymOptions(clubs: 501), "--clubs 501 makes no gym: give 1 to 500"),
      (GymOptions(days: 0), "--days 0 makes no gym: give 1 to 3660"),
      (GymOptions(days: -3), "--days -3 makes no gym: give 1 to 3660"),
      (GymOptions(days: 3661), "--days 3661 makes no gym: give 1 to 3660"),
      (
        GymOptions(members: 2_000_000, days: 481), "--days 481 makes no gym: give 1 to 480"
      ),
      (GymOptions(quirks: 0.51), "--quirks 0.51 makes no gym: give 0.0 to 0.5"),
      (GymOptions(quirks: -0.01), "--quirks -0.01 makes no gym: give 0.0 to 0.5"),
      (GymOptions(quirks: .nan), "--quirks nan makes no gym: give 0.0 to 0.5"),
      (
        GymOptions(from: CivilDate(year: 1909, month: 12, day: 31)),
        "--from 1909-12-31 makes no gym: give 1910-01-01 to 2089-12-31"
      ),
      (
        GymOptions(days: 3, from: CivilDate(year: 2089, month: 12, day: 30)),
        "--days 3 makes no gym: give 1 to 2"
      ),
      (
        GymOptions(heartRateEvery: 0), "--heart-rate-every 0 makes no gym: give 1 to 600"
      ),
      (
        GymOptions(heartRateShare: 0.31), "--heart-rate-share 0.31 makes no gym: give 0.0 to 0.3"
      ),
      (GymOptions(sources: []), "--sources none makes no gym: give one to all 17"),
    ])
  func refused(options: GymOptions, message: String) throws {
    let store = MemoryStore()
    let error = #expect(throws: GymError.self) { try GymGenerator(options).generate(into: store) }
    #expect(error?.description == message)
    #expect(try store.list("").isEmpty)
  }

  @Test("Misspelt names are refused with the nearest known one")
  func names() throws {
    #expect(try GymFormat(named: "ndjson.lz4") == .ndjsonLZ4)
    #expect(try GymSource(named: "gym_visits") == .gymVisits)
    let format = #expect(throws: GymError.self) { try GymFormat(named: "ndjsn") }
    #expect(
      format?.description
        == "--format knows no 'ndjsn'. Did you mean 'ndjson'? Known are ndjson, ndjson.lz4, csv, json"
    )
    let source = #expect(throws: GymError.self) { try GymSource(named: "gym_visit") }
    #expect(source?.description.contains("Did you mean 'gym_visits'?") == true)
  }

  @Test("A new gym is refused where something lies already")
  func notEmpty() throws {
    let store = MemoryStore()
    try store.put("notes.txt", [1])
    let error = #expect(throws: GymError.self) {
      try GymGenerator(GymOptions(members: 10, days: 1)).generate(into: store)
    }
    #expect(error == .folderNotEmpty("memory:", example: "notes.txt"))
    #expect(try store.list("").count == 1)
  }

  @Test("Continuing needs a gym to continue")
  func nothing() throws {
    let error = #expect(throws: GymError.self) {
      try GymGenerator().generate(into: MemoryStore(), continuing: true)
    }
    #expect(error == .nothingToContinue("memory:_truth/generator.json"))
  }

  @Test(
    "Continuing with another choice than the gym began with is refused by the option's name",
    arguments: [
      (GymOptions(members: 21), GymOption.members, "20", "21"),
      (GymOptions(clubs: 2), .clubs, "1", "2"),
      (
        GymOptions(from: CivilDate(year: 2025, month: 1, day: 2)), .from, "2025-01-01", "2025-01-02"
      ),
      (GymOptions(seed: 43), .seed, "42", "43"),
      (GymOptions(quirks: 0.03), .quirks, "0.02", "0.03"),
      (GymOptions(format: .csv), .format, "ndjson", "csv"),
      (GymOptions(heartRateEvery: 1), .heartRateEvery, "5", "1"),
      (GymOptions(heartRateShare: 0.1), .heartRateShare, "0.02", "0.1"),
      (GymOptions(sources: [.retail]), .sources, "members,retail", "retail"),
    ])
  func contradiction(
    options: GymOptions, option: GymOption, began: String, given: String
  ) throws {
    let first = GymOptions(members: 20, clubs: 1, days: 1, sources: [.retail, .members])
    let store = try makeGym(first)
    let before = try contents(store)
    let error = #expect(throws: GymError.self) {
      try GymGenerator(options).generate(into: store, continuing: true)
    }
    #expect(
      error
        == .contradiction(
          option, began: began, given: given, record: "memory:_truth/generator.json"))
    #expect(try contents(store) == before)
  }

  @Test("Together the days of a gym stay below the limit")
  func tooManyDays() throws {
    let store = try makeGym(GymOptions(members: 5, clubs: 1, days: 2, sources: [.members]))
    let error = #expect(throws: GymError.self) {
      try GymGenerator(GymOptions(days: 3659)).generate(into: store, continuing: true)
    }
    #expect(error == .outOfRange(.days, given: "3659", from: "1", to: "3658"))
  }

  @Test(
    "A damaged record is reported and never trapped on",
    arguments: [
      "", "{", "[]", "{}", #"{"generator":1}"#, #"{"generator":1,"days":-1}"#,
      #"{"generator":1,"days":1,"seed":-4}"#,
      #"{"generator":1,"days":1,"seed":1,"members":1,"clubs":1,"from":"2025-02-30"}"#,
      #"{"generator":1,"days":1,"seed":1,"members":1,"clubs":1,"from":"2025-02-03","quirks":"x"}"#,
    ])
  func damaged(text: String) throws {
    let store = MemoryStore()
    try store.put(GymRecord.path, Array(text.utf8))
    let error = #expect(throws: GymError.self) {
      try GymGenerator().generate(into: store, continuing: true)
    }
    guard case .recordDamaged? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("A record of another generator is refused")
  func otherGenerator() throws {
    let store = MemoryStore()
    try store.put(GymRecord.path, Array(#"{"generator":99}"#.utf8))
    #expect(
      throws: GymError.otherGenerator("memory:_truth/generator.json", found: 99, known: 1)
    ) {
      try GymGenerator().generate(into: store, continuing: true)
    }
  }

  @Test("Extreme but allowed choices make a gym")
  func extremes() throws {
    let choices = [
      GymOptions(members: 1, clubs: 1, days: 3),
      GymOptions(members: 3, clubs: 500, days: 1, quirks: 0.5),
      GymOptions(
        members: 40, clubs: 2, days: 3, from: CivilDate(year: 1910, month: 1, day: 1),
        seed: .max, quirks: 0.5),
      GymOptions(
        members: 40, clubs: 2, days: 3, from: CivilDate(year: 1969, month: 12, day: 31), seed: 0),
      GymOptions(
        members: 40, clubs: 2, days: 2, from: CivilDate(year: 2089, month: 12, day: 30)),
    ]
    for options in choices {
      let gym = try ParsedGym(makeGym(options))
      #expect(gym.all(.members).count >= options.members ?? 0)
      #expect(!gym.all(.schedule).isEmpty)
    }
  }
}
