/// A profile as it was right after a change.
struct ProfileEvent: Sendable {
  enum Kind: UInt8, Sendable { case insert, update, delete }

  var member: UInt32
  var kind: Kind
  var consents: Bool
  var wearsTracker: Bool
  var moves: UInt8
  var phones: UInt8
  var emails: UInt8
  var club: UInt16
  /// Days since 1970.
  var signup: Int32
  /// Seconds since 1970.
  var at: Int
}

/// A membership as it was right after a change.
struct MembershipEvent: Sendable {
  var membership: UInt32
  var member: UInt32
  var plan: Plan
  var billing: BillingCycle
  var status: MembershipStatus
  /// True for the first row of a membership.
  var isNew: Bool
  /// Days since 1970.
  var start: Int32
  /// Days since 1970; nil while open.
  var end: Int32?
  /// Seconds since 1970.
  var at: Int
}

/// A wish to leave.
struct CancellationEvent: Sendable {
  var cancellation: UInt32
  var membership: UInt32
  var reason: LeavingReason
  var tenure: Int32
  var visits30: UInt8
  var visits90: UInt8
  /// The last day of the membership, in days since 1970.
  var effective: Int32
  /// Seconds since 1970.
  var at: Int
}

/// Money that moves, or should.
struct BillingEvent: Sendable {
  var transaction: UInt32
  /// The transaction that this one tries again or pays back; 0 for none.
  var retryOf: UInt32
  var member: UInt32
  var membership: UInt32
  var cents: Int32
  var isRefund: Bool
  var method: PaymentMethod
  var status: PaymentStatus
  var plan: Plan
  /// Seconds since 1970.
  var at: Int
}

/// A class on the timetable, as it was right after a change.
struct ScheduleEvent: Sendable {
  var slot: ClassSlot
  /// Days since 1970, local.
  var day: Int32
  /// True for the first row of a class.
  var isNew: Bool
  /// Seconds since 1970.
  var at: Int
}

/// One class on one day.
struct ClassSlot: Sendable {
  enum Status: UInt8, Sendable { case scheduled, rescheduled, cancelled }

  var number: UInt32
  /// Seconds after the simulation's epoch.
  var start: Int32
  /// When a cancelled class was called off, in seconds after the simulation's epoch.
  var calledOff: Int32 = 0
  var minutes: UInt16
  var club: UInt16
  var instructor: UInt16
  var capacity: UInt16
  var booked: UInt16 = 0
  /// Minutes east of UTC when it begins.
  var offset: Int16
  var type: ClassType
  var title: UInt8
  var status = Status.scheduled
}

/// What a row of the attendance file says; times are seconds after the simulation's epoch.
struct AttendanceEvent: Sendable {
  /// The order is that of the writer's row patterns.
  enum Outcome: UInt8, CaseIterable, Sendable {
    case booked, waitlisted, cancelled, noShow, attended

    var name: StaticString {
      switch self {
      case .booked: "booked"
      case .waitlisted: "waitlisted"
      case .cancelled: "cancelled"
      case .noShow: "no-show"
      case .attended: "attended"
      }
    }
  }

  var attendance: UInt32
  var member: UInt32
  var number: UInt32
  var booked: Int32
  /// 0 unless attended.
  var checkIn: Int32
  var updated: Int32
  var instructor: UInt16
  /// Minutes east of UTC when the class begins.
  var offset: Int16
  var club: UInt16
  /// The class's day minus the file's day, 0 to 14.
  var lead: UInt8
  var outcome: Outcome
  /// True for the row written when the class is booked, false for what became of it.
  var isBooking: Bool
}

/// A visit, in seconds after the simulation's epoch.
struct VisitEvent: Sendable {
  var member: UInt32
  var login: Int32
  var logout: Int32
  /// When the member checked in to a class; 0 without one.
  var checkIn: Int32 = 0
  /// When that class was over.
  var classEnds: Int32 = 0
  /// Minutes east of UTC.
  var offset: Int16
  var club: UInt16
  /// What kind of class it was.
  var classType: ClassType?
}

/// All that happened on one day, with the clean truth in it; the writers add the faults.
struct DayEvents: Sendable {
  /// From 0.
  var index = 0
  /// Days since 1970.
  var day = 0
  var profiles: [ProfileEvent] = []
  var memberships: [MembershipEvent] = []
  var cancellations: [CancellationEvent] = []
  var billing: [BillingEvent] = []
  var schedule: [ScheduleEvent] = []
  var attendance: [AttendanceEvent] = []
  var visits: [VisitEvent] = []
  /// The number of the day's first visit, from 1.
  var firstVisit = 1
  /// The classes of the day as they were held or called off.
  var classes: [ClassSlot] = []
  /// Members who have begun to wear a tracker.
  var newWearers: [UInt32] = []
  /// Members whose membership has ended.
  var leavers: [UInt32] = []
  /// Minutes east of UTC by club.
  var offsets: [Int16] = []
}
