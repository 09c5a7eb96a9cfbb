import Bronze
import Podium

extension Silver {
  /// One row per membership that begins before an older one of the member has ended.
  public static let membershipOverlaps = Table(
    "silver.membership_overlaps",
    about: "One row per membership that runs on the same days as an older one of the member.",
    columns: [
      .string("membership_id", "The later membership."),
      .string("overlaps_with", "The membership it overlaps, the first of several."),
      .string("member_id", "The member."),
      .date("overlap_from", "First day that both cover."),
    ],
    key: ["membership_id"],
    write: .derived(by: .whole),
    query: """
      SELECT
        later.membership_id,
        min(earlier.membership_id) AS overlaps_with,
        min(later.member_id) AS member_id,
        min(later.start_date) AS overlap_from
      FROM \(Silver.memberships) AS later
      JOIN \(Silver.memberships) AS earlier
        ON later.member_id = earlier.member_id
        AND (earlier.start_date < later.start_date
          OR earlier.start_date = later.start_date
            AND earlier.membership_id < later.membership_id)
        AND (earlier.end_date IS NULL OR earlier.end_date >= later.start_date)
      WHERE later.end_date IS NULL OR later.end_date >= later.start_date
      GROUP BY later.membership_id
      """)

  /// One row per stay of a member: memberships that follow each other without a long gap.
  ///
  /// This is what joining and leaving mean. A stay goes on while a membership begins at most
  /// `Definition.graceDays` days after the last one of those begun before it has ended; so a change of
  /// plan is no leaving. Who has left and begins again later has another stay. A membership that ends
  /// before it starts counts as one of its first day.
  public static let memberStays = Table(
    "silver.member_stays",
    about: """
      One row per stay of a member: memberships of which each begins at most \
      \(Definition.graceDays) days after those before it have ended.
      """,
    columns: [
      .string("member_id", "The member."),
      .int("stay", "The member's stays counted from 1; the first begins with joining."),
      .date("start_date", "First day of its first membership."),
      .date(
        "end_date", "Last day of its last membership, included; empty while one is open.",
        nullable: true),
      .int("memberships", "Memberships in it."),
      .string(
        "first_plan", "Plan of the membership that began first; of several the least id."),
      .string(
        "last_plan", "Plan of the membership that ends last; of several the one begun last."),
    ],
    key: ["member_id", "stay"],
    write: .derived(by: .key("member_id")),
    expect: [
      .row("it ends after it starts", "end_date IS NULL OR end_date >= start_date", else: .stop)
    ],
    query: """
      WITH begun AS (
        SELECT
          member_id, membership_id, plan, start_date,
          greatest(start_date, coalesce(end_date, DATE '9999-12-31')) AS end_date
        FROM \(Silver.memberships)
      ),
      ordered AS (
        SELECT
          member_id, membership_id, plan, start_date, end_date,
          max(end_date) OVER (
            PARTITION BY member_id
            ORDER BY start_date ASC NULLS LAST, membership_id ASC NULLS LAST
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
          ) AS ended_before
        FROM begun
      ),
      numbered AS (
        SELECT
          member_id, membership_id, plan, start_date, end_date,
          CAST(SUM(
            CASE WHEN start_date <= ended_before + \(Definition.graceDays) THEN 0 ELSE 1 END
          ) OVER (
            PARTITION BY member_id
            ORDER BY start_date ASC NULLS LAST, membership_id ASC NULLS LAST
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
          ) AS BIGINT) AS stay
        FROM ordered
      ),
      placed AS (
        SELECT
          member_id, stay, plan, start_date, end_date,
          ROW_NUMBER() OVER (
            PARTITION BY member_id, stay
            ORDER BY start_date ASC NULLS LAST, membership_id ASC NULLS LAST
          ) AS from_first,
          ROW_NUMBER() OVER (
            PARTITION BY member_id, stay
            ORDER BY end_date DESC NULLS LAST, start_date DESC NULLS LAST,
              membership_id DESC NULLS LAST
          ) AS from_last
        FROM numbered
      )
      SELECT
        member_id, stay,
        min(start_date) AS start_date,
        nullif(max(end_date), DATE '9999-12-31') AS end_date,
        COUNT(*) AS memberships,
        max(CASE WHEN from_first = 1 THEN plan END) AS first_plan,
        max(CASE WHEN from_last = 1 THEN plan END) AS last_plan
      FROM placed
      GROUP BY member_id, stay
      """)

  /// One row per membership that any source names.
  public static let dimMemberships = Table(
    "silver.dim_memberships",
    about:
      "One row per membership that memberships or charges name, inferred where only charges do.",
    columns: [
      .string("membership_id", "The membership."),
      .string("member_id", "The member; of an inferred one, who pays, the least id of several."),
      .string("plan", "basic, plus, elite or student; unknown of an inferred one."),
      .string("billing_cycle", "monthly, quarterly or annual; unknown of an inferred one."),
      .decimal(
        "monthly_price", "Price by the month, USD; none of an inferred one.", nullable: true),
      .string("status", "active, frozen or cancelled; unknown of an inferred one."),
      .date("start_date", "First day; none of an inferred one.", nullable: true),
      .date(
        "end_date", "Last day, included; empty while it is open or inferred.", nullable: true),
      .bool(
        "is_inferred", "True while only charges name it; the row is completed when it arrives."),
    ],
    key: ["membership_id"],
    write: .derived(by: .key("membership_id")),
    query: """
      SELECT
        membership_id, member_id, plan, billing_cycle, monthly_price, status, start_date, end_date,
        false AS is_inferred
      FROM \(Silver.memberships)
      UNION ALL
      SELECT
        b.membership_id, min(b.member_id), 'unknown', 'unknown', CAST(NULL AS DECIMAL(18, 2)),
        'unknown', CAST(NULL AS DATE), CAST(NULL AS DATE), true
      FROM \(Silver.billing) AS b
      ANTI JOIN \(Silver.memberships) AS m ON b.membership_id = m.membership_id
      WHERE b.membership_id IS NOT NULL
      GROUP BY b.membership_id
      """)
}
