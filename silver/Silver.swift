import Podium

/// Typed, cleaned and merged rows.
public enum Silver {
  /// All silver tables of the gym.
  public static let tables: [Table] = [
    members, memberPII, memberMatches, memberships, membershipOverlaps, cancellations, billing,
    classes, locations, instructors, instructorPII, classBookings, classAttendance, gymVisits,
    facilityUsage, retailSales, dailyActivity,
  ]
}
