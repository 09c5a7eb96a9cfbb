import Bronze
import Podium

extension Silver {
  /// Rules for a change of a profile; both tables fed by it have them, so that it gets into both or
  /// none.
  static let profileRules: [Expectation] = [
    .oneOf("_op", ["insert", "update", "delete"], else: .quarantine),
    .row(
      "name, club, days and consent are told",
      "_full_name IS NOT NULL AND _home_club IS NOT NULL AND _signup_date IS NOT NULL "
        + "AND _email_consent IS NOT NULL AND _changed_at IS NOT NULL",
      else: .quarantine),
  ]

  /// Columns of a profile's state.
  static let profileColumns: [Column] = [
    .string("member_id", "The member."),
    .string("city", "Home city.", nullable: true),
    .string("state", "Home state, two capital letters.", nullable: true),
    .int("birth_year", "Year of birth.", nullable: true),
    .string("gender", "female, male, other, or unknown where it was not told."),
    .string("home_location_id", "Club the member signed up at."),
    .string("device_id", "User number of the member's tracker.", nullable: true),
    .date("signup_date", "Day of signing up."),
    .bool("email_consent", "True if e-mail is welcome."),
    .timestamp("changed_at", "When the profile last changed, UTC."),
  ]

  /// One row per member, without what tells who it is; the newest change wins.
  public static let members = Table(
    "silver.members",
    about: "One row per member, without name, e-mail or phone.",
    columns: profileColumns + [.int("sequence", "Number of the newest change.")],
    key: ["member_id"],
    write: .upsert(newestBy: "sequence", deleteWhen: "_op = 'delete'"),
    expect: profileRules + [
      .readable("birth_year", else: .warn),
      .range("birth_year", from: 1900, to: 2100, else: .warn),
    ],
    query: """
      SELECT
        \(.text("member_id")) AS member_id,
        \(.text("city")) AS city,
        upper(\(.text("state"))) AS state,
        \(.integer("birth_year")) AS birth_year,
        \(.text("birth_year")) AS _birth_year,
        CASE
          WHEN lower(trim(gender)) IN ('f', 'female', 'woman') THEN 'female'
          WHEN lower(trim(gender)) IN ('m', 'male', 'man') THEN 'male'
          WHEN \(.text("gender")) IS NULL THEN 'unknown'
          ELSE 'other'
        END AS gender,
        \(.text("home_club")) AS home_location_id,
        \(.text("device_id")) AS device_id,
        \(.date("signup_date")) AS signup_date,
        TRY_CAST(email_consent AS BOOLEAN) AS email_consent,
        \(.timestamp("changed_at")) AS changed_at,
        \(.integer("sequence")) AS sequence,
        \(.text("full_name")) AS _full_name,
        \(.text("home_club")) AS _home_club,
        \(.date("signup_date")) AS _signup_date,
        TRY_CAST(email_consent AS BOOLEAN) AS _email_consent,
        \(.timestamp("changed_at")) AS _changed_at,
        lower(trim(op)) AS _op,
        _file, _line
      FROM \(new: Bronze.members)
      """)

  /// One row per member with name, e-mail and phone; readable to the owner alone.
  public static let memberPII = Table(
    "silver.member_pii",
    about: "One row per member: name, e-mail and phone, for those who may see them.",
    columns: [
      .string("member_id", "The member."),
      .string("full_name", "First and last name.", personal: true),
      .string("email", "E-mail address, lower case.", nullable: true, personal: true),
      .string("phone", "Phone number, digits only.", nullable: true, personal: true),
      .int("sequence", "Number of the newest change."),
    ],
    key: ["member_id"],
    write: .upsert(newestBy: "sequence", deleteWhen: "_op = 'delete'"),
    expect: profileRules,
    query: """
      SELECT
        \(.text("member_id")) AS member_id,
        \(.text("full_name")) AS full_name,
        lower(\(.text("email"))) AS email,
        nullif(regexp_replace(phone, '[^0-9]', ''), '') AS phone,
        \(.integer("sequence")) AS sequence,
        \(.text("full_name")) AS _full_name,
        \(.text("home_club")) AS _home_club,
        \(.date("signup_date")) AS _signup_date,
        TRY_CAST(email_consent AS BOOLEAN) AS _email_consent,
        \(.timestamp("changed_at")) AS _changed_at,
        lower(trim(op)) AS _op,
        _file, _line
      FROM \(new: Bronze.members)
      """)

  /// One row per member id that seems to be the same person as an older id.
  ///
  /// All states that a profile ever had are compared, so a match outlives a new phone number.
  public static let memberMatches = Table(
    "silver.member_matches",
    about: "One row per member id that ever had name, e-mail and phone of an older member id.",
    columns: [
      .string("member_id", "The newer id.", identifies: .person),
      .string(
        "same_person_as", "The oldest id with the same name, e-mail and phone.",
        identifies: .person),
    ],
    key: ["member_id"],
    write: .derived(by: .whole),
    query: """
      WITH profiles AS (
        SELECT DISTINCT
          member_id,
          lower(trim(full_name)) AS name,
          lower(trim(email)) AS email,
          regexp_replace(phone, '[^0-9]', '') AS phone
        FROM \(Bronze.members)
        WHERE \(.text("full_name")) IS NOT NULL AND \(.text("email")) IS NOT NULL
          AND \(.text("phone")) IS NOT NULL
      )
      SELECT member_id, min(same_person_as) AS same_person_as
      FROM (
        SELECT
          member_id,
          min(member_id) OVER (PARTITION BY name, email, phone) AS same_person_as
        FROM profiles
      ) AS matched
      WHERE member_id <> same_person_as
      GROUP BY member_id
      """)
}
