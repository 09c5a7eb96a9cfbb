import ArgumentParsing
import Basics
import Lakehouse
import Observability
import Podium
import Rendering
import Runner

extension Project {
  /// `alerts`: what was told, and to try it out.
  var alertsCommand: Command<CommandAction> {
    Command(
      "alerts", "Lists the alerts of the runs, the newest first.",
      discussion: """
        A run tells of tables that failed, read few rows, are stale, or whose files were late, by \
        a webhook (PODIUM_ALERT_WEBHOOK) and by mail (PODIUM_SMTP_URL, PODIUM_ALERT_TO). \
        docs/operations.md lists all settings.
        """,
      options: [.option("limit", "N", "Alerts to list.", .int(1...100_000), .default("20"))],
      examples: [
        Example("alerts test", "A test message on each channel."),
        Example("alerts check", "Whether tables are stale, without a run."),
      ],
      subcommands: [testAlertsCommand, checkAlertsCommand]
    ) { session in
      let lake = try session.lake()
      let alerts = try Ledger.reading(lake)?.alerts(limit: session.values.int("limit")) ?? []
      if session.json {
        try session.print(.array(alerts.map(\.json)))
        return .done
      }
      guard !alerts.isEmpty else {
        try session.print(sentence: "There was no alert.")
        try session.out.flush()
        return .done
      }
      try session.print(
        [
          ResultColumn("at (UTC)", .fixed), ResultColumn("kind", .fixed),
          ResultColumn("alert", .prose),
        ],
        alerts.map { alert in
          let message = alert.facts["message"]?.string ?? ""
          let unsent =
            alert.pending.isEmpty ? "" : " (not sent by \(alert.pending.joined(separator: ", ")))"
          return [
            .text(alert.at.text(decimals: 0)), .text(alert.kind),
            .text((alert.table.isEmpty ? "" : "\(alert.table): ") + message + unsent),
          ]
        })
      return .done
    }
  }

  private var testAlertsCommand: Command<CommandAction> {
    Command("test", "Sends a test message by webhook and mail.") { session in
      let watch = try RunWatch(session, session.namedLake())
      let results = watch.test()
      guard !results.isEmpty else {
        throw WrongUsage(
          description: "nobody would be told: set PODIUM_ALERT_WEBHOOK, or PODIUM_SMTP_URL and "
            + "PODIUM_ALERT_TO.")
      }
      if session.json {
        try session.print(
          .array(
            results.map {
              [
                "channel": .string($0.channel.rawValue), "sent": .bool($0.failure == nil),
                "error": .optional($0.failure),
              ]
            }))
      }
      for (channel, failure) in results {
        if let failure {
          session.say(
            session.errorTerminal.message("error:", .red, "\(channel.rawValue): \(failure)"))
        } else if !session.json {
          try session.out.write("\(channel.rawValue): a test message was sent.\n")
        }
      }
      try session.out.flush()
      return results.allSatisfy { $0.failure == nil } ? .done : .failed
    }
  }

  private var checkAlertsCommand: Command<CommandAction> {
    Command(
      "check", "Tells of stale tables, without a run.",
      discussion: """
        For a timer of its own: it also tells where the runs themselves have stopped. A table is \
        stale where no run brought it up to date for longer than it declares (fresh(withinHours:)) \
        or PODIUM_STALE_AFTER says. Each is told once a day.
        """
    ) { session in
      let lake = try session.lake()
      let watch = try RunWatch(session, lake)
      guard let ledger = try Ledger.existing(lake) else {
        throw WrongUsage(
          description: "there was no run yet: \(CommandHint.command("run")) makes one.")
      }
      let stale = try watch.stale(session.graph().ordered, ledger)
      if session.json { try session.print(.array(stale.map(\.json))) }
      try watch.send(stale, ledger, session)
      if stale.isEmpty, !session.json {
        try session.print(sentence: "No table is stale.")
        try session.out.flush()
      }
      return .done
    }
  }
}

extension AlertRecord {
  fileprivate var json: JSON {
    var members = facts.object ?? []
    members.append(.init("at", .string(at.text(decimals: 0))))
    members.append(.init("pending", .array(pending.map(JSON.string))))
    return .object(members)
  }
}
