import Glibc

/// Bytes on their way to a file descriptor, or into memory, collected so that few calls are made.
///
/// One thread uses it at a time. An error is final: every later call throws it again. What is left
/// in the buffer goes out when the stream is released, but only `flush` tells whether it arrived.
public final class OutputStream {
  private enum Sink {
    case descriptor(Int32)
    case memory
  }

  /// What the stream leads to, as errors call it.
  public let name: String
  private let sink: Sink
  private let capacity: Int
  private var buffer: [UInt8] = []
  private var failure: OutputError?

  /// A stream to an open descriptor, which stays open.
  ///
  /// From the first such stream on, the process ignores the signal SIGPIPE: a reader that goes away
  /// is the error `readerGone`.
  public init(descriptor: Int32, name: String, capacity: Int = 65_536) {
    _ = OutputStream.ignoresBrokenPipes
    sink = .descriptor(descriptor)
    self.name = name
    self.capacity = max(1, capacity)
    buffer.reserveCapacity(self.capacity + 4096)
  }

  private init() {
    sink = .memory
    name = "memory"
    capacity = .max
  }

  deinit { try? flush() }

  private static let ignoresBrokenPipes: Void = {
    _ = signal(SIGPIPE, SIG_IGN)
  }()

  /// A new stream to the process's standard output.
  public static func standardOutput() -> OutputStream {
    OutputStream(descriptor: 1, name: "standard output")
  }

  /// A new stream to the process's standard error.
  public static func standardError() -> OutputStream {
    OutputStream(descriptor: 2, name: "standard error")
  }

  /// A stream that keeps everything; read it with `bytes` or `text`.
  public static func memory() -> OutputStream { OutputStream() }

  /// What has not been handed on; for a stream into memory, all that was written.
  public var bytes: [UInt8] { buffer }

  /// `bytes` as text.
  public var text: String { String(decoding: buffer, as: UTF8.self) }

  public func write(_ text: String) throws(OutputError) {
    try write { $0.append(contentsOf: text.utf8) }
  }

  public func write(_ bytes: [UInt8]) throws(OutputError) {
    try write { $0.append(contentsOf: bytes) }
  }

  /// Lets `body` add bytes at the end of the buffer.
  public func write(_ body: (inout [UInt8]) -> Void) throws(OutputError) {
    if let failure { throw failure }
    body(&buffer)
    if buffer.count >= capacity { try flush() }
  }

  /// Hands everything on to the descriptor.
  public func flush() throws(OutputError) {
    if let failure { throw failure }
    guard case .descriptor(let descriptor) = sink else { return }
    let error = buffer.withUnsafeBytes { put($0, to: descriptor) }
    buffer.removeAll(keepingCapacity: true)
    guard error != 0 else { return }
    let failure = OutputError(errno: error, target: name)
    self.failure = failure
    throw failure
  }

  /// Writes all bytes; 0, or the number of the error.
  private func put(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
    var done = 0
    while done < bytes.count, let base = bytes.baseAddress {
      let count = Glibc.write(descriptor, base + done, bytes.count - done)
      if count >= 0 {
        done += count
      } else if errno == EAGAIN {
        // The descriptor was made non-blocking by whoever shares it.
        var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&ready, 1, -1)
      } else if errno != EINTR {
        return errno
      }
    }
    return 0
  }
}

/// Why output could not be written.
public enum OutputError: Error, Hashable, Sendable {
  /// Whoever read the output has gone, as `head` does after its lines; no reason for words.
  case readerGone(String)
  /// There is no room left on the disk, or for this user.
  case diskFull(String)
  /// Anything else, with the system's number.
  case failed(String, errno: Int32)

  init(errno: Int32, target: String) {
    switch errno {
    case EPIPE: self = .readerGone(target)
    case ENOSPC, EDQUOT, EFBIG: self = .diskFull(target)
    default: self = .failed(target, errno: errno)
    }
  }
}

extension OutputError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .readerGone(let target): "The reader of \(target) has gone."
    case .diskFull(let target):
      "There is no room left for \(target), and what is there is incomplete. "
        + "Make room and run the command again."
    case .failed(let target, let number):
      "Could not write to \(target): \(strerror(number).map { String(cString: $0) } ?? "") "
        + "(errno \(number))."
    }
  }
}
