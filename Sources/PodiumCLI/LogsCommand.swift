import ArgumentParsing
import Basics
import Glibc
import Lakehouse
import Observability
import Rendering
import Runner

extension Project {
  /// `logs`: what happened in a run, step by step.
  var logsCommand: Command<CommandAction> {
    Command(
      "logs", "Shows what happened in a run, step by step.",
      discussion: """
        The logs are JSON lines in .podium/logs of the lake, one file a run, kept for 14 days \
        (PODIUM_LOG_DAYS). --json prints them as they are, one object a line.
        """,
      arguments: [
        .optional("run", "The run, or the beginning of its id; the newest where it is left out.")
      ],
      options: [.flag("follow", "Go on until the run has ended.", letter: "f")],
      examples: [
        Example("logs", "The newest run."),
        Example("logs --follow", "The run that is at work."),
      ]
    ) { session in
      let lake = try session.lake()
      let files = RunLogFiles(lake)
      let run = try logged(session, files)
      let follow = try session.values.flag("follow")
      var offset: Int64 = 0
      while true {
        let (lines, next) = try files.lines(of: run, from: offset)
        offset = next
        for line in lines {
          if session.json { try session.out.print(line) } else { try session.print(logLine: line) }
        }
        try session.out.flush()
        let ended = lines.contains { $0["event"]?.string == "run.ended" }
        // Whoever writes the log holds the lake's lock.
        guard follow, !ended, !(lines.isEmpty && LakeLock.isFree(lake)) else { return .done }
        usleep(200_000)
      }
    }
  }

  private func logged(_ session: Session, _ files: RunLogFiles) throws -> String {
    let runs = try files.runs()
    // The names tell when the clock said that runs began; the record of runs, in which order.
    let recorded = (try? Ledger.reading(try session.lake())?.runs(limit: 100)) ?? []
    guard let newest = recorded.map(\.run).first(where: runs.contains) ?? runs.first else {
      throw WrongUsage(
        description:
          "there is no log yet: \(CommandHint.command("run")) writes one, unless PODIUM_LOG_DAYS is 0."
      )
    }
    guard let asked = try session.values.stringIfGiven("run") else { return newest }
    let near = runs.filter { $0.hasPrefix(asked) }
    if near.count == 1 || near.contains(asked) { return near.contains(asked) ? asked : near[0] }
    guard near.isEmpty else {
      throw WrongUsage(
        description: "\(near.count) runs with a log begin with '\(asked)', such as \(near[0]).")
    }
    throw WrongUsage(
      description: "there is no log of a run '\(asked)'\(didYouMean(asked, in: runs)). Logs are "
        + "kept for PODIUM_LOG_DAYS days; \(CommandHint.command("runs show RUN")) tells of older runs."
    )
  }
}

extension Session {
  /// A line of a log for people: time, what happened, and the facts that are not nothing.
  fileprivate func print(logLine line: JSON) throws {
    let members = line.object ?? []
    func text(_ name: String) -> String { line[name]?.string ?? "" }
    let facts = members.filter { !["time", "level", "event", "run", "table"].contains($0.name) }
      .compactMap(Session.words)
    let level = text("level") == "info" ? "" : "\(text("level")): "
    let table = text("table").isEmpty ? "" : " \(text("table"))"
    try print(
      sentence: ([text("time"), level + text("event") + table] + facts).joined(separator: " "))
  }

  private static func words(_ member: JSON.Member) -> String? {
    switch member.value {
    case .null: nil
    case .number("0"), .bool(false), .string(""), .array([]): nil
    case .string(let text): "\(member.name)=\(printable(text))"
    default: "\(member.name)=\(member.value.text)"
    }
  }
}
