import Glibc

/// A program that runs beside the tests, with its input and output in hand.
public final class ChildProcess {
  /// The process's number.
  public let id: pid_t
  private let input: Int32
  private let output: Int32
  private let errors: TemporaryFolder
  private var inputOpen = true
  private var exitStatus: Int32?

  /// Starts a program.
  /// - Parameter environment: variables that it gets besides those of this process.
  public init(
    _ program: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws {
    let (toChild, fromChild) = (try pipe(), try pipe())
    errors = TemporaryFolder()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, toChild.read, 0)
    posix_spawn_file_actions_adddup2(&actions, fromChild.write, 1)
    posix_spawn_file_actions_addopen(
      &actions, 2, errors.path + "/errors", O_WRONLY | O_CREAT, 0o600)
    var variables = environment.map { "\($0.key)=\($0.value)" }
    var place = environ
    while let entry = place.pointee {
      let text = String(cString: entry)
      if !environment.keys.contains(where: { text.hasPrefix($0 + "=") }) { variables.append(text) }
      place += 1
    }
    var child: pid_t = 0
    let status = withCStrings([program] + arguments) { arguments in
      withCStrings(variables) { posix_spawn(&child, program, &actions, nil, arguments, $0) }
    }
    close(toChild.read)
    close(fromChild.write)
    input = toChild.write
    output = fromChild.read
    id = child
    guard status == 0 else {
      exitStatus = 127
      throw TestKitError("\(program) could not be started: \(String(cString: strerror(status)))")
    }
  }

  deinit {
    endInput()
    if exitStatus == nil {
      kill()
      _ = wait()
    }
    close(output)
  }

  /// Lets the program find the end of its input.
  public func endInput() {
    if inputOpen { close(input) }
    inputOpen = false
  }

  /// Ends the program at once.
  public func kill() { _ = Glibc.kill(id, SIGKILL) }

  /// The next line that the program writes, without its end; nil at the end.
  public func readLine() -> String? {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while read(output, &byte, 1) == 1 {
      if byte == 0x0A { return String(decoding: line, as: UTF8.self) }
      line.append(byte)
    }
    return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
  }

  /// All that the program still writes.
  public func readAll() -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(output, &buffer, buffer.count)
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What the program wrote to its standard error so far.
  public var errorText: String { (try? readText(errors.path + "/errors")) ?? "" }

  /// Waits for the end.
  /// - Returns: the exit status, or 128 and the number of the signal that ended it.
  public func wait() -> Int32 {
    if let exitStatus { return exitStatus }
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    let code = signal == 0 ? status >> 8 & 0xFF : 128 + signal
    exitStatus = code
    return code
  }
}

/// A pipe that other children of this process do not inherit.
private func pipe() throws -> (read: Int32, write: Int32) {
  var ends: [Int32] = [0, 0]
  guard Glibc.pipe(&ends) == 0 else { throw TestKitError("no pipe could be made") }
  for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  return (ends[0], ends[1])
}

private func withCStrings<R>(
  _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R
) -> R {
  let copies = texts.map { strdup($0) }
  defer { for copy in copies { free(copy) } }
  return body(copies + [nil])
}
