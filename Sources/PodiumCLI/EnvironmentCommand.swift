import ArgumentParsing
import Basics
import Engines
import LakeCare
import Lakehouse
import Podium
import Rendering
import Runner

extension Argument {
  static let environment = Argument.required(
    "environment", "Its name; '{tool} env list' lists them.")
}

extension Project {
  /// `env`: what environments there are.
  var environmentCommand: Command<CommandAction> {
    Command(
      group: "env", "Lists and drops environments, in which tables are tried.",
      discussion: """
        '{tool} run --env NAME silver.x' makes one. It holds the tables that were run in it, such as \
        NAME_silver.x, and reads all others from production, which it never changes.
        """,
      subcommands: [listEnvironmentsCommand, environmentSharesCommand, dropEnvironmentCommand])
  }

  private var listEnvironmentsCommand: Command<CommandAction> {
    Command("list", "Lists the environments with what they hold.") { session in
      let environments = try session.production().environments()
      if session.json {
        try session.print(.array(environments.map(\.json)))
        return .done
      }
      guard !environments.isEmpty else {
        return try session.tell(
          "There is no environment: \(CommandHint.command("run --env NAME")) makes one.", [])
      }
      try session.print(
        [
          ResultColumn("environment", .text), ResultColumn("tables", .number),
          ResultColumn("files", .number), ResultColumn("size", .number),
          ResultColumn("last run (UTC)", .fixed),
        ],
        environments.map {
          [
            .text($0.name), .int(Int64($0.tables.count)), .text(grouped($0.files)),
            .text(bytesText($0.bytes)), .text($0.lastRun ?? ""),
          ]
        })
      return .done
    }
  }

  private var dropEnvironmentCommand: Command<CommandAction> {
    Command(
      "drop", "Removes an environment with its tables; nothing of production.",
      arguments: [.environment], options: [.dryRun, .wait]
    ) { session in
      let care = try session.production()
      let name = try session.values.string("environment")
      let summary = try care.summary(name)
      let dryRun = try session.values.flag("dry-run")
      if !dryRun {
        // A promotion that was interrupted still needs the environment's files.
        let production = try session.lock(care.lake, "env drop")
        let lock = try session.lock(care.lake.within(LakeEnvironment(name)), "env drop")
        try care.drop(name)
        withExtendedLifetime((production, lock)) {}
      }
      var members = summary.json.object ?? []
      members.append(.init("dropped", .bool(!dryRun)))
      return try session.tell(
        "\(name): \(counted(summary.tables.count, "table")), "
          + "\(counted(summary.files, "file")) (\(bytesText(summary.bytes))) "
          + (dryRun ? "would be dropped" : "dropped"), .object(members))
    }
  }

  /// `promote`: makes an environment's tables production's.
  var promoteCommand: Command<CommandAction> {
    Command(
      "promote", "Makes the tables of an environment those of production, together.",
      discussion: """
        Each table of production gets the rows of the environment's as one new version, by files \
        that both share. The next run goes on from there. Whatever ends the command, the next one \
        that changes the lake finishes it.
        """, arguments: [.environment, .selectors], options: [.dryRun, .wait],
      examples: [
        Example("promote dev --dry-run", "What would be done."),
        Example("promote dev silver.members+", "A table and what needs it."),
      ]
    ) { session in
      let care = try session.production()
      let name = try session.values.string("environment")
      let selectors = try session.values.strings("selector").map(Selector.init)
      let dryRun = try session.values.flag("dry-run")
      if try Subset.stored(care.lake.within(LakeEnvironment(name)))?.sample != nil {
        throw WrongUsage(
          description: "the environment \(name) holds a sample; production would lose the other "
            + "rows.")
      }
      // A misspelt name is wrong usage also where the lake is busy.
      _ = try care.planPromotion(name, selectors)
      var locks: [LakeLock] = []
      if !dryRun {
        locks.append(try session.lock(care.lake, "promote"))
        locks.append(try session.lock(care.lake.within(LakeEnvironment(name)), "promote"))
      }
      defer { withExtendedLifetime(locks) {} }
      let promotion = try care.planPromotion(name, selectors)
      if !dryRun, !promotion.changes.isEmpty { try care.carryOut(promotion) }
      return try session.show(promotion, dryRun: dryRun)
    }
  }
}

extension Session {
  /// What looks after production, whatever environment `PODIUM_ENV` names.
  func production() throws -> LakeCare {
    if try values.stringIfGiven("env") != nil {
      try refuseEnvironment("this command names its environment without an option")
    }
    let lake = try namedLake()
    guard try lake.exists() else { throw LakeError.missing(lake.root) }
    try warnOfHalfDone(lake)
    return LakeCare(lake: lake, graph: try graph(), engine: EngineProvider(lake: lake))
  }

  fileprivate func show(_ promotion: Promotion, dryRun: Bool) throws -> ExitStatus {
    if json {
      try print([
        "environment": .string(promotion.environment), "dryRun": .bool(dryRun),
        "tables": .array(
          promotion.changes.map {
            [
              "table": .string($0.name), "from": .optional($0.from), "source": .optional($0.source),
            ]
          }),
      ])
      return .done
    }
    let steps = promotion.changes
    guard !steps.isEmpty else {
      return try tell(
        "nothing to promote: production has all of \(promotion.environment)'s tables as they are",
        [])
    }
    try print(
      [
        ResultColumn("table", .text), ResultColumn("version", .number),
        ResultColumn("gets \(promotion.environment)'s", .number),
      ],
      steps.map {
        [
          .text($0.name), .text($0.from.map(String.init) ?? "none"),
          .text($0.source.map(String.init) ?? "no rows"),
        ]
      })
    try out.write(
      "\(counted(steps.count, "table")) \(dryRun ? "would be " : "")promoted\n")
    try out.flush()
    return .done
  }
}

extension EnvironmentSummary {
  fileprivate var json: JSON {
    [
      "environment": .string(name), "tables": .array(tables.map { .string($0.description) }),
      "files": .int(files), "bytes": .int(bytes), "lastRun": .optional(lastRun),
    ]
  }
}
