import Podium

/// Typed, cleaned and merged rows.
public enum Silver {
  /// All silver tables of the gym.
  public static let tables: [Table] =
    [
      members, memberPII, memberMatches, memberships, membershipOverlaps, cancellations, billing,
      classes, locations, instructors, instructorPII, classBookings, classAttendance, gymVisits,
      facilityUsage, retailSales, dailyActivity,
    ] + moneyTables + peopleTables + trainingTables

  /// Tables about money and who pays it.
  static let moneyTables: [Table] = [
    membershipHistory, memberStays, dimMemberships, chargeOutcomes, factTransactions,
  ]

  /// A rule for an amount of money that nobody pays by mistake: 0 to 100,000.
  static func amount(
    _ column: String, file: StaticString = #filePath, line: UInt = #line
  ) -> Expectation {
    .range(column, from: 0, to: 100_000, else: .quarantine, file: file, line: line)
  }
}
