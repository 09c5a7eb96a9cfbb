import Basics
import Glibc
import Scheduling
import TestKit
import Testing

@Suite("Commands for schedulers")
struct SchedulingTests {
  /// Words with all that some scheduler reads otherwise.
  private let odd = [
    "run", "silver", "a b", "50%", "$HOME", "it's", "\"q\"", "\\", "{{ x }}", "é", "",
  ]

  private func command(
    _ recurrence: Recurrence = .every(seconds: 3600), program: String = "/bin/sh",
    arguments: [String] = ["run"], folder: String = "/tmp", environment: String? = nil,
    zone: String? = nil
  ) -> ScheduledCommand {
    ScheduledCommand(
      name: "podium", program: program, arguments: arguments, folder: folder,
      environmentFile: environment, timeZone: zone, recurrence: recurrence)
  }

  @Test(
    "Times between two runs and times of the day become fields of cron",
    arguments: [
      (60, "* * * * *"), (300, "*/5 * * * *"), (1800, "*/30 * * * *"), (3600, "0 * * * *"),
      (21_600, "0 */6 * * *"), (86_400, "0 0 * * *"), (2700, nil), (90, nil), (25_200, nil),
      (172_800, nil), (5400, nil), (0, nil),
    ])
  func cronFields(seconds: Int, fields: String?) {
    #expect(Recurrence.every(seconds: seconds).cron == fields)
  }

  @Test("A time of the day is HH:mm and nothing else")
  func timeOfDay() {
    #expect(Recurrence(timeOfDay: "02:05") == .daily(hour: 2, minute: 5))
    #expect(Recurrence(timeOfDay: "23:59")?.cron == "59 23 * * *")
    for text in ["", "2:00", "24:00", "12:60", "12", "12:00:00", "-1:00", "ab:cd", "12:0a"] {
      #expect(Recurrence(timeOfDay: text) == nil)
    }
  }

  @Test("What cron cannot do is told with what it can")
  func notForCron() throws {
    let error = #expect(throws: ScheduleError.self) {
      try Scheduler.cron.files(for: command(.every(seconds: 2700)))
    }
    #expect(
      error?.description.hasPrefix("cron cannot run a command every 45m: it takes") == true)
    for (seconds, words) in [
      (172_800, "2d"), (129_600, "36h"), (450, "450s"), (5400, "90m"), (25_200, "7h"),
    ] {
      #expect(
        ScheduleError.notForCron(seconds: seconds).description
          .hasPrefix("cron cannot run a command every \(words): "))
    }
  }

  @Test("A file tells by its first line that it is as it was written, whatever was asked for")
  func ownFiles() throws {
    for scheduler in Scheduler.allCases {
      for seconds in [3600, 300] {
        for file in try scheduler.files(for: command(.every(seconds: seconds))) {
          #expect(ScheduleFile.isOwn(file.text))
          #expect(file.text.hasPrefix("# Written by 'schedule' ("))
          #expect(!ScheduleFile.isOwn(file.text + "# mine\n"))
          #expect(!ScheduleFile.isOwn(file.text.replacing("podium", with: "pod")))
          #expect(!ScheduleFile.isOwn(String(file.text.drop { $0 != "\n" }.dropFirst())))
        }
      }
    }
    for text in ["", "\n", "# Written by 'schedule'", "mine\n"] {
      #expect(!ScheduleFile.isOwn(text))
    }
  }

  @Test(
    "The shell's line of cron runs the very words, also odd ones, in the folder, with variables")
  func cronLine() throws {
    let folder = try TemporaryFolder()
    let work = folder.file("work %d $x 'y'")
    try Files.makeFolder(work)
    try Files.write("SECRET='a b%c'\n", to: folder.file("env file"))
    let program = folder.file("show it")
    try Files.write(
      "#!/bin/sh\npwd >out\nprintf '%s\\n' \"$SECRET\" \"$@\" >>out\n", to: program)
    chmod(program, 0o700)
    let file = try #require(
      Scheduler.cron.files(
        for: command(
          program: program, arguments: odd, folder: work, environment: folder.file("env file"))
      ).first)
    let line = try #require(
      file.text.split(separator: "\n").map(String.init).first { !$0.hasPrefix("#") })
    let fields = line.split(separator: " ", maxSplits: 5).map(String.init)
    #expect(fields.prefix(5).joined(separator: " ") == "0 * * * *")
    // What cron does with percent signs: a newline, unless a backslash stands before it.
    var shell = ""
    var previous: Character = " "
    for character in fields[5] {
      if character == "%" {
        #expect(previous == "\\")
        shell.removeLast()
      }
      shell.append(character)
      previous = character
    }
    let child = try ChildProcess("/bin/sh", ["-c", shell])
    #expect(child.wait() == 0, "\(child.errorText)")
    let lines = try Files.text(work + "/out").split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.map(String.init) == [work, "a b%c"] + odd + [""])
  }

  @Test("systemd takes the units, odd words, folders and zones included")
  func units() throws {
    let analyze = "/usr/bin/systemd-analyze"
    guard access(analyze, X_OK) == 0 else { return }
    let folder = try TemporaryFolder()
    let work = folder.file("work %d $x 'y'")
    try Files.makeFolder(work)
    try Files.write("A=1\n", to: folder.file("env %file"))
    let program = folder.file("a %n \"program\"")
    try Files.write("#!/bin/sh\n", to: program)
    chmod(program, 0o700)
    let recurrences: [Recurrence] = [
      .every(seconds: 3600), .every(seconds: 300), .every(seconds: 21_600), .every(seconds: 60),
      .every(seconds: 86_400), .every(seconds: 2700), .daily(hour: 2, minute: 0),
    ]
    for (index, recurrence) in recurrences.enumerated() {
      let units = try Scheduler.systemd.files(
        for: command(
          recurrence, program: program, arguments: odd, folder: work,
          environment: folder.file("env %file"), zone: index == 6 ? "Europe/Berlin" : nil))
      #expect(units.map(\.name) == ["podium.service", "podium.timer"])
      var paths: [String] = []
      for unit in units {
        let path = folder.file("units\(index)/\(unit.name)")
        try Files.write(unit.text, to: path)
        paths.append(path)
      }
      let child = try ChildProcess(analyze, ["verify", "--man=no", "--user"] + paths)
      _ = child.readAll()
      let status = child.wait()
      // Where there is no user session it says so and nothing about the units.
      let complaints = child.errorText.split(separator: "\n").filter { $0.contains("podium.") }
      #expect(complaints.isEmpty, "\(complaints)")
      #expect(status == 0 || complaints.isEmpty)
      if let calendar = units[1].text.split(separator: "\n").first(where: {
        $0.hasPrefix("OnCalendar=")
      }) {
        let check = try ChildProcess(
          analyze, ["calendar", String(calendar.dropFirst("OnCalendar=".count))])
        #expect(check.readAll().contains("Next elapse: "))
        #expect(check.wait() == 0)
      } else {
        #expect(units[1].text.contains("OnUnitActiveSec=2700s"))
      }
    }
  }

  @Test("The DAG is Python, its schedule and command are the ones asked for")
  func dag() throws {
    let file = try #require(
      Scheduler.airflow.files(
        for: command(
          .daily(hour: 2, minute: 0), program: "/opt/my tools/podium", arguments: odd,
          zone: "Europe/Berlin")
      ).first)
    #expect(file.name == "podium.py")
    let facts = try Python.json(
      """
      import ast, json, sys
      tree = ast.parse(sys.argv[1])
      found = {}
      for call in ast.walk(tree):
          if isinstance(call, ast.Call):
              for word in call.keywords:
                  try:
                      found[word.arg] = ast.literal_eval(word.value)
                  except ValueError:
                      pass
      command = found["bash_command"]
      import shlex
      inner = command.removeprefix("{% raw %}").removesuffix("{% endraw %} ")
      print(json.dumps({"dag": found["dag_id"], "schedule": found["schedule"], "tz": found["tz"],
                        "raw": command != inner, "words": shlex.split(inner)}))
      """, [file.text])
    #expect(facts["dag"]?.string == "podium")
    #expect(facts["schedule"]?.string == "0 2 * * *")
    #expect(facts["tz"]?.string == "Europe/Berlin")
    #expect(facts["raw"]?.bool == true)
    #expect(
      facts["words"]?.array?.compactMap(\.string)
        == ["cd", "/tmp", "&&", "exec", "/opt/my tools/podium"] + odd)
    let odd = try Scheduler.airflow.files(for: command(.every(seconds: 2700)))[0].text
    #expect(odd.contains("schedule=timedelta(seconds=2700),"))
  }

  @Test("Line breaks are refused, and names are made of letters and digits")
  func names() {
    #expect(throws: ScheduleError.controlCharacter("a\nb")) {
      try Scheduler.systemd.files(for: command(arguments: ["a\nb"]))
    }
    let named = ScheduledCommand(
      name: "podium +gold.x/ü ", program: "/p", arguments: [], folder: "/",
      recurrence: .every(seconds: 60))
    #expect(named.name == "podium-gold-x")
  }
}
