import Glibc

/// A program that runs beside the tests, with its input and output in hand.
public final class ChildProcess {
  /// The process's number.
  public let id: pid_t
  private let input: Int32
  private let output: Int32
  private let errors: TemporaryFolder
  private var inputOpen = true
  private var ended: Int32?

  /// Starts a program.
  /// - Parameter environment: variables that it gets besides those of this process.
  public init(
    _ program: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws {
    let (toChild, fromChild) = (try pipe(), try pipe())
    defer {
      close(toChild.read)
      close(fromChild.write)
    }
    input = toChild.write
    output = fromChild.read
    errors = try TemporaryFolder()
    var variables = environment.map { "\($0.key)=\($0.value)" }
    var place = environ
    while let entry = place.pointee {
      let text = String(cString: entry)
      if !environment.keys.contains(where: { text.hasPrefix($0 + "=") }) { variables.append(text) }
      place += 1
    }
    let errorFile = errors.file("errors")
    id = try spawn([program] + arguments, variables) { files in
      posix_spawn_file_actions_adddup2(&files, toChild.read, 0)
      posix_spawn_file_actions_adddup2(&files, fromChild.write, 1)
      posix_spawn_file_actions_addopen(&files, 2, errorFile, O_WRONLY | O_CREAT, 0o600)
    }
  }

  deinit {
    endInput()
    if ended == nil {
      kill()
      _ = wait()
    }
    close(output)
  }

  /// Gives the program a line to read.
  public func writeLine(_ text: String) throws {
    try Files.writeAll(Array((text + "\n").utf8), to: input, "write to process \(id)")
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
  public var errorText: String { (try? Files.text(errors.file("errors"))) ?? "" }

  /// Waits for the end.
  /// - Returns: the exit status, or the number of the signal that ended it, negative.
  public func wait() -> Int32 {
    if let ended { return ended }
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0, errno == EINTR {}
    let code = exitStatus(status)
    ended = code
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
