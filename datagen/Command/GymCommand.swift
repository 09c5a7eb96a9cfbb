import ArgumentParsing
import Basics
import DataGen
import PodiumCLI

extension Generator {
  /// `generate` for the gym.
  public static let gym = Generator(
    options: [
      .option("members", "N", "Members on the first day (5000).", .int(1...2_000_000)),
      .option("clubs", "N", "Clubs of the chain (3).", .int(1...500)),
      .option("days", "D", "Days to write.", .int(1...3660), .default("60")),
      .option("from", "DATE", "The first day (2025-01-01).", .date),
      .option("seed", "S", "Another seed gives another gym (42).", .int(0...Int.max)),
      .option(
        "quirks", "SHARE", "Share of rows with each kind of fault (0.02).", .number(0...0.5)),
      .option(
        "format", "F", "Format of the files, daily_activity apart (ndjson).",
        .choice(of: GymFormat.self)),
      .flag("continue", "Add days to the gym that is there."),
    ],
    examples: [
      Example("generate", "5,000 members, 3 clubs, 60 days."),
      Example("generate --members 200 --days 7 --lake /tmp/small", "A small gym elsewhere."),
      Example("generate --days 10 --continue", "Ten more days."),
    ]
  ) { values, landing, progress in
    let options = GymOptions(
      members: try values.intIfGiven("members"), clubs: try values.intIfGiven("clubs"),
      days: try values.intIfGiven("days"), from: try values.dateIfGiven("from"),
      seed: try values.intIfGiven("seed").map { UInt64($0) },
      quirks: try values.numberIfGiven("quirks"), format: try values.choiceIfGiven("format"))
    let continuing = try values.flag("continue")
    let summary: GymSummary
    do {
      summary = try GymGenerator(options).generate(into: landing, continuing: continuing) {
        day, of, _ in progress(day, of)
      }
    } catch let error as GymError where error.isWrongUsage {
      throw values.error(.other("\(error)."))
    }
    return Summary(
      sources: summary.sources.map {
        Summary.Source(name: $0.source.rawValue, files: $0.files, rows: $0.rows, bytes: $0.bytes)
      }, lastDay: summary.settings.from + (summary.days - 1))
  }
}

extension GymError {
  /// True where other options would have made a gym.
  fileprivate var isWrongUsage: Bool {
    switch self {
    case .outOfRange, .unknownName, .folderNotEmpty, .nothingToContinue, .contradiction: true
    case .recordDamaged, .otherGenerator: false
    }
  }
}
