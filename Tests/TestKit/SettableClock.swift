import Basics
import Synchronization

/// A clock that goes on by a second with each look at it, until somebody sets it.
public final class SettableClock: Sendable {
  private let seconds: Atomic<Int64>

  /// - Parameter seconds: where it begins, in seconds since 1970.
  public init(_ seconds: Int64 = 1_740_787_200) { self.seconds = Atomic(seconds) }

  public var clock: Clock {
    Clock { [self] in
      Timestamp(microseconds: seconds.wrappingAdd(1, ordering: .relaxed).newValue * 1_000_000)
    }
  }

  /// Sets it forward, or back where that is negative.
  public func move(days: Int64) { move(seconds: days * 86_400) }

  /// Sets it forward, or back where that is negative.
  public func move(seconds: Int64) { self.seconds.wrappingAdd(seconds, ordering: .relaxed) }
}
