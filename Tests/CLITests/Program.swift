import Basics
import Glibc
import RunnerTestKit
import Storage
import Testing

/// The built program, run as a child process.
enum Program {
  /// What a program left when it ended.
  struct Outcome {
    /// The exit status, or the number of the signal that ended it, negative.
    let status: Int32
    let output: String
    let errors: String

    /// Standard output as JSON; an error where it holds anything else.
    var json: JSON {
      get throws { try JSON(parsing: Array(output.utf8)) }
    }
  }

  /// `PODIUM_BIN`, else the newer of the release and the debug build of this package.
  static let path: String = {
    if let named = getenv("PODIUM_BIN") { return absolutePath(String(cString: named)) }
    let package = parentPath(parentPath(parentPath(#filePath)))
    func built(_ kind: String) -> (path: String, time: Int)? {
      let path = "\(package)/.build/\(kind)/podium"
      var status = stat()
      return stat(path, &status) == 0 ? (path, status.st_mtim.tv_sec) : nil
    }
    let newest = [built("release"), built("debug")].compactMap { $0 }.max { $0.time < $1.time }
    return newest?.path ?? "\(package)/.build/debug/podium"
  }()

  /// Runs the program to its end; one that takes two minutes is ended.
  /// - Parameters:
  ///   - environment: variables beside those that a program needs to find its engine.
  ///   - folder: the working folder.
  static func run(
    _ arguments: [String], environment: [String: String] = [:], in folder: String? = nil
  ) throws -> Outcome {
    try start(arguments, environment: environment, in: folder).wait()
  }

  /// Starts the program.
  static func start(
    _ arguments: [String], environment: [String: String] = [:], in folder: String? = nil
  ) throws -> RunningProgram {
    // The shell goes to the folder and becomes the program.
    let shell = folder.map { ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", $0] } ?? []
    return try RunningProgram(
      shell + [path] + arguments, variables(environment).map { "\($0)=\($1)" }.sorted())
  }

  private static func variables(_ given: [String: String]) -> [String: String] {
    var variables: [String: String] = [:]
    for name in ["PATH", "HOME", "XDG_CACHE_HOME", "PODIUM_DUCKDB"] {
      if let value = getenv(name) { variables[name] = String(cString: value) }
    }
    return variables.merging(given) { $1 }
  }
}

/// A child process whose output goes to files.
final class RunningProgram {
  let process: pid_t
  private let folder: String

  init(_ words: [String], _ environment: [String]) throws {
    folder = try Files.makeTemporaryFolder("podium-output")
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    for (descriptor, name) in [(Int32(1), "output"), (2, "errors")] {
      posix_spawn_file_actions_addopen(
        &actions, descriptor, "\(folder)/\(name)", O_WRONLY | O_CREAT, 0o600)
    }
    var arguments = words.map { strdup($0) } + [nil]
    var variables = environment.map { strdup($0) } + [nil]
    defer { for text in arguments + variables { free(text) } }
    var process = pid_t()
    let failed = posix_spawn(&process, words[0], &actions, nil, &arguments, &variables)
    self.process = process
    guard failed == 0 else {
      errno = failed
      throw Files.Failure("start \(words[0])")
    }
  }

  deinit { Files.remove(folder) }

  /// Sends the process a signal.
  func send(_ signal: Int32) { kill(process, signal) }

  /// Waits until it ends.
  func wait() throws -> Program.Outcome {
    var status: Int32 = 0
    let start = monotonicSeconds()
    while waitpid(process, &status, WNOHANG) == 0 {
      usleep(2_000)
      if monotonicSeconds() - start > 120 {
        Issue.record("the program did not end within two minutes")
        send(SIGKILL)
      }
    }
    let signal = status & 0x7F
    return Program.Outcome(
      status: signal == 0 ? status >> 8 & 0xFF : -signal,
      output: try Files.text("\(folder)/output"),
      errors: try Files.text("\(folder)/errors"))
  }

  /// What it has written to standard error so far.
  var errorsSoFar: String { (try? Files.text("\(folder)/errors")) ?? "" }
}
