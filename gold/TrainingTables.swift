import Podium

extension Gold {
  /// Clubs by the hour, machines, workouts and trackers.
  public static let trainingTables: [Table] = [
    workoutHeartRate, personalProgress, gymSummary, gymSummaryDaily, facilityUsageByHour,
    equipmentUsageByHour, equipmentMaintenance, demandByHour, facilityDemand, staffing,
    weeklyTrends, dimUser, dimActivity,
  ]

  /// Numbers that define what tables of training mean; each stands here once.
  public enum Training {
    /// Weeks over which demand is measured.
    public static let weeksOfDemand = 8
    /// Minutes that a visit without a logout counts.
    public static let minutesWithoutLogout = 60
    /// Minutes that a visit counts at most, whenever its logout was.
    public static let longestVisit = 1440
    /// Visits at once for which one of the staff is needed.
    public static let visitsByStaff = 25
    /// Days by which the pace of a machine's use is told.
    public static let daysOfPace = 28
    /// Days ahead that a service date is told at most.
    public static let longestForecast = 3650
    /// Steps a day from which somebody is low, somewhat, just and highly active (Tudor-Locke and Bassett,
    /// 2004).
    public static let lowActive = 5000
    public static let somewhatActive = 7500
    public static let active = 10_000
    public static let highlyActive = 12_500
  }
}
