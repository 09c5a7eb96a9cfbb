import Podium

/// Tables that people ask.
public enum Gold {
  /// All gold tables of the gym.
  public static let tables: [Table] =
    [
      dailyActiveMembers, revenueByProduct, revenueByClassType, customerLTV, churnCohorts,
      topInstructors, attendanceRates, factDaily,
    ] + moneyTables + peopleTables + trainingTables

  /// Tables about money and who pays it.
  static let moneyTables: [Table] = [
    mrrByPlanAndLocation, mrr, mrrByPlan, mrrByLocation, membershipMovements, revenueByLocation,
    paymentFailures, memberBalances, customerLTVProjection, cancellationReasons,
    cancellationsByPlan, baskets, productSalesWeekly, basketPairs, productAffinity,
  ]
}
