import Podium

extension Gold {
  /// Numbers that define what tables mean; each stands here once.
  public enum Definition {
    /// Months ahead that a projection of a member's value looks at most.
    public static let longestProjection = 60
    /// Baskets that must hold two articles together before the pair is told.
    public static let leastBasketsOfPair = 5
  }
}
