import Basics
import Glibc
import RunnerTestKit
import Storage
import TestKit
import Testing

/// The built program, run as a child process.
public enum Program {
  /// What a program left when it ended.
  public struct Outcome: Sendable {
    /// The exit status, or the number of the signal that ended it, negative.
    public let status: Int32
    public let output: String
    public let errors: String

    /// Standard output as JSON; an error where it holds anything else.
    public var json: JSON {
      get throws { try JSON(parsing: Array(output.utf8)) }
    }

    /// The statuses that a run with `--json` gives of its tables.
    public var statuses: [String] {
      get throws { try json["tables"]?.array?.compactMap { $0["status"]?.string } ?? [] }
    }
  }

  /// `PODIUM_BIN`, else the newer of the release and the debug build of this package.
  public static let path: String = {
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
  ///   - largestFile: the most bytes that a file may have which the program writes, in steps of 512.
  public static func run(
    _ arguments: [String], environment: [String: String] = [:], in folder: String? = nil,
    largestFile: Int? = nil
  ) throws -> Outcome {
    try start(arguments, environment: environment, in: folder, largestFile: largestFile).wait()
  }

  /// Starts the program.
  public static func start(
    _ arguments: [String], environment: [String: String] = [:], in folder: String? = nil,
    largestFile: Int? = nil
  ) throws -> RunningProgram {
    // The shell goes to the folder, limits the files and becomes the program.
    let limit = largestFile.map { "ulimit -f \($0 / 512) && " } ?? ""
    let shell =
      folder == nil && largestFile == nil
      ? [] : ["/bin/sh", "-c", "cd \"$0\" && \(limit)exec \"$@\"", folder ?? "."]
    return try RunningProgram(shell + [path] + arguments, variables(environment))
  }

  /// Runs a line of the shell, in which `$podium` is the program, to its end.
  public static func runLine(_ line: String, in folder: String) throws -> Outcome {
    try RunningProgram(
      ["/bin/sh", "-c", "cd \"$0\" && \(line)", folder], variables(["podium": path])
    ).wait()
  }

  static func variables(_ given: [String: String]) -> [String] {
    var variables: [String: String] = [:]
    let names = [
      "PATH", "HOME", "XDG_CACHE_HOME", "PODIUM_DUCKDB",
      // Of lakes in buckets.
      "PODIUM_CACHE", "AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
      "AWS_REGION", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE",
    ]
    for name in names {
      if let value = getenv(name) { variables[name] = String(cString: value) }
    }
    return variables.merging(given) { $1 }.map { "\($0)=\($1)" }.sorted()
  }
}

/// A child process whose output goes to files.
public final class RunningProgram {
  public let process: pid_t
  private let folder: String

  /// Starts any program, named by its path, with these variables and no others.
  public init(_ words: [String], _ environment: [String]) throws {
    let folder = try Files.makeTemporaryFolder("podium-output")
    self.folder = folder
    process = try spawn(words, environment) { files in
      posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0)
      for (descriptor, name) in [(Int32(1), "output"), (2, "errors")] {
        posix_spawn_file_actions_addopen(
          &files, descriptor, "\(folder)/\(name)", O_WRONLY | O_CREAT, 0o600)
      }
    }
  }

  deinit { Files.remove(folder) }

  /// Sends the process a signal.
  public func send(_ signal: Int32) { kill(process, signal) }

  /// Waits until it ends.
  public func wait() throws -> Program.Outcome {
    var status: Int32 = 0
    let start = monotonicSeconds()
    while waitpid(process, &status, WNOHANG) == 0 {
      usleep(2_000)
      if monotonicSeconds() - start > 120 {
        Issue.record("the program did not end within two minutes")
        send(SIGKILL)
      }
    }
    return Program.Outcome(
      status: exitStatus(status), output: try Files.text("\(folder)/output"),
      errors: try Files.text("\(folder)/errors"))
  }

  /// False once it has ended; `wait` gives its outcome all the same.
  public var isRunning: Bool {
    var facts = siginfo_t()
    return waitid(P_PID, id_t(process), &facts, WEXITED | WNOHANG | WNOWAIT) == 0
      && facts.si_signo == 0
  }

  /// What it has written to standard error so far.
  public var errorsSoFar: String { (try? Files.text("\(folder)/errors")) ?? "" }
}
