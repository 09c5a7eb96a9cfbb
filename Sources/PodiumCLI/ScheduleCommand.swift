import ArgumentParsing
import Basics
import Glibc
import Lakehouse
import Podium
import Scheduling
import Storage

extension Project {
  /// `schedule`: what a scheduler needs to run tables again and again.
  var scheduleCommand: Command<CommandAction> {
    Command(
      "schedule", "Prints what systemd, cron or Airflow needs to run tables by themselves.",
      discussion: """
        The program's path, the lake and the working folder are those of now. Secrets do not \
        belong into a schedule: put the variables (PODIUM_ALERT_WEBHOOK and others) into a file \
        that only you may read, and name it with --environment.
        """,
      arguments: [.selectors],
      options: [
        .option("as", "SCHEDULER", "Who runs it.", .choice(of: Scheduler.self), .required),
        .option("every", "TIME", "The time between two runs.", .duration(60...31_536_000)),
        .option("at", "HH:MM", "The time of the day, for a run each day."),
        .option("environment", "FILE", "A file of variables, one NAME=value a line.", .file),
        .option(
          "name", "NAME", "What the scheduler calls it.", .text(),
          .otherwise("the tool's name")),
        .option("to", "DIR", "Write files there instead of printing them.", .folder),
      ],
      examples: [
        Example("schedule --as cron --every 1h", "All tables, once an hour."),
        Example("schedule +gold.revenue_by_product --as systemd --at 02:00", "One, each night."),
        Example("schedule --as airflow --at 02:00 --to dags", "A DAG in a folder."),
      ]
    ) { session in
      let values = session.values
      _ = try session.graph().select(values.strings("selector").map(Selector.init))
      let scheduler = try values.choice("as", of: Scheduler.self)
      let command = try scheduled(session)
      let files: [ScheduleFile]
      do { files = try scheduler.files(for: command) } catch let error as ScheduleError {
        throw WrongUsage(description: error.description)
      }
      if let folder = try values.stringIfGiven("to") {
        let store = LocalStore(root: absolutePath(folder))
        for file in files { try refuseOthers(file, in: store) }
        for file in files {
          try store.put(file.name, Array(file.text.utf8))
          if !session.json { try session.out.write("\(store.address(file.name))\n") }
        }
      } else if !session.json {
        for file in files {
          if files.count > 1 { try session.out.write("# ---- \(file.name)\n") }
          try session.out.write(file.text)
        }
      }
      if session.json {
        try session.print(
          .array(files.map { ["name": .string($0.name), "text": .string($0.text)] }))
      }
      try session.out.flush()
      return .done
    }
  }

  /// Refuses to write over what somebody else wrote, or changed.
  private func refuseOthers(_ file: ScheduleFile, in store: LocalStore) throws {
    let isThere = store.isLink(file.name) || kindOfFile(store.address(file.name)) != .missing
    guard isThere else { return }
    if try store.info(file.name) != nil, !store.isLink(file.name),
      try ScheduleFile.isOwn(String(decoding: store.read(file.name), as: UTF8.self))
    {
      return
    }
    throw WrongUsage(
      description:
        "\(printable(store.address(file.name))) is there already, and not as this command "
        + "wrote it. Nothing was written. Move it away, name another folder with --to, or have it called "
        + "otherwise with --name.")
  }

  private func scheduled(_ session: Session) throws -> ScheduledCommand {
    let values = session.values
    try values.refuseTogether(["every", "at"])
    let recurrence: Recurrence
    if let seconds = try values.secondsIfGiven("every") {
      guard seconds.isMultiple(of: 60) else {
        throw WrongUsage(
          description: "--every is \(seconds) seconds; it takes whole minutes, such as 15m.")
      }
      recurrence = .every(seconds: seconds)
    } else if let text = try values.stringIfGiven("at") {
      guard let time = Recurrence(timeOfDay: text) else {
        throw WrongUsage(
          description: "--at is '\(printable(text))'; it takes a time of the day, such as 02:00.")
      }
      recurrence = time
    } else {
      throw WrongUsage(description: "say when: --every 1h, or --at 02:00.")
    }
    let lake = try session.namedLake()
    if try !lake.exists() { session.warn("there is no lake at \(lake.root) yet") }
    let environment = try values.stringIfGiven("environment").map(absolutePath)
    if let environment, kindOfFile(environment) != .file {
      session.warn("there is no file \(environment) yet")
    }
    return ScheduledCommand(
      name: try values.stringIfGiven("name") ?? name, program: programPath() ?? name,
      arguments: ["run"] + (try values.strings("selector")) + ["--lake", lake.root],
      folder: absolutePath("."), environmentFile: environment, timeZone: session.settings.timeZone,
      recurrence: recurrence)
  }
}
