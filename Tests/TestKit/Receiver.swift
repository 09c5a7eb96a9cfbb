import Basics
import Synchronization

/// A server on a free port of this machine that tells what it was sent; see
/// `Tests/Python/receiver.py`.
///
/// It ends with the last user.
public final class Receiver: @unchecked Sendable {
  private let child: ChildProcess
  private let folder: TemporaryFolder
  private let heard = Monitor<(lines: [JSON], atEnd: Bool)>(([], false))
  private var listener: WorkerThread?
  public let port: Int
  public let kind: String

  /// - Parameters:
  ///   - kind: `http`, `https`, `smtp`, `smtps` or `smtp-starttls`.
  ///   - mode: how a mail server behaves.
  public init(_ kind: String = "http", _ mode: String = "ok") throws {
    self.kind = kind
    folder = try TemporaryFolder()
    let words = kind.hasPrefix("smtp") ? [kind, mode] : [kind]
    let child = try Python.start(
      [Python.repository + "/Tests/Python/receiver.py"] + words + [folder.path])
    self.child = child
    guard let line = child.readLine(), let json = try? JSON(parsing: line),
      let port = json["port"]?.int
    else { throw TestKitError("the receiver did not start: \(child.errorText)") }
    self.port = Int(port)
    let unshared = Unshared(child: child)
    listener = WorkerThread { [heard] in
      while let line = unshared.child.readLine() {
        if let json = try? JSON(parsing: line) { heard.withLock { $0.lines.append(json) } }
      }
      heard.withLock { $0.atEnd = true }
    }
  }

  /// Only its output is read, and only by the listener.
  private struct Unshared: @unchecked Sendable { let child: ChildProcess }

  deinit {
    child.endInput()
    listener?.join()
  }

  /// The server's address, with a path.
  public func url(_ path: String = "") -> String {
    let scheme = kind == "smtp-starttls" ? "smtp" : kind
    return "\(scheme)://127.0.0.1:\(port)\(path)"
  }

  /// The certificate of an encrypted server, for those who are to trust it.
  public var certificate: String { folder.file("certificate.pem") }

  /// What was received so far.
  public var received: [JSON] { heard.withLock { $0.lines } }

  /// Waits until so many things have been received.
  public func wait(for count: Int) throws -> [JSON] {
    let lines = heard.wait { $0.lines.count >= count || $0.atEnd ? $0.lines : nil }
    guard lines.count >= count else { throw TestKitError("the receiver ended: \(child.errorText)") }
    return lines
  }
}

/// A port of this machine on which nobody listens.
public let closedPort = 1
