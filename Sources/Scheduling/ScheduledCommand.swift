import Basics

/// A command line that a scheduler is to run.
public struct ScheduledCommand: Hashable, Sendable {
  /// What the scheduler calls it: letters, digits, `-` and `_`.
  public let name: String
  /// The program's absolute path.
  public let program: String
  public let arguments: [String]
  /// The working folder's absolute path.
  public let folder: String
  /// A file of variables (`NAME=value` lines), secrets among them; nil for none.
  public let environmentFile: String?
  /// A name of the time zone database; nil for the scheduler's own.
  public let timeZone: String?
  public let recurrence: Recurrence

  public init(
    name: String, program: String, arguments: [String], folder: String,
    environmentFile: String? = nil, timeZone: String? = nil, recurrence: Recurrence
  ) {
    self.name = ScheduledCommand.identifier(name)
    self.program = program
    self.arguments = arguments
    self.folder = folder
    self.environmentFile = environmentFile
    self.timeZone = timeZone
    self.recurrence = recurrence
  }

  /// A text with all that is no letter or digit made `-`, without those at its ends.
  private static func identifier(_ text: String) -> String {
    let safe = text.unicodeScalars.map { scalar -> Character in
      let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar == "_")
      return isPlain || ("0"..."9").contains(scalar) ? Character(scalar) : "-"
    }
    return String(safe).split(separator: "-").joined(separator: "-")
  }

  /// The line for a POSIX shell: it goes to the folder, reads the variables, becomes the program.
  var shell: String {
    var parts = ["cd \(shellWord(folder))"]
    if let environmentFile {
      // `.` looks a bare name up in PATH, and a path never.
      parts += ["set -a", ". \(shellWord(environmentFile))", "set +a"]
    }
    parts.append("exec " + ([program] + arguments).map(shellWord).joined(separator: " "))
    return parts.joined(separator: " && ")
  }

  /// The words that no scheduler takes.
  func check() throws(ScheduleError) {
    let words = [program, folder, environmentFile ?? ""] + arguments
    for word in words
    where word.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
      throw .controlCharacter(word)
    }
  }
}

/// Why a scheduler cannot run a command.
public enum ScheduleError: Error, Hashable, Sendable {
  /// A word has a line break or another control character.
  case controlCharacter(String)
  /// Cron knows no such time between two runs, in seconds.
  case notForCron(seconds: Int)
}

extension ScheduleError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .controlCharacter(let word):
      "'\(printable(word))' has a control character, which no scheduler takes."
    case .notForCron(let seconds):
      "cron cannot run a command every \(Recurrence.words(seconds)): it takes what divides an hour or a "
        + "day, such as 5m, 15m, 30m, 1h, 6h or 1d. systemd and Airflow take any."
    }
  }
}
