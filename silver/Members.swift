import Bronze
import Podium

extension Silver {
  /// One row per member, without what tells who it is; the newest change wins.
  public static let members = Table(
    "silver.members",
    about: "One row per member, without name, e-mail or phone.",
    columns: [
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
      .int("sequence", "Number of the newest change."),
    ],
    key: ["member_id"],
    write: .upsert(newestBy: "sequence", deleteWhen: "_op = 'delete'"),
    expect: [
      .row(
        "operation is known", "_op IN ('insert', 'update', 'delete')", else: .quarantine),
      .row(
        "birth year is a living person's", "birth_year IS NULL OR birth_year BETWEEN 1900 AND 2100",
        else: .warn),
    ],
    query: """
      SELECT
        member_id,
        nullif(trim(city), '') AS city,
        upper(nullif(trim(state), '')) AS state,
        TRY_CAST(birth_year AS BIGINT) AS birth_year,
        CASE
          WHEN lower(trim(gender)) IN ('f', 'female', 'woman') THEN 'female'
          WHEN lower(trim(gender)) IN ('m', 'male', 'man') THEN 'male'
          WHEN nullif(trim(gender), '') IS NULL THEN 'unknown'
          ELSE 'other'
        END AS gender,
        home_club AS home_location_id,
        device_id,
        TRY_CAST(signup_date AS DATE) AS signup_date,
        TRY_CAST(email_consent AS BOOLEAN) AS email_consent,
        try_to_timestamp(changed_at) AS changed_at,
        TRY_CAST(sequence AS BIGINT) AS sequence,
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
    query: """
      SELECT
        member_id,
        trim(full_name) AS full_name,
        nullif(lower(trim(email)), '') AS email,
        nullif(regexp_replace(phone, '[^0-9]', ''), '') AS phone,
        TRY_CAST(sequence AS BIGINT) AS sequence,
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
      .string("member_id", "The newer id."),
      .string("same_person_as", "The oldest id with the same name, e-mail and phone."),
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
        WHERE full_name IS NOT NULL AND email IS NOT NULL AND phone IS NOT NULL
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
