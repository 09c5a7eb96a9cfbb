/// The kinds of classes.
enum ClassType: UInt8, CaseIterable, Sendable {
  case spin, yoga, stretch, peloton, hiit, treadmill, pilates, boxing

  var name: StaticString {
    switch self {
    case .spin: "spin"
    case .yoga: "yoga"
    case .stretch: "stretch"
    case .peloton: "Peloton"
    case .hiit: "HIIT"
    case .treadmill: "treadmill"
    case .pilates: "pilates"
    case .boxing: "boxing"
    }
  }

  /// How much members like it, compared with the others.
  var popularity: Double {
    switch self {
    case .spin: 1.5
    case .yoga: 1.4
    case .stretch: 0.6
    case .peloton: 1.2
    case .hiit: 1.3
    case .treadmill: 0.7
    case .pilates: 1.0
    case .boxing: 0.9
    }
  }

  /// Places in a room of a usual club.
  var capacity: Int {
    switch self {
    case .spin: 24
    case .yoga: 22
    case .stretch: 16
    case .peloton: 18
    case .hiit: 20
    case .treadmill: 14
    case .pilates: 14
    case .boxing: 16
    }
  }

  /// Minutes.
  var duration: Int {
    switch self {
    case .spin, .hiit, .treadmill: 45
    case .stretch: 30
    case .yoga, .pilates, .boxing: 60
    case .peloton: 50
    }
  }

  /// How hard hearts work, of the distance from rest to their maximum.
  var effort: Double {
    switch self {
    case .spin: 0.8
    case .yoga: 0.42
    case .stretch: 0.28
    case .peloton: 0.78
    case .hiit: 0.84
    case .treadmill: 0.76
    case .pilates: 0.46
    case .boxing: 0.8
    }
  }

  /// What classes of this kind are called.
  var titles: [String] {
    switch self {
    case .spin: ["Power Spin", "Rhythm Ride", "Hill Climb Spin"]
    case .yoga: ["Vinyasa Flow", "Sunrise Yoga", "Yin Yoga"]
    case .stretch: ["Deep Stretch", "Mobility Reset"]
    case .peloton: ["Peloton Endurance", "Peloton Intervals"]
    case .hiit: ["HIIT 45", "Total Body HIIT", "Tabata HIIT"]
    case .treadmill: ["Treadmill Intervals", "Run Club Indoors"]
    case .pilates: ["Mat Pilates", "Pilates Core"]
    case .boxing: ["Boxing Basics", "Bag Work"]
    }
  }
}
