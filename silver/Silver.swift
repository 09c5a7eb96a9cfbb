import Podium

/// Typed, cleaned and merged rows.
public enum Silver {
  /// All silver tables of the gym.
  public static let tables: [Table] = [
    members, memberPII, memberMatches, memberships, membershipOverlaps, cancellations, billing,
    classes, locations, instructors, instructorPII, classBookings, classAttendance, gymVisits,
    facilityUsage, retailSales, dailyActivity,
  ]

  /// A rule for an amount of money that nobody pays by mistake: 0 to 100,000.
  static func amount(
    _ column: String, file: StaticString = #filePath, line: UInt = #line
  ) -> Expectation {
    .row(
      "\(column) is 0 to 100,000", "\(column) BETWEEN 0 AND 100000", else: .quarantine,
      file: file, line: line)
  }

  /// A rule for a column that may be empty: where the source wrote something, it was read.
  ///
  /// The query gives the source's text under the column's name with a `_` in front.
  static func readable(
    _ column: String, else action: Expectation.Action,
    file: StaticString = #filePath, line: UInt = #line
  ) -> Expectation {
    .row(
      "\(column) can be read", "_\(column) IS NULL OR \(column) IS NOT NULL", else: action,
      file: file, line: line)
  }
}
