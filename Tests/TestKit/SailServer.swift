import Basics
import Synchronization

/// Sail, a Spark Connect server, on a free port of this machine; see `Tests/Python/sail_server.py`.
///
/// It ends with the last user.
public final class SailServer: Sendable {
  private let child: Mutex<Unshared>
  public let port: Int

  private struct Unshared: @unchecked Sendable { let child: ChildProcess }

  public init() throws {
    let child = try Python.start([Python.repository + "/Tests/Python/sail_server.py"])
    guard let line = child.readLine(), let json = try? JSON(parsing: line),
      let port = json["port"]?.int
    else { throw TestKitError("the server did not start: \(child.errorText.suffix(2000))") }
    self.port = Int(port)
    self.child = Mutex(Unshared(child: child))
  }

  deinit { child.withLock { $0.child.endInput() } }

  /// What `--engine` takes.
  public var address: String { "sc://127.0.0.1:\(port)" }

  /// Ends the server without a word.
  public func kill() throws { try tell("kill") }

  /// Starts it again, on the same port.
  public func start() throws { try tell("start") }

  private func tell(_ word: String) throws {
    try child.withLock { process in
      try process.child.writeLine(word)
      guard process.child.readLine() != nil else {
        throw TestKitError("the server ended: \(process.child.errorText.suffix(2000))")
      }
    }
  }
}
