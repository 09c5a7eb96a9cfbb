import ArgumentParsing
import Basics
import LakeCare
import Lakehouse
import Podium
import Rendering
import Runner

extension Project {
  /// `forget`: takes a person out of all layers.
  var forgetCommand: Command<CommandAction> {
    Command(
      "forget", "Removes a person from all layers, their past and the landing files.",
      discussion: """
        Landing files are rewritten without the person's records; all others stay on their lines. \
        Rows of the person go from every table, quarantine and environment, what is computed of \
        them follows, and older versions that may hold them can no longer be read. Whatever ends \
        the command, the next one that changes the lake finishes it.
        """,
      arguments: [.required("member", "The id by which the sources name the person.")],
      options: [
        .option(
          "also", "ID", "Another id of the same person; may be given again.", .text(), .repeating),
        .flag("remove-unreadable", "Remove landing files that cannot be read and name the person."),
        .option(
          "as-of", "DATE", "The business date of tables never computed for one; else today.", .date),
        .flag("yes", "Do it without asking."), .dryRun, .wait,
      ],
      examples: [
        Example("forget M0000017 --dry-run", "What would be removed."),
        Example("forget M0000017 --yes", "Removes it, for good."),
      ]
    ) { session in
      try session.refuseEnvironment("a person is forgotten in production and all environments")
      let dryRun = try session.values.flag("dry-run")
      let member = try session.values.string("member")
      let request = ForgetRequest(
        ids: [member] + (try session.values.strings("also")),
        removesUnreadable: try session.values.flag("remove-unreadable"),
        asOf: try session.values.dateIfGiven("as-of") ?? localToday(in: session.settings.timeZone))
      let care = try session.lakeCare()
      let locked = dryRun ? nil : try session.lockAndFinish(care.lake, "forget")
      defer { withExtendedLifetime(locked?.lock) {} }
      // What was asked for before and is done only now is not done twice.
      if case .forgetting(let before)? = locked?.finished, before.isOf(member) {
        return try session.show(ForgetReport(plan: before), dryRun: false, resumed: true)
      }
      let plan = try care.planForgetting(request)
      guard !dryRun else { return try session.show(ForgetReport(plan: plan), dryRun: true) }
      // The id again, since a yes is soon typed.
      try session.confirm(
        "Remove \(counted(plan.rows, "row")) and the past of the tables that held them, for good? "
          + "Type the id again:", answer: member, refusal: "this cannot be undone")
      return try session.show(try care.carryOut(plan), dryRun: false)
    }
  }
}

extension Session {
  fileprivate func show(
    _ report: ForgetReport, dryRun: Bool, resumed: Bool = false
  ) throws -> ExitStatus {
    let plan = report.plan
    let left = dryRun ? [] : report.left
    let status: ExitStatus = left.isEmpty ? .done : .failed
    if json {
      try print(report.json(dryRun: dryRun))
      return status
    }
    try print(
      [
        ResultColumn("where", .text), ResultColumn("rows", .number),
        ResultColumn("past files", .number), ResultColumn("bytes", .number),
      ], report.lines(dryRun: dryRun))
    let would = dryRun ? "would be " : ""
    try print(
      sentence: "\(counted(plan.rows, "row")) and "
        + "\(counted(plan.files.reduce(0) { $0 &+ $1.records }, "record")) of "
        + "\(counted(plan.files.count, "landing file")) \(would)removed"
        + (dryRun || resumed ? "." : " in \(durationText(seconds: report.seconds))."))
    if plan.matched > 0 {
      try print(sentence: "\(counted(plan.matched, "other id")) of the same person counted.")
    }
    if plan.shared > 0 {
      warn(
        "\(counted(plan.shared, "id")), such as of a device, \(plan.shared == 1 ? "is" : "are") "
          + "others' too: rows that are told by \(plan.shared == 1 ? "it" : "them") alone stay")
    }
    for path in report.published { try print(sentence: "\(path) was published again.") }
    for path in report.logs {
      try print(sentence: "\(path): lines that named the person are gone.")
    }
    // What needs somebody's hand comes first.
    if dryRun, !plan.unreadable.isEmpty {
      for path in plan.unreadable { warn("landing/\(path) cannot be read and names the person") }
    }
    for path in left {
      warn("\(path) still names the person: \(Session.remedy(path))")
    }
    for (name, reason) in report.later {
      warn("the next run computes \(name) anew: \(reason)")
    }
    if !dryRun {
      try print(sentence: "Backups and exports made before still hold the person.")
      try print(sentence: "Make a backup into a new folder, and remove the old ones.")
      try print(sentence: "A source that sends the person again brings it back.")
    }
    try out.flush()
    return status
  }

  private static func remedy(_ path: String) -> String {
    if path.hasPrefix("landing/") {
      return "mend it, or type the command again with --remove-unreadable"
    }
    return "remove it" + (path.hasPrefix(".podium/") ? "" : ", or publish or export again to it")
  }
}
