import Faker

/// What members train on, besides classes.
enum MachineType: UInt8, CaseIterable, Sendable {
  case treadmill, bike, rower, elliptical, legPress, chestPress, latPulldown, cable

  var name: StaticString {
    switch self {
    case .treadmill: "treadmill"
    case .bike: "bike"
    case .rower: "rower"
    case .elliptical: "elliptical"
    case .legPress: "leg_press"
    case .chestPress: "chest_press"
    case .latPulldown: "lat_pulldown"
    case .cable: "cable"
    }
  }

  /// Two letters of a machine's id, as in `L01-TM-03`.
  var code: String {
    switch self {
    case .treadmill: "TM"
    case .bike: "BK"
    case .rower: "RW"
    case .elliptical: "EL"
    case .legPress: "LP"
    case .chestPress: "CP"
    case .latPulldown: "LD"
    case .cable: "CB"
    }
  }

  /// Machines of a club with 1,500 members; others have as many more or fewer.
  var machines: Int {
    switch self {
    case .treadmill: 10
    case .bike, .elliptical: 7
    case .rower: 5
    case .legPress, .chestPress, .latPulldown: 3
    case .cable: 4
    }
  }

  /// Hours of use after which a machine is serviced.
  var serviceHours: Int {
    switch self {
    case .treadmill: 220
    case .bike: 190
    case .rower, .elliptical: 170
    case .legPress, .cable: 60
    case .chestPress, .latPulldown: 65
    }
  }

  /// Without repetitions and weight.
  var isCardio: Bool { rawValue <= MachineType.elliptical.rawValue }

  /// How often each is chosen, in the order of the cases.
  static let choice = AliasTable(weights: [20, 11, 7, 10, 8, 9, 9, 12])

  /// Machines of this type in a club.
  func count(members: Int, clubs: Int) -> Int {
    max(1, min(999, machines * members / clubs / 1500))
  }

  /// Seconds of one use.
  func seconds(reps: Int, _ random: inout SeededRandom) -> Int {
    isCardio ? 300 + random.below(1500) : reps * 4 + 45 + random.below(90)
  }

  /// Half kilograms that a member presses, pulls or lifts, in steps of 2.5 kg.
  func halfKilograms(_ random: inout SeededRandom) -> Int {
    let steps =
      switch self {
      case .legPress: 16 + random.below(48)
      case .chestPress, .latPulldown: 6 + random.below(24)
      default: 2 + random.below(14)
      }
    return steps * 5
  }
}
