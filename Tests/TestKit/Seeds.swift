import Basics

/// The seeds of a property test.
public enum Seeds {
  /// So many seeds from 1 on; others where `PODIUM_SEEDS` names them, as `7`, `1-1000`, or `x10` for
  /// ten times as many.
  public static func first(_ count: UInt64) -> ClosedRange<UInt64> {
    let text = environment("PODIUM_SEEDS") ?? ""
    if text.hasPrefix("x"), let times = UInt64(text.dropFirst()), (1...100_000).contains(times) {
      return 1...count * times
    }
    let bounds = text.split(separator: "-").compactMap { UInt64($0) }
    guard let low = bounds.first, let high = bounds.last, low <= high else { return 1...count }
    return low...high
  }

  /// The same in blocks of at most so many, for tests that take many seeds at once.
  public static func blocks(_ count: UInt64, of size: UInt64) -> [ClosedRange<UInt64>] {
    let all = first(count)
    return stride(from: all.lowerBound, through: all.upperBound, by: Int(size)).map { low in
      low...min(all.upperBound, low + (size - 1))
    }
  }
}
