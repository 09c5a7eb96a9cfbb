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

  /// Waits until the closure has returned; to be called once.
  public func join() { pthread_join(thread, nil) }
}
