import Podium

extension Silver {
  /// To which person each member id belongs.
  ///
  /// A person may have several ids (`silver.member_matches`); the oldest stands for all. Matches of
  /// matches are followed three times.
  public static let memberIDs = Table(
    "silver.member_ids",
    about: "One row per member id that occurs anywhere: the person it belongs to.",
    columns: [
      .string("member_id", "An id that a profile, a membership or an event names."),
      .string("user_id", "The person: the oldest id of all that seem to be the same."),
      .bool("is_inferred", "True while no profile has the id, or where it was deleted."),
    ],
    key: ["member_id"],
    write: .derived(by: .key("member_id")),
    query: """
      SELECT
        i.member_id,
        coalesce(m.user_id, i.member_id) AS user_id,
        p.member_id IS NULL AS is_inferred
      FROM (
        SELECT member_id FROM \(Silver.members)
        UNION SELECT member_id FROM \(Silver.memberships)
        UNION SELECT member_id FROM \(Silver.billing)
        UNION SELECT member_id FROM \(Silver.classBookings)
        UNION SELECT member_id FROM \(Silver.gymVisits)
        UNION SELECT member_id FROM \(Silver.facilityUsage)
        UNION SELECT member_id FROM \(Silver.retailSales) WHERE member_id IS NOT NULL
        UNION SELECT member_id FROM \(Silver.appEvents)
        UNION SELECT member_id FROM \(Silver.registrations)
        UNION SELECT converted_member_id AS member_id
          FROM \(Silver.leads) WHERE converted_member_id IS NOT NULL
      ) AS i
      LEFT JOIN \(Silver.members) AS p ON i.member_id = p.member_id
      LEFT JOIN (
        SELECT m1.member_id, coalesce(m2.user_id, m1.same_person_as) AS user_id
        FROM \(Silver.memberMatches) AS m1
        LEFT JOIN (
          SELECT
            older.member_id, coalesce(oldest.same_person_as, older.same_person_as) AS user_id
          FROM \(Silver.memberMatches) AS older
          LEFT JOIN \(Silver.memberMatches) AS oldest ON older.same_person_as = oldest.member_id
        ) AS m2 ON m1.same_person_as = m2.member_id
      ) AS m ON i.member_id = m.member_id
      """)

  /// One row per person, whose ids are one; someone without a profile is there as well.
  public static let dimUsers = Table(
    "silver.dim_users",
    about: "One row per person, without name, e-mail or phone; second ids are one with the first.",
    columns: [
      .string("user_id", "The person: the oldest of the ids."),
      .int("member_ids", "Ids of the person."),
      .bool(
        "is_inferred",
        "True while no profile has any of the ids, or where all were deleted; what profiles tell "
          + "is empty or unknown then."),
      .string(
        "city", "Home city, by the oldest id with a profile, as what follows.", nullable: true),
      .string("state", "Home state, two capital letters.", nullable: true),
      .int("birth_year", "Year of birth.", nullable: true),
      .string("gender", "female, male, other or unknown."),
      .string("home_location_id", "The club of the person.", nullable: true),
      .string("device_id", "User number of the tracker.", nullable: true),
      .date("signup_date", "First day of signing up under any of the ids.", nullable: true),
      .bool("email_consent", "True if e-mail is welcome under all ids with a profile."),
    ],
    key: ["user_id"],
    write: .derived(by: .key("user_id")),
    query: """
      SELECT
        user_id, member_ids, is_inferred, city, state, birth_year,
        coalesce(gender, 'unknown') AS gender, home_location_id, device_id, signup_date,
        coalesce(consents = 1, false) AS email_consent
      FROM (
        SELECT
          i.user_id, i.is_inferred, p.city, p.state, p.birth_year, p.gender, p.home_location_id,
          p.device_id,
          COUNT(*) OVER (PARTITION BY i.user_id) AS member_ids,
          min(p.signup_date) OVER (PARTITION BY i.user_id) AS signup_date,
          min(CASE WHEN p.email_consent THEN 1 WHEN NOT p.email_consent THEN 0 END)
            OVER (PARTITION BY i.user_id) AS consents,
          CAST(ROW_NUMBER() OVER (
            PARTITION BY i.user_id
            ORDER BY CASE WHEN i.is_inferred THEN 1 ELSE 0 END ASC NULLS LAST,
              i.member_id ASC NULLS LAST
          ) AS BIGINT) AS place
        FROM \(Silver.memberIDs) AS i
        LEFT JOIN \(Silver.members) AS p ON i.member_id = p.member_id
      ) AS ordered
      WHERE place = 1
      """)
}
