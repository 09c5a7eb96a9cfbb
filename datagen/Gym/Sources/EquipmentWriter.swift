import Basics
import Faker

/// Writes which machines members used during a visit.
struct EquipmentWriter: SourceWriter {
  /// The machines of one type in one club, numbered through.
  struct Park {
    let first: Int
    let choice: Zipf
  }

  /// One use of a machine.
  private struct Use {
    var visit: VisitEvent
    var type: MachineType
    /// From 1, within club and type.
    var machine: Int
    var reps: Int
    var halfKilograms: Int
    var seconds: Int
    /// Seconds after the simulation's epoch.
    var at: Int
  }

  /// How many machines a member uses during a visit.
  private static let uses = AliasTable(weights: [12, 14, 22, 24, 17, 11])

  var rows: RowWriter
  private let seed: UInt64
  let clubs: [Club]
  private let epoch: Int
  private var dates = DateBytes()
  private var strange: QuirkSampler
  /// By club, then type.
  private(set) var parks: [Park] = []
  private(set) var keys = 0
  private var impossible = 0
  /// By machine: uses and seconds of rows with possible repetitions.
  private(set) var sums: [(uses: Int, seconds: Int)] = []

  init(_ simulation: Simulation) {
    rows = RowWriter(.equipmentUsage, simulation.settings)
    seed = simulation.seed
    clubs = simulation.clubs
    epoch = simulation.epochDay * 86_400
    strange = QuirkSampler(simulation.settings, .equipmentUsage, "impossible_reps")
    let settings = simulation.settings
    let choices = MachineType.allCases.map {
      // Those near the entrance are used most.
      Zipf(count: $0.count(members: settings.members, clubs: settings.clubs), exponent: 0.35)
    }
    for _ in clubs {
      for (type, choice) in zip(MachineType.allCases, choices) {
        parks.append(Park(first: sums.count, choice: choice))
        let count = type.count(members: settings.members, clubs: settings.clubs)
        sums += [(uses: Int, seconds: Int)](repeating: (0, 0), count: count)
      }
    }
  }

  var counts: [(name: String, count: Int)] { [("impossible_reps", impossible)] }

  mutating func write(_ day: DayEvents) {
    var random = SeededRandom(seed: seed, "equipment", UInt64(bitPattern: Int64(day.day)))
    for visit in day.visits {
      let wanted = EquipmentWriter.uses.draw(&random)
      // Who comes for a class trains afterwards.
      let begin = visit.classType == nil ? visit.login + 240 : visit.classEnds + 60
      var at = Int(begin) + random.below(240)
      for _ in 0..<wanted {
        guard let use = use(visit, at: at, &random), at + use.seconds < Int(visit.logout) - 60
        else { break }
        write(use)
        at += use.seconds + 60 + random.below(240)
      }
    }
  }

  private func use(_ visit: VisitEvent, at: Int, _ random: inout SeededRandom) -> Use? {
    let choice = MachineType.choice.draw(&random)
    guard let type = MachineType(rawValue: UInt8(truncatingIfNeeded: choice)) else { return nil }
    let park = parks[Int(visit.club) * MachineType.allCases.count + choice]
    let reps = type.isCardio ? 0 : 6 + random.below(11)
    return Use(
      visit: visit, type: type, machine: park.choice.draw(&random) + 1, reps: reps,
      halfKilograms: type.isCardio ? 0 : type.halfKilograms(&random),
      seconds: type.seconds(reps: reps, &random), at: at)
  }

  private mutating func write(_ use: Use) {
    var reps = use.reps
    if !use.type.isCardio, strange.hits() {
      // Half of the faults are negative, half far too many.
      let bits = strange.detail()
      reps = bits & 1 == 0 ? -reps : 1001 + Int(bits >> 1 % 9000)
      impossible += 1
    } else {
      let park = parks[Int(use.visit.club) * MachineType.allCases.count + Int(use.type.rawValue)]
      sums[park.first + use.machine - 1].uses += 1
      sums[park.first + use.machine - 1].seconds += use.seconds
    }
    keys += 1
    rows.beginRow()
    rows.id10(UInt8(ascii: "U"), keys)
    rows.text(id(club: Int(use.visit.club), use.type, use.machine))
    rows.word(use.type.name)
    rows.id7(UInt8(ascii: "M"), use.visit.member + 1)
    rows.text(clubs[Int(use.visit.club)].id)
    rows.int(reps)
    rows.field()
    rows.digits(use.halfKilograms / 2)
    rows.raw(use.halfKilograms % 2 == 0 ? ".0" : ".5")
    rows.int(use.seconds)
    rows.local(epoch + use.at, offset: use.visit.offset, &dates)
    rows.endRow()
  }

  func id(club: Int, _ type: MachineType, _ machine: Int) -> String {
    "\(clubs[club].id)-\(type.code)-\(padded(machine, 2))"
  }
}
