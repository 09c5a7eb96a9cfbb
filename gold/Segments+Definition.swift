import Podium
import Silver

extension Gold {
  /// Numbers that define the segments of members; each stands here once.
  public enum Segment {
    /// Fewer attended classes than this in the calendar month are few.
    public static let fewAttended = 2
    /// Days of tenure up to which a member is new, included.
    public static let newDays = 30
    /// Days since the last visit from which a member is at risk, included.
    public static let atRiskFrom = 21
    /// Days since the last visit up to which a member is at risk, included.
    public static let atRiskTo = 60
    /// Days since the end of the membership from which somebody may be won back, included.
    public static let winBackFrom = 30
    /// Days since the end of the membership up to which somebody may be won back, included.
    public static let winBackTo = 180
    /// Visits in each of some months that make a member loyal.
    public static let loyalVisits = 8
    /// How many full months those are.
    public static let loyalMonths = 3

    /// The segments in the order in which they are tried; the first that fits counts.
    public static let names = [
      "few_visits", "new", "at_risk", "win_back", "loyal", "regular",
    ]
  }
}
