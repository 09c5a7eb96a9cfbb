import Podium

extension Silver {
  /// Age and gender of those who worked out, by calendar year.
  public static let userBins = Table(
    "silver.user_bins",
    about: "One row per member and calendar year in which the member completed a workout.",
    columns: [
      .string("member_id", "The member."),
      .int("year", "Calendar year of the workouts' starts, UTC."),
      .int("workouts", "Completed workouts of the year."),
      .int("age", "Year less year of birth: the age reached in the year.", nullable: true),
      .string(
        "age_bucket",
        "under 18, 18-24, 25-34, 35-44, 45-54, 55-64, 65+, or unknown without a profile or where the "
          + "age is not 0 to 120."),
      .string("gender", "female, male, other, or unknown, also without a profile."),
    ],
    key: ["member_id", "year"],
    write: .derived(by: .key("member_id", "year")),
    expect: [
      .sum(
        "workouts",
        of: """
          SELECT
            member_id, CAST(extract(year FROM workout_date) AS BIGINT) AS year, 1 AS workouts
          FROM \(Silver.completedWorkouts)
          """)
    ],
    query: """
      SELECT
        member_id, year, workouts, age,
        CASE
          WHEN age IS NULL THEN 'unknown'
          WHEN age < 18 THEN 'under 18'
          WHEN age < 25 THEN '18-24'
          WHEN age < 35 THEN '25-34'
          WHEN age < 45 THEN '35-44'
          WHEN age < 55 THEN '45-54'
          WHEN age < 65 THEN '55-64'
          ELSE '65+'
        END AS age_bucket,
        gender
      FROM (
        SELECT
          w.member_id, w.year, w.workouts,
          CASE WHEN w.year - m.birth_year BETWEEN 0 AND 120 THEN w.year - m.birth_year END AS age,
          coalesce(m.gender, 'unknown') AS gender
        FROM (
          SELECT
            member_id, CAST(extract(year FROM workout_date) AS BIGINT) AS year,
            COUNT(*) AS workouts
          FROM \(Silver.completedWorkouts)
          GROUP BY 1, 2
        ) AS w
        LEFT JOIN \(Silver.members) AS m ON w.member_id = m.member_id
      ) AS aged
      """)
}
