import Basics
import Glibc
import Synchronization

/// The signals by which people and systems ask a process to end: Ctrl-C, `kill`, a terminal that is
/// closed.
///
/// From its making on they do not end the process by themselves: a thread waits for them, has done what
/// was last asked for, and ends the process with 128 and the signal's number. What was asked for may have
/// to wait for a server: after some seconds, or with a second signal, the process ends without it.
final class StopSignals: Sendable {
  private let action = Mutex<@Sendable (Int32) -> Void>({ _ in })

  /// Seconds that what is done before the end may take.
  private static let patience = 10

  /// Takes the signals over, before the process starts other threads.
  ///
  /// A signal that whoever started the process had it ignore stays ignored.
  init() {
    let wanted = [SIGINT, SIGTERM, SIGHUP].filter { !StopSignals.isIgnored($0) }
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in wanted { sigaddset(&signals, signal) }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    guard !wanted.isEmpty else { return }
    let set = signals
    let thread = WorkerThread { [self] in
      var set = set
      var signal: Int32 = 0
      while sigwait(&set, &signal) != 0 {}
      let code = 128 + signal
      let work = WorkerThread { [self, signal] in
        action.withLock { $0(signal) }
        _exit(code)
      }
      if work == nil { action.withLock { $0(signal) } }
      var patience = timespec(tv_sec: StopSignals.patience, tv_nsec: 0)
      sigtimedwait(&set, nil, &patience)
      _exit(code)
    }
    // Without a thread that waits for them they do what they always did.
    if thread == nil { pthread_sigmask(SIG_UNBLOCK, &signals, nil) }
  }

  /// What is done before the process ends, from here on.
  func beforeEnd(_ action: @escaping @Sendable (Int32) -> Void) {
    self.action.withLock { $0 = action }
  }

  private static func isIgnored(_ signal: Int32) -> Bool {
    var present = sigaction()
    guard sigaction(signal, nil, &present) == 0 else { return false }
    let handler = unsafeBitCast(present.__sigaction_handler.sa_handler, to: Int.self)
    return handler == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
