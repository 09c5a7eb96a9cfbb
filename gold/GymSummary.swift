import Podium
import Silver

extension Gold {
  /// Visits with the time that members exercised in them.
  ///
  /// A workout belongs to the visit of its member during which it was started: of several the one that
  /// began last, then the first by id. A visit without a logout has the workouts of the 24 hours
  /// after its entry. Computed by member, since the days of visits are local and those of workouts are UTC.
  public static let gymSummary = Table(
    "gold.gym_summary",
    about: "One row per visit to a club: time there and time exercising.",
    columns: [
      .string("member_id", "The member."),
      .string("visit_id", "The visit."),
      .date("visit_date", "Day of entry, in the club's time zone."),
      .string("location_id", "The club."),
      .int(
        "minutes", "Full minutes between entry and exit; empty without an exit.", nullable: true),
      .int("workouts", "Completed workouts that were started in the visit."),
      .int("exercise_minutes", "Full minutes of their seconds added up; 0 without any."),
    ],
    key: ["member_id", "visit_id"],
    write: .derived(by: .key("member_id")),
    expect: [.rows(of: "SELECT member_id, visit_id FROM \(Silver.gymVisits)")],
    query: """
      SELECT
        v.member_id, v.visit_id, v.visit_date, v.location_id, v.minutes,
        coalesce(e.workouts, 0) AS workouts,
        coalesce(CAST(floor(CAST(e.seconds AS DOUBLE) / 60) AS BIGINT), 0) AS exercise_minutes
      FROM \(Silver.gymVisits) AS v
      LEFT JOIN (
        SELECT
          member_id, visit_id, COUNT(*) AS workouts, CAST(SUM(seconds) AS BIGINT) AS seconds
        FROM (
          SELECT
            w.member_id, i.visit_id, w.seconds,
            CAST(ROW_NUMBER() OVER (
              PARTITION BY w.member_id, w.workout_id
              ORDER BY i.login_at DESC NULLS LAST, i.visit_id ASC NULLS LAST
            ) AS BIGINT) AS place
          FROM \(Silver.completedWorkouts) AS w
          JOIN \(Silver.gymVisits) AS i
            ON w.member_id = i.member_id AND w.started_at >= i.login_at
              AND w.started_at <= coalesce(i.logout_at, CAST(i.login_at + INTERVAL '1' DAY AS TIMESTAMP))
        ) AS started
        WHERE place = 1
        GROUP BY member_id, visit_id
      ) AS e ON v.member_id = e.member_id AND v.visit_id = e.visit_id
      """
  ).clustered(by: "visit_date", "location_id")

  /// What happened in a club on a day.
  public static let gymSummaryDaily = Table(
    "gold.gym_summary_daily",
    about: "One row per club and day with a visit: sums over its visits.",
    columns: [
      .string("location_id", "The club."),
      .date("visit_date", "Day of entry, in the club's time zone."),
      .int("visits", "Visits."),
      .int("members", "Distinct members who came."),
      .int("visits_with_logout", "Visits with an exit, which alone have minutes."),
      .int("minutes", "Their minutes in the club."),
      .int("workouts", "Completed workouts that were started in the visits."),
      .int("exercise_minutes", "Minutes of exercise in all visits."),
    ],
    key: ["location_id", "visit_date"],
    write: .derived(by: .key("location_id", "visit_date")),
    expect: [
      .sum("minutes", of: "SELECT location_id, visit_date, minutes FROM \(Gold.gymSummary)"),
      .row(
        "no more members and logouts than visits",
        "members <= visits AND visits_with_logout <= visits", else: .stop),
    ],
    query: """
      SELECT
        location_id, visit_date,
        COUNT(*) AS visits,
        COUNT(DISTINCT member_id) AS members,
        COUNT(minutes) AS visits_with_logout,
        coalesce(CAST(SUM(minutes) AS BIGINT), 0) AS minutes,
        CAST(SUM(workouts) AS BIGINT) AS workouts,
        CAST(SUM(exercise_minutes) AS BIGINT) AS exercise_minutes
      FROM \(Gold.gymSummary)
      GROUP BY location_id, visit_date
      """)
}
