import Basics

/// The seeds of a property test.
public enum Seeds {
  /// So many seeds from 1 on; others where `PODIUM_SEEDS` names them, as `7` or `1-1000`.
  public static func first(_ count: UInt64) -> ClosedRange<UInt64> {
    let bounds = environment("PODIUM_SEEDS")?.split(separator: "-").compactMap { UInt64($0) } ?? []
    guard let low = bounds.first, let high = bounds.last, low <= high else { return 1...count }
    return low...high
  }
}
