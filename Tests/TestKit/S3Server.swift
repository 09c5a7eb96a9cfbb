import Basics
import Synchronization

/// S3 on a free port of this machine, with faults on demand; see `Tests/Python/s3_server.py`.
///
/// It has the bucket `lake`, and ends with the last user.
public final class S3Server: Sendable {
  private let child: Mutex<Unshared>
  public let port: Int

  private struct Unshared: @unchecked Sendable { let child: ChildProcess }

  public init() throws {
    let child = try Python.start([Python.repository + "/Tests/Python/s3_server.py", "lake"])
    guard let line = child.readLine(), let json = try? JSON(parsing: line),
      let port = json["port"]?.int
    else { throw TestKitError("the server did not start: \(child.errorText.suffix(2000))") }
    self.port = Int(port)
    self.child = Mutex(Unshared(child: child))
  }

  deinit { child.withLock { $0.child.endInput() } }

  /// The server's address.
  public var endpoint: String { "http://127.0.0.1:\(port)" }

  /// What a program is told to use the server.
  public var environment: [String: String] {
    [
      "AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
      "AWS_REGION": "us-east-1", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
      "AWS_CONFIG_FILE": "/dev/null",
    ]
  }

  /// The requests of some work, such as `GET /lake/path`.
  public func requests(of work: () throws -> Void) throws -> [String] {
    try fail(["log": true])
    try work()
    return try child.withLock { process in
      try process.child.writeLine("{}")
      guard let line = process.child.readLine(), let json = try? JSON(parsing: line),
        let log = json["log"]?.array
      else { throw TestKitError("the server ended: \(process.child.errorText.suffix(2000))") }
      return log.compactMap(\.string)
    }
  }

  /// Sets the faults from now on.
  /// - Returns: how many requests came since the last time, and how many of them failed.
  @discardableResult
  public func fail(_ faults: JSON = [:]) throws -> (requests: Int64, failed: Int64) {
    try child.withLock { process in
      try process.child.writeLine(faults.text)
      guard let line = process.child.readLine(), let json = try? JSON(parsing: line),
        let requests = json["requests"]?.int, let failed = json["failed"]?.int
      else { throw TestKitError("the server ended: \(process.child.errorText.suffix(2000))") }
      return (requests, failed)
    }
  }
}
