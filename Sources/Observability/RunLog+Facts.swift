import Basics
import Podium
import Runner

extension RunLog {
  /// The line of an event.
  /// - Parameters:
  ///   - versions: the tables' versions before the run; -1 where there was none.
  ///   - bytes: bytes that the run added to tables.
  static func facts(
    of event: RunEvent, _ versions: [String: Int64], _ bytes: [String: Int64]
  ) -> LogFacts {
    switch event {
    case .began(let start): facts(of: start)
    case .started(let table):
      LogFacts(.info, "table.started", [.init("table", .string(table.description))])
    case .step(let step): facts(of: step)
    case .committed(let commit): facts(of: commit)
    case .ended(let outcome):
      facts(
        of: outcome, before: versions[outcome.table.description],
        bytes: bytes[outcome.table.description] ?? 0)
    }
  }

  private static func facts(of start: RunStart) -> LogFacts {
    let request = start.request
    return LogFacts(
      .info, "run.started",
      [
        .init("asOf", .string(request.asOf.description)),
        .init("selectors", .array(request.selectors.map { .string($0.text) })),
        .init("fullRefresh", .bool(request.fullRefresh)), .init("jobs", .int(request.jobs)),
        .init("resumes", .optional(request.resumes)),
        .init("tables", .array(start.tables.map { .string($0.description) })),
      ])
  }

  private static func facts(of step: TableStep) -> LogFacts {
    LogFacts(
      step.failed ? .warning : .info, "table.step",
      [
        .init("table", .string(step.table.description)), .init("step", .string(step.kind.rawValue)),
        .init("rows", .optional(step.rows)), .init("seconds", .seconds(step.seconds)),
        .init("failed", .bool(step.failed)),
      ])
  }

  private static func facts(of commit: TableCommit) -> LogFacts {
    LogFacts(
      .info, "table.committed",
      [
        .init("table", .string(commit.table)),
        .init("versionBefore", .optional(commit.versionBefore)),
        .init("version", .int(commit.version)), .init("rowsAfter", .optional(commit.rows)),
        .init("addedFiles", .int(commit.addedFiles)), .init("addedBytes", .int(commit.addedBytes)),
        .init("removedFiles", .int(commit.removedFiles)),
      ])
  }

  private static func facts(
    of outcome: TableOutcome, before: Int64?, bytes: Int64
  ) -> LogFacts {
    let counts = outcome.counts
    var level = LogLevel.info
    var members: [JSON.Member] = [
      .init("table", .string(outcome.table.description)),
      .init("status", .string(outcome.status.word)), .init("reason", .string(outcome.reason)),
      .init("versionBefore", .optional((before ?? outcome.version).flatMap { $0 < 0 ? nil : $0 })),
      .init("version", .optional(outcome.version)), .init("rowsAfter", .optional(outcome.rows)),
      .init("rowsRead", .int(counts.read)),
    ]
    members += counts.fates.map { .init($0.name, .int($0.rows)) }
    members.append(.init("rules", .array(outcome.failures.map { json($0, of: counts.read) })))
    if let files = outcome.files {
      members.append(
        .init(
          "files",
          [
            "taken": .int(files.taken), "bytes": .int(files.bytes),
            "quarantined": .array(
              files.quarantined.map {
                ["file": .string($0.file), "code": .string($0.code.rawValue)]
              }),
            "changed": .array(files.changed.map(JSON.string)),
            "unsettled": .array(files.unsettled.map(JSON.string)),
          ]))
      if !files.quarantined.isEmpty || !files.changed.isEmpty { level = .warning }
    }
    if let outside = outcome.outside {
      members.append(.init("changedOutside", outside.json))
      level = .warning
    }
    if outcome.failures.contains(where: { $0.action != .drop }) { level = .warning }
    switch outcome.status {
    case .failed(let error):
      level = .error
      members.append(
        .init("error", ["code": .string(error.code), "message": .string(error.description)]))
    case .skipped(let cause):
      level = .warning
      members.append(.init("because", .string(cause.description)))
    case .committed, .upToDate: break
    }
    members += [
      .init("addedBytes", .int(bytes)), .init("seconds", .seconds(outcome.seconds)),
    ]
    return LogFacts(level, "table.ended", members)
  }

  private static func json(_ failure: RuleCount, of read: Int64) -> JSON {
    [
      "rule": .string(failure.rule), "action": .string(failure.action.rawValue),
      "rows": .int(failure.rows),
      "rate": .number(
        read > 0 ? "\((Double(failure.rows) / Double(read) * 1e6).rounded() / 1e6)" : "0"),
    ]
  }

  static func facts(of report: RunReport) -> LogFacts {
    func count(_ word: String) -> JSON { .int(report.tables.count { $0.status.word == word }) }
    return LogFacts(
      report.succeeded ? .info : .error, "run.ended",
      [
        .init("status", report.succeeded ? "succeeded" : "failed"),
        .init("committed", count("committed")), .init("upToDate", count("up to date")),
        .init("failed", count("failed")), .init("skipped", count("skipped")),
        .init("rowsRead", .int(report.tables.reduce(Int64(0)) { $0 &+ $1.counts.read })),
        .init("quarantined", .int(report.tables.reduce(Int64(0)) { $0 &+ $1.counts.quarantined })),
        .init("seconds", .seconds(report.seconds)),
        .init("strays", .int(report.strays.count)),
      ])
  }
}

extension JSON {
  /// Seconds with three decimals.
  static func seconds(_ seconds: Double) -> JSON {
    .number(digits((max(0, seconds) * 1000).rounded() / 1000))
  }
}
