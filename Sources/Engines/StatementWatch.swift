import Basics

/// Waits for a call that may never return, since a server that is cut off says nothing.
///
/// The call runs on a thread of its own. Where it takes long, the server has to show that it lives; a call
/// that is given up keeps its thread until the process ends.
struct StatementWatch {
  /// Seconds that the call may take.
  let limit: Double
  /// Seconds after which, and at which distance, a sign of life is wanted.
  let patience: Double

  /// - Parameters:
  ///   - isAlive: true if the server shows that it lives.
  ///   - body: the call.
  func run<Output: Sendable>(
    of address: SparkAddress, isAlive: () -> Bool,
    _ body: @escaping @Sendable () throws(EngineError) -> Output
  ) throws(EngineError) -> Output {
    let outcome = Monitor<Result<Output, EngineError>?>(nil)
    let thread = WorkerThread {
      let result: Result<Output, EngineError>
      do throws(EngineError) { result = .success(try body()) } catch { result = .failure(error) }
      outcome.withLock { $0 = result }
    }
    guard let thread else {
      throw EngineError(.outOfMemory, "the system gave no thread for a statement")
    }
    thread.detach()
    let start = monotonicSeconds()
    while true {
      let left = limit - (monotonicSeconds() - start)
      if let result = outcome.wait(seconds: min(left, patience), { $0 }) {
        do throws(EngineError) { return try result.get() } catch { throw error.told(of: address) }
      }
      guard monotonicSeconds() - start < limit else {
        throw EngineError(
          .timedOut,
          "the server at \(address) did not end a statement within \(words(limit))")
      }
      guard isAlive() else {
        throw EngineError(
          .serverLost, "the server at \(address) gives no answer any more")
      }
    }
  }

  private func words(_ seconds: Double) -> String {
    let whole = Int64(seconds.rounded())
    return whole % 3_600 == 0 && whole > 0
      ? counted(whole / 3_600, "hour")
      : whole % 60 == 0 && whole > 0 ? counted(whole / 60, "minute") : counted(whole, "second")
  }
}
