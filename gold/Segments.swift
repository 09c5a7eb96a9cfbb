import Podium
import Silver

extension Gold {
  /// The segment of each member, by which campaigns are made; the first that fits counts.
  ///
  /// `few_visits`: fewer than `Segment.fewAttended` attended classes in the calendar month, and half or
  /// more of the attended classes of 90 days, of which there is one at least, with one instructor.
  /// `new`: tenure of at most `newDays`. `at_risk`: the last visit `atRiskFrom` to `atRiskTo` days ago.
  /// `win_back`: the last membership ended `winBackFrom` to `winBackTo` days ago. `loyal`: at least
  /// `loyalVisits` visits in each of the `loyalMonths` calendar months before that of the business
  /// date. `regular`: all others. All bounds are included.
  public static let memberSegments = Table(
    "gold.member_segments",
    about: "One row per business date and person with a profile: the segment for campaigns.",
    columns: [
      .date("as_of", "The business date up to which the table looks."),
      .string("member_id", "The member: the oldest id of the person."),
      .string(
        "segment",
        "few_visits, new, at_risk, win_back, loyal or regular; the first that fits in this order."),
      .bool("is_member", "True if a stay as a member covers the business date."),
      .date(
        "ended_on", "Last day of the last stay as a member, once it has passed.", nullable: true),
      .int("loyal_months", "Of the three calendar months before, those with 8 visits or more."),
    ],
    key: ["as_of", "member_id"],
    write: .derived(by: .partition("as_of")),
    partitionedBy: ["as_of"],
    expect: [.oneOf("segment", Segment.names, else: .stop)],
    query: """
      WITH stays AS (
        SELECT
          i.user_id,
          max(CASE WHEN s.end_date IS NULL OR s.end_date >= \(.asOf) THEN 1 ELSE 0 END) AS stays_on,
          max(s.end_date) AS ended_on
        FROM \(Silver.memberStays) AS s
        JOIN \(Silver.memberIDs) AS i ON s.member_id = i.member_id
        WHERE s.start_date <= \(.asOf)
        GROUP BY i.user_id
      ),
      months AS (
        SELECT user_id, COUNT(*) AS loyal_months
        FROM (
          SELECT i.user_id, CAST(date_trunc('month', d.activity_date) AS DATE) AS month
          FROM \(Silver.memberDays) AS d
          JOIN \(Silver.memberIDs) AS i ON d.member_id = i.member_id
          WHERE d.activity_date < CAST(date_trunc('month', \(.asOf)) AS DATE)
            AND d.activity_date
              >= add_months(CAST(date_trunc('month', \(.asOf)) AS DATE), -\(Segment.loyalMonths))
          GROUP BY 1, 2
          HAVING CAST(SUM(d.visits) AS BIGINT) >= \(Segment.loyalVisits)
        ) AS busy
        GROUP BY user_id
      ),
      judged AS (
        SELECT
          e.member_id, e.tenure_days, e.attended_month, e.attended_90d,
          e.favourite_instructor_attended, e.days_since_last_visit,
          coalesce(s.stays_on = 1, false) AS is_member,
          CASE WHEN s.stays_on = 0 THEN s.ended_on END AS ended_on,
          coalesce(m.loyal_months, 0) AS loyal_months
        FROM \(Gold.memberEngagement) AS e
        LEFT JOIN stays AS s ON e.member_id = s.user_id
        LEFT JOIN months AS m ON e.member_id = m.user_id
        WHERE e.as_of = \(.asOf)
      )
      SELECT
        \(.asOf) AS as_of,
        member_id,
        CASE
          WHEN attended_month < \(Segment.fewAttended) AND attended_90d > 0
            AND favourite_instructor_attended * 2 >= attended_90d THEN 'few_visits'
          WHEN tenure_days <= \(Segment.newDays) THEN 'new'
          WHEN days_since_last_visit BETWEEN \(Segment.atRiskFrom) AND \(Segment.atRiskTo)
            THEN 'at_risk'
          WHEN CAST(\(.asOf) - ended_on AS INT)
            BETWEEN \(Segment.winBackFrom) AND \(Segment.winBackTo) THEN 'win_back'
          WHEN loyal_months = \(Segment.loyalMonths) THEN 'loyal'
          ELSE 'regular'
        END AS segment,
        is_member, ended_on, loyal_months
      FROM judged
      """)
}
