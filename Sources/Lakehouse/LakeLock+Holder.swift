import Basics
import Glibc

extension LakeLock {
  /// Who holds a lock.
  public struct Holder: Hashable, Sendable {
    public let process: Int
    public let command: String
    /// When it was taken, UTC.
    public let since: String
    /// The machine's name; nil in a file that an older program wrote.
    public let host: String?
    /// What tells one start of a machine's system from all others; containers share it.
    let boot: String?
    /// What tells the processes of one container from those of others.
    let namespace: String?
    /// Grows while the holder is alive.
    let beat: String?

    /// This process.
    init(command: String, since: String) {
      process = Int(getpid())
      self.command = command
      self.since = since
      host = hostName()
      boot = Holder.thisBoot
      namespace = Holder.thisNamespace
      beat = nil
    }

    /// The holder that an open file names; nil where it names none.
    init?(in descriptor: Int32) {
      var buffer = [UInt8](repeating: 0, count: 65_536)
      let count = pread(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      self.init(Array(buffer[..<count]))
    }

    /// The holder that a text of JSON names; nil where it names none.
    init?(_ bytes: [UInt8]) {
      guard let json = try? JSON(parsing: bytes), let process = json["process"]?.int,
        let command = json["command"]?.string,
        let since = json["since"]?.string
      else { return nil }
      self.process = Int(process)
      self.command = command
      self.since = since
      host = json["host"]?.string
      boot = json["boot"]?.string
      namespace = json["namespace"]?.string
      beat = json["beat"]?.string
    }

    func json(beat: Int) -> JSON {
      [
        "process": .int(process), "command": .string(command), "since": .string(since),
        "host": .optional(host), "boot": .optional(boot), "namespace": .optional(namespace),
        "beat": .string(Holder.digits(beat)),
      ]
    }

    /// Ten digits, so that the file keeps its length.
    private static func digits(_ beat: Int) -> String {
      let text = String(beat)
      return String(repeating: "0", count: max(0, 10 - text.utf8.count)) + text
    }

    private static let thisBoot = systemFile("/proc/sys/kernel/random/boot_id").map {
      String(decoding: $0.dropLast(), as: UTF8.self)
    }

    private static let thisNamespace: String? = {
      var buffer = [CChar](repeating: 0, count: 256)
      let count = readlink("/proc/self/ns/pid", &buffer, buffer.count)
      guard count > 0 else { return nil }
      return String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }()

    /// True if the holder was a process of this machine, and is gone.
    var isDead: Bool {
      guard let boot, boot == Holder.thisBoot, let namespace, namespace == Holder.thisNamespace,
        let process = pid_t(exactly: process)
      else { return false }
      return kill(process, 0) != 0 && errno == ESRCH
    }

    /// True if the holder was on another machine, whose locks this one may not see.
    ///
    /// One that was on this machine is gone once the lock can be had, also where the machine was
    /// started anew since then.
    var isElsewhere: Bool {
      guard let host, let boot, let thisBoot = Holder.thisBoot else { return false }
      return boot != thisBoot && host != hostName()
    }
  }

  /// A thread that does something every few seconds until it is stopped.
  final class Heart: Sendable {
    /// Seconds between two beats.
    private static let period: Int32 = 4

    /// The two ends of a pipe; once the second is closed, the thread ends.
    private let wake: Int32
    private let end: Int32
    private let thread: WorkerThread?

    /// - Parameter beat: is given 1, 2, 3 and so on.
    init?(_ beat: @escaping @Sendable (Int) -> Void) {
      var ends: [Int32] = [0, 0]
      guard pipe(&ends) == 0 else { return nil }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      let wake = ends[0]
      self.wake = wake
      end = ends[1]
      thread = WorkerThread {
        var count = 0
        while true {
          var event = pollfd(fd: wake, events: 0, revents: 0)
          let ready = poll(&event, 1, Heart.period * 1000)
          if ready > 0 { return }
          if ready < 0 { continue }
          count += 1
          beat(count)
        }
      }
    }

    /// Ends the thread.
    func stop() {
      close(end)
      thread?.join()
      close(wake)
    }
  }
}

extension LakeLock.Holder: CustomStringConvertible {
  /// `process 12 ('podium run', since 2025-03-01T02:00:00Z)`, with the host where it is another.
  public var description: String {
    let place = host.map { $0 == hostName() ? "" : " on \(printable($0))" } ?? ""
    return "process \(process)\(place) ('\(printable(command))', since \(printable(since)))"
  }
}
