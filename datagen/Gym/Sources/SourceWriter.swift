import Basics

/// Turns the clean events of a day into the rows of one source, faults included.
///
/// Days come one after the other, and a writer keeps what it needs from one to the next. It counts
/// what it has written; the counts of all days so far are the source's part of the truth.
protocol SourceWriter: Sendable {
  var rows: RowWriter { get set }
  /// Things with different keys written so far.
  var keys: Int { get }
  /// How often each kind of fault, or other thing worth knowing, was written so far, by name.
  var counts: [(name: String, count: Int)] { get }
  /// What a correct reader should find, for sources whose details the simulation does not know.
  var expected: [JSON.Member] { get }
  /// Adds a day's rows.
  mutating func write(_ day: DayEvents)
}

extension SourceWriter {
  var expected: [JSON.Member] { [] }
}

extension GymSource {
  /// The writer of the source for a gym.
  func writer(_ simulation: Simulation) -> any SourceWriter {
    switch self {
    case .members: MembersWriter(simulation)
    case .memberships: MembershipsWriter(simulation)
    case .cancellations: CancellationsWriter(simulation)
    case .billing: BillingWriter(simulation)
    case .schedule: ScheduleWriter(simulation)
    case .classAttendance: AttendanceWriter(simulation)
    case .gymVisits: VisitsWriter(simulation)
    case .facilityUsage: FacilityWriter(simulation)
    case .retail: RetailWriter(simulation)
    case .dailyActivity: TrackerWriter(simulation)
    case .leads: LeadsWriter(simulation)
    case .registrations: RegistrationsWriter(simulation)
    case .equipmentUsage: EquipmentWriter(simulation)
    case .appEvents: AppEventsWriter(simulation)
    case .classFeedback: FeedbackWriter(simulation)
    case .workouts: WorkoutsWriter(simulation)
    case .heartRate: HeartRateWriter(simulation)
    }
  }
}
