import Podium

/// Raw rows, one table for each folder of the landing zone.
public enum Bronze {
  /// All bronze tables of the gym.
  public static let tables: [Table] = [
    members, memberships, cancellations, billing, schedule, classAttendance, gymVisits,
    facilityUsage, retail, dailyActivity, leads, registrations, equipmentUsage, appEvents,
    classFeedback, workouts, heartRate,
  ]
}
