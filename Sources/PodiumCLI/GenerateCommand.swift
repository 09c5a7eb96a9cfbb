import ArgumentParsing
import Basics
import Engines
import Lakehouse
import Rendering
import Storage

extension Project {
  /// `generate`: writes source files into the landing zone.
  func generateCommand(_ generator: Generator) -> Command<CommandAction> {
    Command(
      "generate", "Writes source files of an invented business into the landing zone.",
      discussion: """
        The same options give the same bytes. A landing zone that holds something is refused \
        unless --continue is given, which adds further days to it.
        """, options: generator.options, examples: generator.examples
    ) { session in try generate(generator, session) }
  }

  private func generate(_ generator: Generator, _ session: Session) throws -> ExitStatus {
    try session.refuseEnvironment("landing belongs to production")
    let lake = try session.namedLake()
    try lake.refuseForeign()
    let progress = Progress.standardError(quiet: session.json)
    progress.begin("generate")
    let start = monotonicSeconds()
    let summary: Generator.Summary
    do {
      summary = try generator.write(session.values, lake.landing) { day, of in
        progress.update("generate", "day \(day) of \(of)")
      }
    } catch {
      progress.close()
      throw error
    }
    let seconds = monotonicSeconds() - start
    let rows = summary.sources.reduce(0) { $0 + $1.rows }
    progress.end("generate", .done, counted(rows, "row"))
    if session.json {
      try session.print([
        "lake": .string(lake.root), "lastDay": .string(summary.lastDay.description),
        "seconds": .number(decimal(seconds)),
        "sources": .array(
          summary.sources.map {
            [
              "source": .string($0.name), "files": .int($0.files), "rows": .int($0.rows),
              "bytes": .int($0.bytes),
            ]
          }),
      ])
      return .done
    }
    try session.print(
      [
        ResultColumn("source", .text), ResultColumn("files", .number),
        ResultColumn("rows", .number), ResultColumn("size", .number),
      ],
      summary.sources.map {
        [
          .text($0.name), .text(grouped($0.files)), .text(grouped($0.rows)),
          .text(bytesText($0.bytes)),
        ]
      })
    session.say("last day: \(summary.lastDay)")
    session.say("next: \(name) run\(session.lakeOption) --as-of \(summary.lastDay)")
    return .done
  }
}

extension Session {
  /// The options that name lake and environment, as they have to be typed again.
  var lakeOption: String { given("lake") + given("env") }

  /// An option as it was given, with a blank before it; empty where it was not.
  func given(_ name: String) -> String {
    ((try? values.stringIfGiven(name)) ?? nil).map { " --\(name) \(shellWord($0))" } ?? ""
  }
}

/// A number of seconds with three decimals, for JSON.
func decimal(_ seconds: Double) -> String {
  let digits = Int128((max(0, seconds.isFinite ? min(seconds, 1e15) : 0) * 1000).rounded())
  return Value.text(of: digits, scale: 3)
}
