import Podium

/// Tables over public data sets: a tracker's export, a door's log, class bookings and two lists of
/// gym members.
///
/// The sources know nothing of each other.
public enum OpenData {
  /// All tables.
  public static let tables: [Table] = [
    Bronze.dailyActivity, Bronze.sleep, Bronze.weights, Bronze.hourlySteps, Bronze.hourlyCalories,
    Bronze.hourlyIntensities, Bronze.minuteSteps, Bronze.heartRates, Bronze.bookings,
    Bronze.swipes, Bronze.workoutMembers, Bronze.churnMembers,
    Silver.dailyActivity, Silver.sleep, Silver.weights, Silver.hourlySteps, Silver.hourlyCalories,
    Silver.hourlyIntensities, Silver.minuteSteps, Silver.heartRates, Silver.bookings,
    Silver.swipes, Silver.workoutMembers, Silver.churnMembers,
    Gold.factDaily, Gold.factHourly, Gold.dimUser, Gold.dimActivity, Gold.heartRateByMinute,
    Gold.attendanceByCategory, Gold.swipesByHour, Gold.workoutTypes, Gold.churnByContract,
  ]

  /// Rows as the sources send them.
  public enum Bronze {}
  /// Typed and cleaned rows.
  public enum Silver {}
  /// Tables to ask.
  public enum Gold {}
}
