import Podium
import Silver

extension Gold {
  /// How many sessions of the app get how far towards a booking, by week.
  ///
  /// A session counts in the week of the event that makes the step; events without a session do not
  /// count.
  public static let appFunnel = Table(
    "gold.app_funnel",
    about: "One row per week: sessions of the app that saw the calendar, a class, and booked it.",
    columns: [
      .date("week_start", "Monday of the week, UTC."),
      .int("calendar_sessions", "Sessions that saw the calendar."),
      .int("class_sessions", "Sessions that looked at a class."),
      .int("booking_sessions", "Sessions that booked a class."),
      .double(
        "class_rate", "Class sessions by calendar sessions; empty without any.", nullable: true),
      .double(
        "booking_rate", "Booking sessions by class sessions; empty without any.", nullable: true),
      .double(
        "conversion_rate", "Booking sessions by calendar sessions; empty without any.",
        nullable: true),
    ],
    key: ["week_start"],
    write: .derived(by: .key("week_start")),
    query: """
      SELECT
        week_start, calendar_sessions, class_sessions, booking_sessions,
        CAST(class_sessions AS DOUBLE) / nullif(calendar_sessions, 0) AS class_rate,
        CAST(booking_sessions AS DOUBLE) / nullif(class_sessions, 0) AS booking_rate,
        CAST(booking_sessions AS DOUBLE) / nullif(calendar_sessions, 0) AS conversion_rate
      FROM (
        SELECT
          CAST(date_trunc('week', event_date) AS DATE) AS week_start,
          COUNT(DISTINCT CASE WHEN event = 'calendar_view' THEN session_id END)
            AS calendar_sessions,
          COUNT(DISTINCT CASE WHEN event = 'screen_view' AND screen = 'class' THEN session_id END)
            AS class_sessions,
          COUNT(DISTINCT CASE WHEN event = 'booking' THEN session_id END) AS booking_sessions
        FROM \(Silver.appEvents)
        GROUP BY 1
      ) AS steps
      """)

  /// How many leads become members, by the month of their first word and where they came from.
  public static let leadConversion = Table(
    "gold.lead_conversion",
    about: "One row per month and source: leads, trials and those who became members.",
    columns: [
      .date("month", "First day of the month of the first word, UTC."),
      .string("source", "referral, walk-in, web, partner or unknown."),
      .int("leads", "Leads."),
      .int("trials", "Of those, the ones who began a trial."),
      .int("converted", "Leads that became members, with a trial or without."),
      .double("trial_rate", "Trials by leads."),
      .double("conversion_rate", "Converted by leads."),
      .int("days_to_convert", "Full days from first word to membership, summed up."),
      .double("average_days_to_convert", "Their mean over those converted.", nullable: true),
      .double(
        "median_days_to_convert", "Their median, the lower of two (percentile_disc).",
        nullable: true),
    ],
    key: ["month", "source"],
    write: .derived(by: .key("month", "source")),
    query: """
      SELECT
        month, source,
        COUNT(*) AS leads,
        COUNT(*) FILTER (WHERE has_trial) AS trials,
        COUNT(*) FILTER (WHERE is_converted) AS converted,
        CAST(COUNT(*) FILTER (WHERE has_trial) AS DOUBLE) / COUNT(*) AS trial_rate,
        CAST(COUNT(*) FILTER (WHERE is_converted) AS DOUBLE) / COUNT(*) AS conversion_rate,
        CAST(coalesce(SUM(days), 0) AS BIGINT) AS days_to_convert,
        AVG(CAST(days AS DOUBLE)) AS average_days_to_convert,
        percentile_disc(0.5) WITHIN GROUP (ORDER BY CAST(days AS DOUBLE)) AS median_days_to_convert
      FROM (
        SELECT
          CAST(date_trunc('month', created_at) AS DATE) AS month, source,
          trial_start IS NOT NULL AS has_trial,
          converted_member_id IS NOT NULL AS is_converted,
          CAST(floor(
            CAST(unix_timestamp(converted_at) - unix_timestamp(created_at) AS DOUBLE) / 86400
          ) AS BIGINT) AS days
        FROM \(Silver.leads)
      ) AS found
      GROUP BY month, source
      """)
}
