import Basics
import Testing

@Suite("The planted truth of members, classes and marketing", .serialized)
struct PeopleTruthTests {
  @Test("Gold gives the figures of the simulation itself, of ten months")
  func months() throws {
    let gym = try PeopleGym(members: 220, batches: [304], quirks: 0)
    try expectActivity(gym)
    try expectClasses(gym)
    try expectMembers(gym)
    try expectInstructors(gym)
    try expectFeatures(gym)
    try expectMarketing(gym)
  }

  @Test("The figures are the same with faults in all sources, in three batches")
  func faults() throws {
    let gym = try PeopleGym(members: 600, batches: [30, 1, 28], quirks: 0.02)
    try expectActivity(gym)
    try expectClasses(gym)
    try expectMarketing(gym)
    try expectKeys(gym)
    try expectStar(gym)
    try gym.lake.expectFullRefresh("a gym with faults", asOf: gym.last)
  }

  private func expectActivity(_ gym: PeopleGym) throws {
    for (table, column, figure, length) in [
      ("weekly_active_members", "week_start", "active_members_by_week", 10),
      ("monthly_active_members", "month", "active_members_by_month", 7),
    ] {
      let rows = try gym.lake.ask(
        """
        SELECT substr(CAST(\(column) AS STRING), 1, \(length)), active_members
        FROM gold.\(table) ORDER BY 1
        """)
      #expect(try rows == gym.rows(figure, []), "\(table)")
    }
    let clubs = try #require(gym.expected["active_members_by_day_and_club"]?.object)
    let expected = clubs.flatMap { day in
      (day.value.object ?? []).map { [day.name, $0.name] + PeopleGym.cells($0.value, []) }
    }
    let found = try gym.lake.ask(
      """
      SELECT CAST(period_start AS STRING), location_id, active_members
      FROM gold.active_members_by_location WHERE period = 'day'
      """)
    #expect(PeopleGym.sorted(found) == PeopleGym.sorted(expected))
    // A member comes to one club on most days, so longer periods agree with the clubs' days.
    #expect(
      try gym.lake.ask(
        """
        SELECT count(*) FROM (
          SELECT period, sum(visits) AS visits, sum(classes_attended) AS attended
          FROM gold.active_members_by_location GROUP BY period
        ) WHERE visits <> (SELECT count(*) FROM silver.gym_visits)
          OR attended <> (SELECT count(*) FROM silver.class_attendance WHERE status = 'attended')
        """) == [["0"]])
  }

  private func expectClasses(_ gym: PeopleGym) throws {
    let values = [
      "location_id", "class_name", "class_type", "sessions", "cancelled", "bookings", "attended",
      "waitlisted",
    ]
    // The last month may hold classes of days to come.
    let months = try #require(gym.expected["class_popularity"]?.object)
    let whole = months.filter { $0.name < String(gym.last.prefix(7)) || gym.last.hasSuffix("31") }
    #expect(!whole.isEmpty)
    let expected = whole.flatMap { month in
      (month.value.array ?? []).map { [month.name] + PeopleGym.cells($0, values) }
    }
    let last = try #require(whole.last?.name)
    let found = try gym.lake.ask(
      """
      SELECT substr(CAST(month AS STRING), 1, 7), location_id, class_name, class_type, sessions,
        cancelled_sessions, bookings, attended, waitlisted
      FROM gold.class_popularity WHERE substr(CAST(month AS STRING), 1, 7) <= '\(last)'
      """)
    #expect(PeopleGym.sorted(found) == PeopleGym.sorted(expected))

    let weeks = try #require(gym.expected["top_classes_by_week"]?.object)
    let top = weeks.flatMap { week in
      (week.value.array ?? []).enumerated().map { index, row in
        [week.name, "\(index + 1)"]
          + PeopleGym.cells(row, ["location_id", "class_name", "attended"])
      }
    }
    #expect(
      try gym.lake.ask(
        """
        SELECT CAST(week_start AS STRING), place, location_id, class_name, attendances
        FROM gold.top_classes ORDER BY week_start, place
        """) == top)
    // The classes at the top of the chain are at the top of their clubs, in the same order.
    #expect(
      try gym.lake.ask(
        """
        SELECT count(*) FROM gold.top_classes AS c ANTI JOIN gold.top_classes_by_location AS l
          ON c.location_id = l.location_id AND c.week_start = l.week_start
          AND c.class_name = l.class_name AND c.attendances = l.attendances
          AND c.sessions = l.sessions AND l.place <= c.place
        """) == [["0"]])
    let attended = try #require(gym.expected["attendance_by_class_type"]?.object).reduce(0) {
      $0 + ($1.value["attended"]?.int ?? 0)
    }
    #expect(
      try gym.lake.ask(
        """
        SELECT sum(attended) FROM gold.class_fill_rates UNION ALL
        SELECT sum(attended) FROM gold.attendance_rates WHERE dimension = 'class'
        """) == [["\(attended)"], ["\(attended)"]])
  }

  private func expectMembers(_ gym: PeopleGym) throws {
    for (column, figure) in [
      ("visits_30d", "members_by_visits_30d"), ("visits_90d", "members_by_visits_90d"),
    ] {
      let rows = try gym.lake.ask(
        "SELECT \(column), count(*) FROM gold.member_engagement GROUP BY 1 ORDER BY 1")
      #expect(try rows == gym.rows(figure, []), "\(column)")
    }
    #expect(
      try gym.lake.ask(
        """
        SELECT favourite_class_type, count(*) FROM gold.member_engagement
        WHERE favourite_class_type IS NOT NULL GROUP BY 1 ORDER BY 1
        """) == gym.rows("members_by_favourite_class_type", []))
    let clubs = try #require(gym.expected["segments"]?.object)
    let segments = clubs.flatMap { club in
      (club.value.object ?? []).map {
        [club.name, $0.name] + PeopleGym.cells($0.value, ["members", "reachable"])
      }
    }
    #expect(Set(segments.map { $0[1] }).count >= 5, "\(segments)")
    #expect(
      try gym.lake.ask(
        """
        SELECT location_id, segment, members, reachable_members FROM gold.campaign_sizes
        ORDER BY 1, 2
        """) == segments)
    #expect(
      try gym.lake.ask(
        """
        SELECT location_id, segment, count(*), count(*) FILTER (WHERE email_consent)
        FROM gold.campaign_audiences GROUP BY 1, 2 ORDER BY 1, 2
        """) == segments)
    let curve = try #require(gym.expected["retention_curve"]?.array)
    #expect(
      try gym.lake.ask(
        """
        SELECT months_since, members_at_risk, retained_members FROM gold.retention_curve
        ORDER BY 1
        """)
        == curve.enumerated().map {
          ["\($0)"] + PeopleGym.cells($1, ["members", "retained"])
        })
  }

  private func expectInstructors(_ gym: PeopleGym) throws {
    let figures = try gym.rows(
      "instructor_retention",
      ["members", "eligible_90d", "retained_90d", "eligible_180d", "retained_180d"])
    #expect(figures.contains { $0[4] != "0" })
    #expect(
      try gym.lake.ask(
        """
        SELECT instructor_id, members, eligible_90d, retained_90d, eligible_180d, retained_180d
        FROM gold.instructor_retention ORDER BY 1
        """) == figures)
  }

  private func expectFeatures(_ gym: PeopleGym) throws {
    let figures = try gym.rows(
      "features_by_month", ["members", "visits_7d", "visits_30d", "visits_90d", "churned"])
    #expect(figures.contains { $0[5] != "" && $0[5] != "0" })
    let found = try gym.lake.ask(
      """
      SELECT CAST(f.feature_date AS STRING), count(*), sum(visits_7d), sum(visits_30d),
        sum(visits_90d), coalesce(CAST(sum(CASE WHEN churned_within_30d THEN 1
          WHEN NOT churned_within_30d THEN 0 END) AS STRING), '')
      FROM gold.member_features AS f LEFT JOIN gold.member_churn_labels AS l
        ON f.member_id = l.member_id AND f.feature_date = l.feature_date AND f.as_of = l.as_of
      WHERE f.feature_date < DATE '\(gym.last)' GROUP BY 1 ORDER BY 1
      """)
    #expect(found == figures)
  }

  private func expectMarketing(_ gym: PeopleGym) throws {
    #expect(
      try gym.lake.ask(
        """
        SELECT CAST(week_start AS STRING), calendar_sessions, class_sessions, booking_sessions
        FROM gold.app_funnel ORDER BY 1
        """) == gym.rows("app_funnel_by_week", ["calendar_view", "screen_view", "booking"]))
    let sources = try gym.rows(
      "leads_by_source", ["leads", "trials", "converted", "days_to_convert"]
    ).map { [$0[0] == "missing" ? "unknown" : $0[0]] + $0.dropFirst() }
    let leads = try gym.lake.ask(
      """
      SELECT source, sum(leads), sum(trials), sum(converted), sum(days_to_convert)
      FROM gold.lead_conversion GROUP BY 1
      """)
    #expect(PeopleGym.sorted(leads) == PeopleGym.sorted(sources.filter { $0[1] != "0" }))
    for (table, column, figure) in [
      ("feedback_by_instructor", "instructor_id", "rating_by_instructor"),
      ("feedback_by_class_type", "class_type", "rating_by_class_type"),
    ] {
      let rows = try gym.lake.ask(
        "SELECT \(column), ratings, rating_sum FROM gold.\(table)")
      let figures = try gym.rows(figure, ["ratings", "sum"])
      #expect(PeopleGym.sorted(rows) == PeopleGym.sorted(figures), "\(table)")
    }
  }

  private func expectKeys(_ gym: PeopleGym) throws {
    for (table, source, fewer) in [
      ("silver.leads", "leads", 0),
      (
        "silver.registrations", "registrations", try gym.planted("registrations", "duplicates")
      ),
      ("silver.app_events", "app_events", try gym.planted("app_events", "unknown_events")),
    ] {
      let keys = Int(try #require(gym.truth["sources"]?[source]?["distinct_keys"]?.int))
      #expect(try gym.number("SELECT count(*) FROM \(table)") == keys - fewer, "\(table)")
    }
    #expect(
      try gym.number("SELECT count(*) FROM silver.devices")
        == Int(try #require(gym.expected["registrations"]?["devices"]?.int)))
    #expect(
      try gym.number("SELECT count(*) FROM silver.app_events WHERE session_id IS NULL")
        == gym.planted("app_events", "missing_properties"))
    #expect(
      try gym.number("SELECT count(DISTINCT event_id) FROM quarantine.app_events")
        == gym.planted("app_events", "unknown_events"))
    let strange = try gym.planted("class_feedback", "ratings_out_of_range")
    #expect(strange > 0)
    #expect(
      try gym.number(
        "SELECT count(DISTINCT (feedback_id, updated_at)) FROM quarantine.class_feedback")
        == strange)
  }

  private func expectStar(_ gym: PeopleGym) throws {
    // Second ids are one person with the first; whoever was deleted has no profile any more.
    let seconds = try gym.planted("members", "second_ids")
    #expect(seconds > 0)
    #expect(
      try gym.number("SELECT count(*) FROM silver.member_ids WHERE member_id <> user_id")
        == seconds)
    #expect(
      try gym.number("SELECT count(*) FROM silver.dim_users WHERE NOT is_inferred")
        == Int(try #require(gym.truth["sources"]?["members"]?["distinct_keys"]?.int)) - seconds
        - gym.planted("members", "deletes"))
    // Every id of the sources is in its dimension.
    for (dimension, column, sources) in [
      (
        "dim_instructors", "instructor_id",
        ["schedule.instructor_id", "class_attendance.instructor_id"]
      ),
      (
        "dim_classes", "class_id", ["schedule.class_id", "class_attendance.class_id"]
      ),
      (
        "dim_locations", "location_id",
        [
          "schedule.location_id", "gym_visits.location_id", "members.home_club",
          "leads.location_id", "retail.location_id",
        ]
      ),
      (
        "member_ids", "member_id",
        [
          "members.member_id", "memberships.member_id", "class_attendance.user_id",
          "gym_visits.member_id", "retail.member_id", "app_events.member_id",
          "registrations.member_id", "leads.converted_member_id",
        ]
      ),
    ] {
      for source in sources {
        let (table, name) = (source.prefix { $0 != "." }, source.drop { $0 != "." }.dropFirst())
        #expect(
          try gym.number(
            """
            SELECT count(*) FROM bronze.\(table) AS b ANTI JOIN silver.\(dimension) AS d
              ON trim(b.\(name)) = d.\(column)
            WHERE nullif(trim(b.\(name)), '') IS NOT NULL
            """) == 0, "\(source)")
      }
    }
    #expect(
      try gym.number("SELECT count(*) FROM silver.dim_instructors WHERE name_spellings > 1") > 0)
  }
}
