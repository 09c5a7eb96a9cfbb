import Glibc

/// How often and when a request that failed for a passing reason is tried again.
///
/// The pause before each attempt is a random part of an upper bound that doubles each time ("full
/// jitter"), so that many clients do not come back at the same moment.
public struct RetryPolicy: Hashable, Sendable {
  /// Attempts in all.
  public var attempts: Int
  /// The upper bound of the first pause, in seconds.
  public var firstPause: Double
  /// No pause is longer, not even one that the server asks for.
  public var longestPause: Double
  /// No attempt begins later than so many seconds after the first.
  public var deadline: Double

  public init(
    attempts: Int = 4, firstPause: Double = 0.5, longestPause: Double = 10, deadline: Double = 60
  ) {
    self.attempts = max(1, attempts)
    self.firstPause = max(0, firstPause)
    self.longestPause = max(0, longestPause)
    self.deadline = max(0, deadline)
  }

  /// One attempt.
  public static let never = RetryPolicy(attempts: 1)

  /// The pause after a number of failed attempts, in seconds.
  /// - Parameters:
  ///   - asked: what the server asked for (`Retry-After`), in seconds.
  ///   - random: 0 to 1.
  func pause(after failed: Int, asked: Double?, random: Double) -> Double {
    let bound = firstPause * Double(1 << min(max(failed - 1, 0), 20))
    return min(longestPause, max(bound * random, asked ?? 0))
  }
}

/// Lets the calling thread sleep.
func pauseThread(_ seconds: Double) {
  guard seconds > 0 else { return }
  usleep(useconds_t(min(seconds, 3600) * 1_000_000))
}
