import Podium

extension Gold {
  /// Monthly recurring revenue of all members, with how it moved.
  ///
  /// `gold.mrr_by_plan_and_location` says what counts.
  public static let mrr = Table(
    "gold.mrr",
    about: "One row per business date and month: MRR and members at its end, and how they moved.",
    columns: [
      .date("as_of", "The business date up to which the table looks."),
      .date("month", "First day of the month."),
    ] + recurringColumns + [
      .int("net", "Joins and returns less leaves.")
    ],
    key: ["as_of", "month"],
    write: .derived(by: .partition("as_of")),
    partitionedBy: ["as_of"],
    expect: recurringRules + [
      .row(
        "movements explain the change of members",
        "members = members_opening + net AND net = joins + returns - leaves", else: .stop)
    ],
    query: """
      SELECT
        as_of, month,
        max(measured_on) AS measured_on,
        CAST(SUM(mrr_opening) AS DECIMAL(18, 2)) AS mrr_opening,
        CAST(SUM(mrr_new) AS DECIMAL(18, 2)) AS mrr_new,
        CAST(SUM(mrr_expansion) AS DECIMAL(18, 2)) AS mrr_expansion,
        CAST(SUM(mrr_contraction) AS DECIMAL(18, 2)) AS mrr_contraction,
        CAST(SUM(mrr_churned) AS DECIMAL(18, 2)) AS mrr_churned,
        CAST(SUM(mrr) AS DECIMAL(18, 2)) AS mrr,
        CAST(SUM(active_memberships) AS BIGINT) AS active_memberships,
        CAST(SUM(frozen_memberships) AS BIGINT) AS frozen_memberships,
        CAST(SUM(members_opening) AS BIGINT) AS members_opening,
        CAST(SUM(joins) AS BIGINT) AS joins,
        CAST(SUM(returns) AS BIGINT) AS returns,
        CAST(SUM(leaves) AS BIGINT) AS leaves,
        CAST(SUM(members) AS BIGINT) AS members,
        CAST(SUM(joins + returns - leaves) AS BIGINT) AS net
      FROM \(Gold.mrrByPlanAndLocation)
      GROUP BY as_of, month
      """)

  /// Monthly recurring revenue by plan.
  public static let mrrByPlan = Table(
    "gold.mrr_by_plan",
    about: "One row per business date, month and plan: MRR and members.",
    columns: [
      .date("as_of", "The business date up to which the table looks."),
      .date("month", "First day of the month."),
      .string("plan", "basic, plus, elite or student; none in a gap between memberships."),
      .date("measured_on", "Last day of the month, or the business date in the month that runs."),
      .decimal("mrr", "Monthly recurring revenue at its end, USD; frozen memberships count 0."),
      .int("active_memberships", "Memberships that run and are not frozen."),
      .int("frozen_memberships", "Memberships that run and are frozen."),
      .int("members", "Members at its end."),
      .int("joins", "Members whose first stay began in the month, by its first plan."),
      .int("leaves", "Members whose stay ended in the month, by its last plan."),
    ],
    key: ["as_of", "month", "plan"],
    write: .derived(by: .partition("as_of")),
    partitionedBy: ["as_of"],
    query: """
      SELECT
        as_of, month, plan,
        max(measured_on) AS measured_on,
        CAST(SUM(mrr) AS DECIMAL(18, 2)) AS mrr,
        CAST(SUM(active_memberships) AS BIGINT) AS active_memberships,
        CAST(SUM(frozen_memberships) AS BIGINT) AS frozen_memberships,
        CAST(SUM(members) AS BIGINT) AS members,
        CAST(SUM(joins) AS BIGINT) AS joins,
        CAST(SUM(leaves) AS BIGINT) AS leaves
      FROM \(Gold.mrrByPlanAndLocation)
      GROUP BY as_of, month, plan
      """)

  /// Monthly recurring revenue by home club.
  public static let mrrByLocation = Table(
    "gold.mrr_by_location",
    about: "One row per business date, month and home club: MRR and members.",
    columns: [
      .date("as_of", "The business date up to which the table looks."),
      .date("month", "First day of the month."),
      .string("location_id", "Home club by the profile as it is now; unknown without one."),
      .date("measured_on", "Last day of the month, or the business date in the month that runs."),
      .decimal("mrr", "Monthly recurring revenue at its end, USD; frozen memberships count 0."),
      .int("active_memberships", "Memberships that run and are not frozen."),
      .int("frozen_memberships", "Memberships that run and are frozen."),
      .int("members", "Members at its end."),
      .int("joins", "Members whose first stay began in the month."),
      .int("leaves", "Members whose stay ended in the month."),
    ],
    key: ["as_of", "month", "location_id"],
    write: .derived(by: .partition("as_of")),
    partitionedBy: ["as_of"],
    query: """
      SELECT
        as_of, month, location_id,
        max(measured_on) AS measured_on,
        CAST(SUM(mrr) AS DECIMAL(18, 2)) AS mrr,
        CAST(SUM(active_memberships) AS BIGINT) AS active_memberships,
        CAST(SUM(frozen_memberships) AS BIGINT) AS frozen_memberships,
        CAST(SUM(members) AS BIGINT) AS members,
        CAST(SUM(joins) AS BIGINT) AS joins,
        CAST(SUM(leaves) AS BIGINT) AS leaves
      FROM \(Gold.mrrByPlanAndLocation)
      GROUP BY as_of, month, location_id
      """)
}
