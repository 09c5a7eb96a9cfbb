import Podium

extension Gold {
  /// Every day from 2015 to 2035, for joining and for filling gaps.
  public static let dimDate = Table(
    "gold.dim_date",
    about: "One row per day from 2015-01-01 to 2035-12-31.",
    columns: [
      .date("calendar_date", "The day."),
      .int("year", "Calendar year."),
      .int("quarter", "1 to 4."),
      .int("month", "1 to 12."),
      .int("day_of_month", "1 to 31."),
      .date("month_start", "First day of the month."),
      .date("week_start", "Monday of the week."),
      .int("iso_year", "Year of the ISO 8601 week: that of its Thursday."),
      .int("iso_week", "Week by ISO 8601, 1 to 53."),
      .int("weekday", "0 (Monday) to 6 (Sunday)."),
      .string("weekday_name", "Monday to Sunday."),
      .bool("is_weekend", "True on Saturday and Sunday."),
      .string(
        "us_holiday", "The federal holiday of the USA on the day itself, also at a weekend.",
        nullable: true),
    ],
    key: ["calendar_date"],
    write: .derived(by: .whole),
    query: """
      WITH days AS (
        SELECT DATE '2015-01-01' + CAST(i AS INT) AS calendar_date FROM range(0, 7670) AS r(i)
      ),
      parts AS (
        SELECT
          calendar_date,
          CAST(extract(year FROM calendar_date) AS BIGINT) AS year,
          CAST(extract(month FROM calendar_date) AS BIGINT) AS month,
          CAST(extract(day FROM calendar_date) AS BIGINT) AS day_of_month,
          CAST(mod(CAST(calendar_date - DATE '1970-01-05' AS INT), 7) AS BIGINT) AS weekday,
          CAST(date_trunc('month', calendar_date) AS DATE) AS month_start,
          CAST(date_trunc('week', calendar_date) AS DATE) AS week_start
        FROM days
      ),
      weeks AS (
        SELECT
          *,
          CAST(ceil(CAST(day_of_month AS DOUBLE) / 7) AS INT) AS nth,
          CAST(extract(year FROM week_start + 3) AS BIGINT) AS iso_year
        FROM parts
      )
      SELECT
        calendar_date, year,
        CAST(ceil(CAST(month AS DOUBLE) / 3) AS BIGINT) AS quarter,
        month, day_of_month, month_start, week_start, iso_year,
        CAST(floor(
          CAST(CAST(week_start + 3 - make_date(iso_year, 1, 1) AS INT) AS DOUBLE) / 7
        ) AS BIGINT) + 1 AS iso_week,
        weekday,
        CASE weekday
          WHEN 0 THEN 'Monday' WHEN 1 THEN 'Tuesday' WHEN 2 THEN 'Wednesday'
          WHEN 3 THEN 'Thursday' WHEN 4 THEN 'Friday' WHEN 5 THEN 'Saturday' ELSE 'Sunday'
        END AS weekday_name,
        weekday >= 5 AS is_weekend,
        CASE
          WHEN month = 1 AND day_of_month = 1 THEN 'New Year'
          WHEN month = 1 AND weekday = 0 AND nth = 3 THEN 'Martin Luther King Day'
          WHEN month = 2 AND weekday = 0 AND nth = 3 THEN 'Presidents Day'
          WHEN month = 5 AND weekday = 0 AND day_of_month > 24 THEN 'Memorial Day'
          WHEN month = 6 AND day_of_month = 19 AND year >= 2021 THEN 'Juneteenth'
          WHEN month = 7 AND day_of_month = 4 THEN 'Independence Day'
          WHEN month = 9 AND weekday = 0 AND nth = 1 THEN 'Labor Day'
          WHEN month = 10 AND weekday = 0 AND nth = 2 THEN 'Columbus Day'
          WHEN month = 11 AND day_of_month = 11 THEN 'Veterans Day'
          WHEN month = 11 AND weekday = 3 AND nth = 4 THEN 'Thanksgiving'
          WHEN month = 12 AND day_of_month = 25 THEN 'Christmas'
        END AS us_holiday
      FROM weeks
      """)
}
