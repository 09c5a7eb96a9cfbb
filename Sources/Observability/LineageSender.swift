import Basics
import Glibc
import Networking
import Storage

/// Sends events one after the other on a thread of its own, so that a run never waits for them.
///
/// After the first event that a receiver did not take, nothing more is sent.
final class LineageSender: Sendable {
  private struct State: Sendable {
    var waiting: [JSON] = []
    var isClosed = false
    var deadline = Double.infinity
    var sent = 0
    var lost = 0
    var failure: String?
  }

  /// What became of the events.
  struct Outcome: Sendable {
    let sent: Int
    let lost: Int
    /// Why some were lost; nil where none was.
    let failure: String?
  }

  private let target: LineageTarget
  private let state = Monitor(State())
  private let client = HTTPClient(
    HTTPClient.Configuration(
      retries: RetryPolicy(attempts: 2, firstPause: 0.2, longestPause: 1, deadline: 3)))

  init(_ target: LineageTarget) { self.target = target }

  /// Starts the thread; to be called once.
  func start() -> WorkerThread? { WorkerThread { self.work() } }

  /// Lets an event go when its turn comes.
  func send(_ event: JSON) { state.withLock { $0.waiting.append(event) } }

  /// Waits until all has been sent, for some seconds at most.
  func finish(_ thread: WorkerThread?, within seconds: Double) -> Outcome {
    let deadline = monotonicSeconds() + seconds
    state.withLock { state in
      state.isClosed = true
      state.deadline = deadline
    }
    thread?.join()
    return state.withLock {
      Outcome(sent: $0.sent, lost: $0.lost + $0.waiting.count, failure: $0.failure)
    }
  }

  private func work() {
    while true {
      let next: (event: JSON?, isLate: Bool) = state.wait { state in
        if state.waiting.isEmpty { return state.isClosed ? (nil, false) : nil }
        let isLate = state.failure != nil || monotonicSeconds() > state.deadline
        return (state.waiting.removeFirst(), isLate)
      }
      guard let event = next.event else { return }
      if next.isLate {
        state.withLock { state in
          state.lost += 1
          state.failure = state.failure ?? "the receiver is too slow"
        }
        continue
      }
      let failure = deliver(event)
      state.withLock { state in
        if failure == nil { state.sent += 1 } else { state.lost += 1 }
        state.failure = state.failure ?? failure
      }
    }
  }

  /// Delivers one event; why not, where it did not arrive.
  private func deliver(_ event: JSON) -> String? {
    switch target {
    case .file(let path):
      do {
        try appendLine(event.text, to: path)
        return nil
      } catch { return "\(error)" }
    case .web(let url, let key):
      var headers = [HTTPHeader("Content-Type", "application/json")]
      if let key { headers.append(HTTPHeader("Authorization", "Bearer \(key)")) }
      let request = HTTPRequest(
        "POST", url, headers: headers, body: .bytes(Array(event.text.utf8)),
        timeouts: NetworkTimeouts(connect: 2, stall: 3, total: 3), isRepeatable: true)
      do throws(NetworkError) {
        let response = try client.send(request)
        return response.isSuccess ? nil : "\(NetworkError(answer: response, from: url))"
      } catch { return "\(error)" }
    }
  }
}

/// Adds a line at the end of a file, which is made where it is missing.
func appendLine(_ line: String, to path: String) throws(StorageError) {
  let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
  guard descriptor >= 0 else {
    throw StorageError(.failed, .write, path, detail: String(cString: strerror(errno)))
  }
  defer { close(descriptor) }
  var bytes = Array(line.utf8)
  bytes.append(0x0A)
  // In one piece, so that lines of several processes do not mix.
  let put = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
  guard put == bytes.count else {
    throw StorageError(.failed, .write, path, detail: String(cString: strerror(errno)))
  }
}
