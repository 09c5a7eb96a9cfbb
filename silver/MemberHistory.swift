import Bronze
import Podium

extension Silver {
  /// One row per state that a profile was in: what was known of a member on which day.
  public static let memberHistory = Table(
    "silver.member_history",
    about: "One row per state that a member's profile was in, without name, e-mail or phone.",
    columns: profileColumns,
    key: ["member_id"],
    write: .history(changedAt: "changed_at", deleteWhen: "_op = 'delete'"),
    expect: profileRules,
    query: """
      SELECT
        member_id, city, state, birth_year,
        CASE
          WHEN _gender IS NULL THEN 'unknown'
          WHEN _gender IN ('f', 'female', 'woman') THEN 'female'
          WHEN _gender IN ('m', 'male', 'man') THEN 'male'
          ELSE 'other'
        END AS gender,
        _home_club AS home_location_id, device_id, _signup_date AS signup_date,
        _email_consent AS email_consent, _changed_at AS changed_at,
        _full_name, _home_club, _signup_date, _email_consent, _changed_at, _op, _file, _line
      FROM (
        SELECT
          \(.text("member_id")) AS member_id,
          \(.text("city")) AS city,
          upper(\(.text("state"))) AS state,
          \(.integer("birth_year")) AS birth_year,
          lower(\(.text("gender"))) AS _gender,
          \(.text("device_id")) AS device_id,
          \(.text("full_name")) AS _full_name,
          \(.text("home_club")) AS _home_club,
          \(.date("signup_date")) AS _signup_date,
          TRY_CAST(email_consent AS BOOLEAN) AS _email_consent,
          \(.timestamp("changed_at")) AS _changed_at,
          lower(trim(op)) AS _op,
          _file, _line
        FROM \(new: Bronze.members)
      ) AS changes
      """)
}
