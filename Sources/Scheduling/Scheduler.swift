import Basics

/// Who runs a command again and again.
public enum Scheduler: String, CaseIterable, Sendable {
  case systemd
  case cron
  case airflow

  /// What the scheduler needs to run a command, and the comments that say what to do with it.
  public func files(for command: ScheduledCommand) throws(ScheduleError) -> [ScheduleFile] {
    try command.check()
    switch self {
    case .systemd: return command.units
    case .cron: return [try command.crontab()]
    case .airflow: return [command.dag]
    }
  }
}

extension ScheduledCommand {
  /// A service and its timer, for a user's own systemd.
  ///
  /// Written after `systemd.service(5)`, `systemd.timer(5)` and `systemd.time(7)`.
  var units: [ScheduleFile] {
    var service = """
      # Put this and \(name).timer into ~/.config/systemd/user, then:
      #   systemctl --user daemon-reload && systemctl --user enable --now \(name).timer
      # It runs while you are logged in, or always after: loginctl enable-linger
      [Unit]
      Description=\(escaped(([lastPathComponent(program)] + arguments).joined(separator: " ")))

      [Service]
      Type=oneshot
      WorkingDirectory=\(escaped(folder))

      """
    if let environmentFile { service += "EnvironmentFile=\(escaped(environmentFile))\n" }
    // The colon keeps systemd from reading `$` as a variable.
    service += "ExecStart=:\(([program] + arguments).map(quoted).joined(separator: " "))\n"
    var timer = """
      [Unit]
      Description=When \(name).service runs

      [Timer]

      """
    if let calendar = recurrence.calendar {
      timer += "OnCalendar=\(calendar)\(timeZone.map { " \($0)" } ?? "")\nPersistent=true\n"
    } else if case .every(let seconds) = recurrence {
      timer += "OnActiveSec=0\nOnUnitActiveSec=\(seconds)s\n"
    }
    timer += "\n[Install]\nWantedBy=timers.target\n"
    return [
      ScheduleFile(name: "\(name).service", lines: service),
      ScheduleFile(name: "\(name).timer", lines: timer),
    ]
  }

  /// A text in which systemd finds no specifier.
  private func escaped(_ text: String) -> String {
    text.replacingSigns(["%": "%%"])
  }

  /// A word of a command line of systemd.
  private func quoted(_ word: String) -> String {
    #""\#(escaped(word).replacingSigns(["\"": #"\""#, #"\"#: #"\\"#]))""#
  }

  /// A line of a crontab, with what to do with it.
  func crontab() throws(ScheduleError) -> ScheduleFile {
    guard let fields = recurrence.cron else {
      if case .every(let seconds) = recurrence { throw .notForCron(seconds: seconds) }
      throw .notForCron(seconds: 0)
    }
    // cron ends the command at a percent sign that has no backslash before it.
    let line = shell.replacingSigns(["%": #"\%"#])
    return ScheduleFile(
      name: "\(name).cron",
      lines: """
        # \(name): add the line below by 'crontab -e'. Times are those of the machine's time zone.
        \(fields) \(line)

        """)
  }

  /// A DAG of one task, for Airflow 2.4 and later.
  var dag: ScheduleFile {
    // Jinja reads the command first, which may have its signs.
    let command = shell.contains("{") ? "{% raw %}\(shell){% endraw %}" : shell
    let schedule: String
    if let cron = recurrence.cron {
      schedule = literal(cron)
    } else if case .every(let seconds) = recurrence {
      schedule = "timedelta(seconds=\(seconds))"
    } else {
      schedule = "None"
    }
    return ScheduleFile(
      name: "\(name.split(separator: "-").joined(separator: "_")).py",
      lines: """
        # Put this file into Airflow's folder of DAGs.
        from datetime import timedelta

        import pendulum
        from airflow import DAG

        try:
            from airflow.providers.standard.operators.bash import BashOperator
        except ImportError:
            from airflow.operators.bash import BashOperator

        with DAG(
            dag_id=\(literal(name)),
            schedule=\(schedule),
            start_date=pendulum.datetime(2025, 1, 1, tz=\(literal(timeZone ?? "UTC"))),
            catchup=False,
            max_active_runs=1,
            default_args={"retries": 1, "retry_delay": timedelta(minutes=5)},
        ) as dag:
            # The blank at the end keeps Airflow from taking the command for the name of a file.
            run = BashOperator(
                task_id="run",
                bash_command=\(literal(command + " ")),
                append_env=True,
            )

        """)
  }

  /// A string of Python; JSON's way to write one is one of Python's.
  private func literal(_ text: String) -> String { JSON.string(text).text }
}

/// The part of a path after its last slash.
private func lastPathComponent(_ path: String) -> String {
  path.split(separator: "/").last.map(String.init) ?? path
}
