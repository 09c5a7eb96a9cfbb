import Podium

/// Tables that people ask.
public enum Gold {
  /// All gold tables of the gym.
  public static let tables: [Table] = [
    dailyActiveMembers, revenueByProduct, revenueByClassType, customerLTV, churnCohorts,
    topInstructors, attendanceRates, factDaily,
  ]
}
