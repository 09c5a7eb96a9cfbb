import Bronze
import Gold
import Silver
import Testing

/// A gym's lake with one class and one member, to which single bad rows are added.
private struct SmallGym {
  typealias Row = [String: String]
  let lake: ProjectLake

  init() throws {
    lake = try ProjectLake(Bronze.tables + Silver.tables + Gold.tables)
    try land("schedule/a", [["class_id": "C1"]])
    try land("members/a", [["member_id": "M1", "op": "insert", "sequence": "1"]])
  }

  /// Fields that make a good row of each source.
  private static let good: [String: Row] = [
    "schedule": [
      "class_name": "Spin", "class_type": "spin", "instructor_id": "I1", "instructor_name": "ida b",
      "instructor_email": "i@x.org", "location_id": "L1", "location_name": "One", "city": "Rome",
      "state": "NY", "time_zone": "America/New_York", "starts_at": "2025-01-02 18:00:00",
      "ends_at": "2025-01-02 19:00:00", "capacity": "20", "status": "scheduled",
      "updated_at": "2025-01-01T00:00:00Z",
    ],
    "members": [
      "changed_at": "2025-01-01T00:00:00Z", "full_name": "Ann Bee", "email": "a@x.org",
      "phone": "1", "city": "Rome", "state": "NY", "birth_year": "1990", "home_club": "L1",
      "signup_date": "2025-01-01", "email_consent": "true",
    ],
    "class_attendance": [
      "class_id": "C1", "class_date": "2025-01-02", "booked_at": "2025-01-01T00:00:00Z",
      "status": "attended", "updated_at": "2025-01-03T00:00:00Z",
    ],
    "retail": [
      "line": "1", "location_id": "L1", "sku": "ABC-123", "product_name": "Bar",
      "category": "snacks", "sold_at": "2025-01-02T00:00:00Z",
    ],
    "gym_visits": ["member_id": "M1", "location_id": "L1"],
  ]

  /// Puts good rows with some fields changed into a file, one a line.
  func land(_ file: String, _ changes: [Row]) throws {
    let good = SmallGym.good[String(file.prefix { $0 != "/" }), default: [:]]
    let lines = changes.map { change in
      let row = good.merging(change) { $1 }.sorted { $0.key < $1.key }
      return "{" + row.map { "\"\($0.key)\":\"\($0.value)\"" }.joined(separator: ",") + "}\n"
    }
    try lake.land("\(file).ndjson", Array(lines.joined().utf8))
  }

  func quarantine(_ table: String) throws -> [[String]] {
    try lake.ask("SELECT _line, _failed_rules FROM quarantine.\(table) ORDER BY _line, _file")
  }
}

@Suite("Bad values in a gym's sources")
struct GymBadValuesTests {
  @Test("An unknown time zone costs its own row only, in every table that the row feeds")
  func timeZones() throws {
    let gym = try SmallGym()
    let zones = ["America/NewYork", "", "+05:00", "GMT+25", "Europe/Berlin"]
    try gym.land(
      "schedule/b", zones.enumerated().map { ["class_id": "Z\($0)", "time_zone": $1] })
    try gym.lake.run(asOf: "2025-01-03")
    #expect(try gym.lake.ask("SELECT class_id FROM silver.classes ORDER BY 1") == [["C1"], ["Z4"]])
    for table in ["classes", "locations", "instructors", "instructor_pii"] {
      let rows = try gym.quarantine(table)
      #expect(rows.map { $0[0] } == ["1", "2", "3", "4"], "\(table)")
      #expect(rows.allSatisfy { $0[1].contains("time zone is known") }, "\(table): \(rows)")
    }
  }

  @Test("Amounts that no till takes wait in quarantine, and gold goes on")
  func amounts() throws {
    let gym = try SmallGym()
    let sales = [
      ("1", "2.50"), ("1000", "99999999999999.99"), ("1", "9999999999999999.99"), ("1.5", "2.00"),
      ("0x10", "2.00"), ("1", "3.255"), ("-2", "2.50"),
    ]
    try gym.land(
      "retail/a",
      sales.enumerated().map {
        ["receipt_id": "R\($0)", "quantity": $1.0, "unit_price": $1.1]
      })
    try gym.lake.run(asOf: "2025-01-03")
    #expect(
      try gym.lake.ask("SELECT receipt_id, amount FROM silver.retail_sales ORDER BY 1")
        == [["R0", "2.50"], ["R6", "-5.00"]])
    #expect(try gym.quarantine("retail_sales").map { $0[0] } == ["2", "3", "4", "5", "6"])
    #expect(
      try gym.lake.ask(
        "SELECT CAST(sum(net_revenue) AS DECIMAL(18, 2)) FROM gold.revenue_by_product")
        == [["-2.50"]])
  }

  @Test("A change of a profile gets into both tables of members or into none")
  func profiles() throws {
    let gym = try SmallGym()
    try gym.land(
      "members/b",
      [
        ["member_id": "M1", "op": "delete", "sequence": "2"],
        ["member_id": "M1", "op": "upsert", "sequence": "3"],
        ["member_id": "M1", "op": "update", "sequence": "4", "signup_date": "soon"],
      ])
    try gym.land(
      "members/c",
      ["", "  ", "M2"].map { ["member_id": $0, "op": "insert", "sequence": "5"] })
    try gym.lake.run(asOf: "2025-01-03")
    for table in ["members", "member_pii"] {
      #expect(try gym.lake.ask("SELECT member_id FROM silver.\(table)") == [["M2"]], "\(table)")
      #expect(try gym.quarantine(table).map { $0[0] } == ["1", "2", "2", "3"], "\(table)")
    }
  }

  @Test("Check-ins are read in every form that says which time is meant; others wait in quarantine")
  func checkIns() throws {
    let gym = try SmallGym()
    let forms: [(String, String?)] = [
      ("2025-01-02T23:00:00Z", "2025-01-02T23:00:00Z"),
      ("2025-01-02T18:05:00-05:00", "2025-01-02T23:05:00Z"),
      ("2025-01-02T18:10:00", "2025-01-02T23:10:00Z"),
      ("2025-01-02 18:15", "2025-01-02T23:15:00Z"),
      ("01/02/2025 06:20:00 PM", "2025-01-02T23:20:00Z"),
      ("1/2/2025 6:25:00 pm", "2025-01-02T23:25:00Z"),
      ("01/02/2025 18:30:00", "2025-01-02T23:30:00Z"),
      ("01/02/2025 12:00:00 AM", "2025-01-02T05:00:00Z"),
      ("01/02/2025 12:00:00 PM", "2025-01-02T17:00:00Z"),
      ("", nil), ("soon", nil), ("01/02/2025 18:30:00 PM", nil), ("13/02/2025 06:00:00 PM", nil),
      ("2025-01-02", nil), ("infinity", nil), ("01/02/2025 25:00:00", nil),
    ]
    try gym.land(
      "class_attendance/a",
      forms.enumerated().map {
        ["attendance_id": "\(10 + $0)", "user_id": "U\($0)", "check_in_time": $1.0]
      })
    try gym.lake.run(asOf: "2025-01-03")
    let read = try gym.lake.ask(
      "SELECT attendance_id, checked_in_at FROM silver.class_attendance ORDER BY 1")
    let expected = forms.enumerated().compactMap { index, form -> [String]? in
      form.1.map { ["\(10 + index)", $0] } ?? (form.0.isEmpty ? ["\(10 + index)", ""] : nil)
    }
    #expect(read == expected)
    #expect(
      try gym.quarantine("class_bookings").map { $0[0] } == ["11", "12", "13", "14", "15", "16"])
  }

  @Test("A visit with an unreadable exit waits in quarantine; one without an exit is a fact")
  func visits() throws {
    let gym = try SmallGym()
    let visits = [
      ("2025-01-02T23:30:00-05:00", "2025-01-03T00:10:00-05:00"), ("2025-01-02T10:00:00-05:00", ""),
      ("2025-01-02T10:00:00-05:00", "garbage"), ("infinity", ""), ("0001-01-01T00:00:00Z", ""),
    ]
    try gym.land(
      "gym_visits/a",
      visits.enumerated().map { ["visit_id": "V\($0)", "login_at": $1.0, "logout_at": $1.1] })
    try gym.lake.run(asOf: "2025-01-03")
    #expect(
      try gym.lake.ask(
        "SELECT visit_id, visit_date, minutes, over_midnight FROM silver.gym_visits ORDER BY 1")
        == [["V0", "2025-01-02", "40", "true"], ["V1", "2025-01-02", "", "false"]])
    #expect(try gym.quarantine("gym_visits").map { $0[0] } == ["3", "4", "5"])
  }
}
