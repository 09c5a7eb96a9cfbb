import Podium
import Silver

extension Gold {
  /// How many people are in a club, and in its facilities, at an hour of the week.
  ///
  /// A visit or use counts in each local hour that it touches: from the minute it begins through its full
  /// minutes, at least one. A visit without a logout counts for 60 minutes, and none for more than a
  /// day. For each weekday and hour there is one number for each of its days among the 56 up to the business
  /// date, 0 if nobody was there; days before a place's first visit or use among them are left out.
  public static let demandByHour = Table(
    "gold.demand_by_hour",
    about: "One row per business date, club, place, weekday and hour: people there in eight weeks.",
    columns: [
      .date("as_of", "The business date up to which the table looks."),
      .string("location_id", "The club."),
      .string("place", "club for the club as a whole, or the facility: sauna, pool, steam, court."),
      .int("weekday", "Monday 0 to Sunday 6."),
      .int("hour", "0 to 23, by the club's clock; forward from the minute of entry."),
      .int("weeks", "Such days that count, 1 to 8."),
      .double("mean_people", "Mean over these days of the visits or uses that touch the hour."),
      .int(
        "p90_people",
        "Their 90th percentile by nearest rank: of n numbers in order that at place ceil(0.9 n), so "
          + "of up to eight weeks the greatest."),
    ],
    key: ["as_of", "location_id", "place", "weekday", "hour"],
    write: .derived(by: .partition("as_of")),
    partitionedBy: ["as_of"],
    query: """
      WITH stays AS (
        SELECT
          location_id, 'club' AS place, visit_date AS day, login_minute AS first_minute,
          least(
            greatest(coalesce(minutes, \(Training.minutesWithoutLogout)), 1),
            \(Training.longestVisit)) AS minutes
        FROM \(Silver.gymVisits)
        WHERE visit_date BETWEEN \(.asOf) - 7 * \(Training.weeksOfDemand) AND \(.asOf)
        UNION ALL
        SELECT location_id, facility, usage_date, start_minute, duration_minutes
        FROM \(Silver.facilityUsage)
        WHERE usage_date BETWEEN \(.asOf) - 7 * \(Training.weeksOfDemand) AND \(.asOf)
      ),
      touched AS (
        SELECT
          location_id, place, day,
          CAST(floor(CAST(first_minute AS DOUBLE) / 60) AS BIGINT) AS first_hour,
          CAST(floor(CAST(first_minute + minutes - 1 AS DOUBLE) / 60) AS BIGINT) AS last_hour
        FROM stays
      ),
      counted AS (
        SELECT location_id, place, day, hour, COUNT(*) AS people
        FROM (
          SELECT
            t.location_id, t.place,
            CAST(t.day + CASE WHEN h.i < 24 THEN 0 ELSE 1 END AS DATE) AS day,
            CAST(mod(h.i, 24) AS BIGINT) AS hour
          FROM touched AS t
          JOIN range(0, 48) AS h(i) ON h.i BETWEEN t.first_hour AND t.last_hour
        ) AS hours
        WHERE day BETWEEN \(.asOf) - (7 * \(Training.weeksOfDemand) - 1) AND \(.asOf)
        GROUP BY location_id, place, day, hour
      ),
      places AS (
        SELECT location_id, place, min(day) AS first_day
        FROM counted
        GROUP BY location_id, place
      ),
      grid AS (
        SELECT
          p.location_id, p.place, CAST(\(.asOf) - CAST(d.i AS INT) AS DATE) AS day,
          CAST(h.i AS BIGINT) AS hour
        FROM places AS p
        CROSS JOIN range(0, 56) AS d(i)
        CROSS JOIN range(0, 24) AS h(i)
        WHERE \(.asOf) - CAST(d.i AS INT) >= p.first_day
          AND d.i < 7 * \(Training.weeksOfDemand)
      ),
      filled AS (
        SELECT
          g.location_id, g.place, g.hour,
          CAST(mod(CAST(g.day - DATE '1970-01-05' AS INT), 7) AS BIGINT) AS weekday,
          CAST(coalesce(c.people, 0) AS DOUBLE) AS people
        FROM grid AS g
        LEFT JOIN counted AS c
          ON g.location_id = c.location_id AND g.place = c.place AND g.day = c.day
            AND g.hour = c.hour
      )
      SELECT
        \(.asOf) AS as_of, location_id, place, weekday, hour,
        COUNT(*) AS weeks,
        AVG(CAST(people AS DOUBLE)) AS mean_people,
        CAST(floor(
          percentile_disc(0.9) WITHIN GROUP (ORDER BY CAST(people AS DOUBLE))
        ) AS BIGINT) AS p90_people
      FROM filled
      GROUP BY location_id, place, weekday, hour
      """)

  /// How full saunas, pools, steam baths and courts are.
  public static let facilityDemand = Table(
    "gold.facility_demand",
    about: "One row per business date, club, facility, weekday and hour: users in eight weeks.",
    columns: [
      .date("as_of", "The business date up to which the table looks."),
      .string("location_id", "The club."),
      .string("facility", "sauna, pool, steam or court."),
      .int("weekday", "Monday 0 to Sunday 6."),
      .int("hour", "0 to 23, by the club's clock."),
      .int("weeks", "Such days that count, 1 to 8; see gold.demand_by_hour."),
      .double("mean_users", "Mean over these days of the uses that touch the hour."),
      .int("p90_users", "Their 90th percentile by nearest rank."),
    ],
    key: ["as_of", "location_id", "facility", "weekday", "hour"],
    write: .derived(by: .partition("as_of")),
    partitionedBy: ["as_of"],
    query: """
      SELECT
        as_of, location_id, place AS facility, weekday, hour, weeks, mean_people AS mean_users,
        p90_people AS p90_users
      FROM \(Gold.demandByHour)
      WHERE place <> 'club'
      """)

  /// How many of the staff a club needs.
  public static let staffing = Table(
    "gold.staffing",
    about: "One row per business date, club, weekday and hour: visits at once, and staff for them.",
    columns: [
      .date("as_of", "The business date up to which the table looks."),
      .string("location_id", "The club."),
      .int("weekday", "Monday 0 to Sunday 6."),
      .int("hour", "0 to 23, by the club's clock."),
      .int("weeks", "Such days that count, 1 to 8; see gold.demand_by_hour."),
      .double("mean_visits", "Mean over these days of the visits that touch the hour."),
      .int("p90_visits", "Their 90th percentile by nearest rank: of up to eight the greatest."),
      .int("staff", "The percentile by \(Training.visitsByStaff), rounded up."),
    ],
    key: ["as_of", "location_id", "weekday", "hour"],
    write: .derived(by: .partition("as_of")),
    partitionedBy: ["as_of"],
    query: """
      SELECT
        as_of, location_id, weekday, hour, weeks, mean_people AS mean_visits,
        p90_people AS p90_visits,
        CAST(ceil(CAST(p90_people AS DOUBLE) / \(Training.visitsByStaff)) AS BIGINT) AS staff
      FROM \(Gold.demandByHour)
      WHERE place = 'club'
      """)
}
