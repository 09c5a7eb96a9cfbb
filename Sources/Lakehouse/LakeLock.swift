import Basics
import Glibc
import Storage

/// The right to write to a lake; one process at a time has it.
///
/// It is a lock of the operating system on a file, so it is gone when its process is, however that
/// ended. The file says who holds it.
public final class LakeLock: Sendable {
  private let descriptor: Int32

  /// Who holds a lock.
  public struct Holder: Hashable, Sendable {
    public let process: Int
    public let command: String
    /// When it was taken, UTC.
    public let since: String
  }

  /// Takes the lock, waiting for another process to end.
  /// - Parameters:
  ///   - command: what this process does, for those who wait.
  ///   - patience: seconds to wait.
  ///   - onWait: called once where it has to wait.
  public init(
    _ lake: Lake, command: String, patience: Double, onWait: (Holder?) -> Void = { _ in }
  ) throws {
    try lake.records.createFolder("")
    // The descriptor is kept only once the lock is held, so that a failure lets go of it once and
    // wipes nothing that another process wrote.
    descriptor = try LakeLock.take(lake, patience, onWait)
    write(command, lake.clock.now())
  }

  private static func take(
    _ lake: Lake, _ patience: Double, _ onWait: (Holder?) -> Void
  ) throws -> Int32 {
    let path = lake.records.address("lock")
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw StorageError(.failed, .lock, path, detail: String(cString: strerror(errno)))
    }
    let start = monotonicSeconds()
    var waiting = false
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let holder = LakeLock.holder(path)
      if !waiting {
        waiting = true
        onWait(holder)
      }
      let waited = monotonicSeconds() - start
      guard waited < patience else {
        close(descriptor)
        throw LakeError.locked(path: lake.root, holder: holder, seconds: waited)
      }
      usleep(50_000)
    }
    return descriptor
  }

  deinit {
    ftruncate(descriptor, 0)
    close(descriptor)
  }

  private func write(_ command: String, _ now: Timestamp) {
    let text: JSON = [
      "process": .int(Int(getpid())), "command": .string(command),
      "since": .string(now.text(decimals: 0)),
    ]
    let bytes = Array(text.text.utf8)
    ftruncate(descriptor, 0)
    _ = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }

  private static func holder(_ path: String) -> Holder? {
    guard let bytes = try? LocalStore(root: parentPath(path)).read(lastPathComponent(path)),
      let json = try? JSON(parsing: bytes), let process = json["process"]?.int,
      let command = json["command"]?.string, let since = json["since"]?.string
    else { return nil }
    return Holder(process: Int(process), command: command, since: since)
  }
}
