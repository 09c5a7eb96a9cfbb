import Basics

/// A system of the gym that leaves a file every day.
public enum GymSource: String, CaseIterable, Hashable, Sendable {
  case members
  case memberships
  case cancellations
  case billing
  case schedule
  case classAttendance = "class_attendance"
  case gymVisits = "gym_visits"
  case facilityUsage = "facility_usage"
  case retail
  case dailyActivity = "daily_activity"
  case leads
  case registrations
  case equipmentUsage = "equipment_usage"
  case appEvents = "app_events"
  case classFeedback = "class_feedback"
  case workouts
  case heartRate = "heart_rate"

  /// The source of a name such as `class_attendance`.
  /// - Throws: `GymError.unknownName` for any other name.
  public init(named name: String) throws(GymError) {
    guard let source = GymSource(rawValue: name) else {
      throw .unknownName(.sources, given: name, known: GymSource.allCases.map(\.rawValue))
    }
    self = source
  }

  /// The fields of a row, in their order.
  public var fields: [String] {
    switch self {
    case .members:
      [
        "sequence", "op", "changed_at", "member_id", "full_name", "email", "phone", "city",
        "state", "birth_year", "gender", "home_club", "device_id", "signup_date",
        "email_consent",
      ]
    case .memberships:
      [
        "membership_id", "member_id", "plan", "billing_cycle", "price", "status", "start_date",
        "end_date", "updated_at",
      ]
    case .cancellations:
      [
        "cancellation_id", "membership_id", "requested_at", "effective_date", "reason",
        "tenure_days", "visits_30d", "visits_90d",
      ]
    case .billing:
      [
        "transaction_id", "member_id", "membership_id", "type", "amount", "currency", "method",
        "status", "billed_at", "retry_of",
      ]
    case .schedule:
      [
        "class_id", "class_name", "class_type", "instructor_id", "instructor_name",
        "instructor_email", "location_id", "location_name", "city", "state", "time_zone",
        "starts_at", "ends_at", "capacity", "status", "updated_at",
      ]
    case .classAttendance:
      [
        "attendance_id", "user_id", "class_id", "instructor_id", "class_date", "booked_at",
        "check_in_time", "status", "updated_at",
      ]
    case .gymVisits: ["visit_id", "member_id", "location_id", "login_at", "logout_at"]
    case .facilityUsage:
      ["usage_id", "member_id", "location_id", "facility", "started_at", "duration_minutes"]
    case .retail:
      [
        "receipt_id", "line", "member_id", "location_id", "sku", "product_name", "category",
        "quantity", "unit_price", "sold_at",
      ]
    case .dailyActivity:
      [
        "Id", "ActivityDate", "TotalSteps", "TotalDistance", "TrackerDistance",
        "LoggedActivitiesDistance", "VeryActiveDistance", "ModeratelyActiveDistance",
        "LightActiveDistance", "SedentaryActiveDistance", "VeryActiveMinutes",
        "FairlyActiveMinutes", "LightlyActiveMinutes", "SedentaryMinutes", "Calories",
      ]
    case .leads:
      [
        "lead_id", "source", "location_id", "created_at", "trial_start", "trial_end",
        "converted_member_id", "updated_at",
      ]
    case .registrations:
      ["registration_id", "device_id", "member_id", "mac_address", "registered_at"]
    case .equipmentUsage:
      [
        "usage_id", "machine_id", "machine_type", "member_id", "location_id", "reps", "weight_kg",
        "seconds", "used_at",
      ]
    case .appEvents: ["event_id", "member_id", "event", "occurred_at", "properties"]
    case .classFeedback:
      ["feedback_id", "attendance_id", "rating", "comment", "submitted_at", "updated_at"]
    case .workouts:
      ["workout_id", "member_id", "device_id", "action", "session_number", "at"]
    case .heartRate: ["device_id", "bpm", "at"]
    }
  }

  /// The fields that tell one thing from another; several rows may share them.
  public var key: [String] {
    switch self {
    case .members: ["member_id"]
    case .retail: ["receipt_id", "line"]
    case .dailyActivity: ["Id", "ActivityDate"]
    case .workouts: ["workout_id", "action"]
    case .heartRate: ["device_id", "at"]
    default: [fields[0]]
    }
  }

  /// What its files end with; trackers export CSV whatever the others do.
  public func fileExtension(_ format: GymFormat) -> String {
    self == .dailyActivity ? GymFormat.csv.rawValue : format.rawValue
  }
}
