import Bronze
import Podium

extension Silver {
  /// One row per lead in its newest state.
  public static let leads = Table(
    "silver.leads",
    about: "One row per lead, somebody who may become a member, in its newest state.",
    columns: [
      .string("lead_id", "The lead."),
      .string("source", "referral, walk-in, web, partner, or unknown where it was not told."),
      .string("location_id", "The club."),
      .timestamp("created_at", "First word, UTC."),
      .date("trial_start", "First day of the trial, local; empty without one.", nullable: true),
      .date("trial_end", "Last day of the trial, local; empty without one.", nullable: true),
      .string("converted_member_id", "The member that the lead became.", nullable: true),
      .timestamp(
        "converted_at",
        "When the lead was last changed, UTC, once it is a member; empty before that.",
        nullable: true),
      .timestamp("updated_at", "When it reached this state, UTC."),
    ],
    key: ["lead_id"],
    write: .upsert(newestBy: "updated_at"),
    expect: [
      .oneOf("source", ["referral", "walk-in", "web", "partner", "unknown"], else: .warn),
      .readable("trial_start", else: .warn),
      .readable("trial_end", else: .warn),
      .row(
        "a trial ends after it starts",
        "trial_start IS NULL OR trial_end IS NULL OR trial_end >= trial_start", else: .warn),
    ],
    query: """
      SELECT
        lead_id, source, location_id, created_at, trial_start, trial_end, converted_member_id,
        CASE WHEN converted_member_id IS NOT NULL THEN updated_at END AS converted_at,
        updated_at, _trial_start, _trial_end, _file, _line
      FROM (
        SELECT
          \(.text("lead_id")) AS lead_id,
          coalesce(lower(\(.text("source"))), 'unknown') AS source,
          \(.text("location_id")) AS location_id,
          \(.timestamp("created_at")) AS created_at,
          \(.date("trial_start")) AS trial_start,
          \(.date("trial_end")) AS trial_end,
          \(.text("converted_member_id")) AS converted_member_id,
          \(.timestamp("updated_at")) AS updated_at,
          \(.text("trial_start")) AS _trial_start,
          \(.text("trial_end")) AS _trial_end,
          _file, _line
        FROM \(new: Bronze.leads)
      ) AS changes
      """)
}
