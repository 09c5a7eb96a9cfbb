import Podium
import Silver

extension Gold {
  /// Who belongs to a campaign at a club, without what tells who it is.
  ///
  /// Whoever may see contact details joins `silver.member_pii` by `member_id`; only members with
  /// `email_consent` may get an e-mail.
  public static let campaignAudiences = Table(
    "gold.campaign_audiences",
    about: "One row per business date, club, segment and member: whom a campaign is for.",
    columns: [
      .date("as_of", "The business date up to which the table looks."),
      .string("location_id", "The member's club."),
      .string("segment", "The member's segment."),
      .string("member_id", "The member: the oldest id of the person."),
      .bool("email_consent", "True if e-mail is welcome under all ids of the person."),
      .bool("is_member", "True if a stay as a member covers the business date."),
    ],
    key: ["as_of", "member_id"],
    write: .derived(by: .partition("as_of")),
    partitionedBy: ["as_of"],
    expect: [
      .oneOf("segment", Segment.names, else: .stop),
      .rows(of: "SELECT as_of FROM \(Gold.memberSegments) WHERE as_of = \(.asOf)"),
    ],
    query: """
      SELECT
        \(.asOf) AS as_of,
        coalesce(u.home_location_id, 'unknown') AS location_id,
        s.segment, s.member_id,
        coalesce(u.email_consent, false) AS email_consent,
        s.is_member
      FROM \(Gold.memberSegments) AS s
      LEFT JOIN \(Silver.dimUsers) AS u ON s.member_id = u.user_id
      WHERE s.as_of = \(.asOf)
      """)

  /// How many members a campaign would reach.
  public static let campaignSizes = Table(
    "gold.campaign_sizes",
    about: "One row per business date, club and segment: members, and those who welcome e-mail.",
    columns: [
      .date("as_of", "The business date."),
      .string("location_id", "The members' club."),
      .string("segment", "Their segment."),
      .int("members", "Members in the segment."),
      .int("reachable_members", "Of those, the ones who welcome e-mail."),
    ],
    key: ["as_of", "location_id", "segment"],
    write: .derived(by: .partition("as_of")),
    partitionedBy: ["as_of"],
    query: """
      SELECT
        as_of, location_id, segment,
        COUNT(*) AS members,
        COUNT(*) FILTER (WHERE email_consent) AS reachable_members
      FROM \(Gold.campaignAudiences)
      GROUP BY as_of, location_id, segment
      """)
}
