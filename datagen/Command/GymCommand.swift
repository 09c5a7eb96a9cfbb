import ArgumentParsing
import Basics
import DataGen
import PodiumCLI
import Storage

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
      .option(
        "sources", "LIST",
        "Sources to write, apart by commas (all of them): \(sourceNames.joined(separator: ", ")).",
        .text(suggestions: sourceNames)),
      .option(
        "heart-rate-every", "N", "Seconds from one heart rate to the next (5).", .int(1...600)),
      .option(
        "heart-rate-share", "SHARE", "Share of members with heart rates (0.02).", .number(0...0.3)),
      .option("exports", "DIR", "Also write exports of the last day, into this folder.", .folder),
      .flag("continue", "Add days to the gym that is there."),
    ],
    examples: [
      Example("generate", "5,000 members, 3 clubs, 60 days."),
      Example("generate --members 200 --days 7 --lake /tmp/small", "A small gym elsewhere."),
      Example("generate --days 10 --continue", "Ten more days."),
      Example("generate --exports ./exports", "Files of a booking system besides."),
    ]
  ) { values, landing, progress in
    let options = GymOptions(
      members: try values.intIfGiven("members"), clubs: try values.intIfGiven("clubs"),
      days: try values.intIfGiven("days"), from: try values.dateIfGiven("from"),
      seed: try values.intIfGiven("seed").map { UInt64($0) },
      quirks: try values.numberIfGiven("quirks"), format: try values.choiceIfGiven("format"),
      sources: try sources(values), heartRateEvery: try values.intIfGiven("heart-rate-every"),
      heartRateShare: try values.numberIfGiven("heart-rate-share"))
    let exports = try values.stringIfGiven("exports").map {
      LocalStore(root: $0, rights: .ownerOnly)
    }
    if let exports, (exports.root + "/").hasPrefix(landing.address("") + "/") {
      throw values.error(
        .other("--exports \(exports.root) lies in the landing zone: choose another folder."))
    }
    let continuing = try values.flag("continue")
    if let exports { try checkExports(exports, continuing: continuing, values) }
    let summary: GymSummary
    do {
      summary = try GymGenerator(options).generate(
        into: landing, continuing: continuing, exports: exports
      ) { day, of, _ in progress(day, of) }
    } catch let error as GymError where error.isWrongUsage {
      throw values.error(.other("\(error)."))
    }
    return Summary(
      sources: summary.sources.map {
        Summary.Source(name: $0.source.rawValue, files: $0.files, rows: $0.rows, bytes: $0.bytes)
      }, lastDay: summary.settings.from + (summary.days - 1))
  }
}

/// Refuses, before anything is written, a folder of exports that cannot be one or that holds others.
private func checkExports(
  _ folder: LocalStore, continuing: Bool, _ values: ArgumentValues
) throws {
  if kindOfFile(folder.root) == .file {
    throw values.error(.other("--exports \(folder.root) is a file: name a folder."))
  }
  guard !continuing else { return }
  for export in GymExport.allCases where try folder.info(export.rawValue) != nil {
    throw values.error(
      .other(
        "--exports \(folder.root) holds \(export.rawValue) already: choose another folder, or move "
          + "it away."))
  }
}

private let sourceNames = GymSource.allCases.map(\.rawValue)

/// The sources asked for, in any order; nil for all of them.
private func sources(_ values: ArgumentValues) throws -> [GymSource]? {
  guard let list = try values.stringIfGiven("sources") else { return nil }
  do {
    return try list.split(separator: ",").map { try GymSource(named: String($0)) }
  } catch let error as GymError {
    throw values.error(.other("\(error)."))
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
