import Glibc

/// State that several threads share, with a way to wait until it has changed.
///
/// Only for threads that may block: never wait on Swift's cooperative pool.
public final class Monitor<State: Sendable>: @unchecked Sendable {
  private var state: State
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  public init(_ state: State) {
    self.state = state
    mutex.initialize(to: pthread_mutex_t())
    changed.initialize(to: pthread_cond_t())
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(changed, nil)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(mutex)
    changed.deallocate()
    mutex.deallocate()
  }

  /// Changes the state and wakes those who wait for it.
  public func withLock<Output>(_ change: (inout State) -> Output) -> Output {
    pthread_mutex_lock(mutex)
    defer {
      pthread_cond_broadcast(changed)
      pthread_mutex_unlock(mutex)
    }
    return change(&state)
  }

  /// Waits until `attempt` answers a value, which it may take out of the state.
  ///
  /// It is asked at once and again after every change.
  public func wait<Output>(_ attempt: (inout State) -> Output?) -> Output {
    pthread_mutex_lock(mutex)
    defer {
      pthread_cond_broadcast(changed)
      pthread_mutex_unlock(mutex)
    }
    while true {
      if let output = attempt(&state) { return output }
      pthread_cond_wait(changed, mutex)
    }
  }
}

extension Monitor {
  /// The same for so many seconds at most; nil where no attempt answered a value in that time.
  public func wait<Output>(seconds: Double, _ attempt: (inout State) -> Output?) -> Output? {
    var until = timespec()
    clock_gettime(CLOCK_REALTIME, &until)
    let end = Double(until.tv_sec) + Double(until.tv_nsec) / 1e9 + min(max(0, seconds), 1e8)
    until.tv_sec = Int(end)
    until.tv_nsec = Int((end - end.rounded(.down)) * 1e9)
    pthread_mutex_lock(mutex)
    defer {
      pthread_cond_broadcast(changed)
      pthread_mutex_unlock(mutex)
    }
    while true {
      if let output = attempt(&state) { return output }
      guard pthread_cond_timedwait(changed, mutex, &until) == 0 else { return attempt(&state) }
    }
  }
}

/// A thread of the operating system that runs one closure.
public struct WorkerThread: Sendable {
  private let thread: pthread_t

  /// Starts the thread; nil where the system has none left.
  public init?(_ body: @escaping @Sendable () -> Void) {
    final class Body: Sendable {
      let run: @Sendable () -> Void
      init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
    var thread = pthread_t()
    let body = Unmanaged.passRetained(Body(body))
    let failed = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, body.toOpaque())
    guard failed == 0 else {
      body.release()
      return nil
    }
    self.thread = thread
  }

  /// Lets the thread end unseen; to be called once, instead of `join`.
  public func detach() { pthread_detach(thread) }

  /// Waits until the closure has returned; to be called once.
  public func join() { pthread_join(thread, nil) }
}
