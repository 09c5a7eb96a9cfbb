import Podium

extension Silver {
  /// Numbers that define what tables mean; each stands here once.
  public enum Definition {
    /// Days after the end of a member's last membership within which the next one has to begin; who
    /// begins none by then has left, on the last day of the membership.
    public static let graceDays = 30
  }
}
