import Basics
import Faker

/// Writes who used the sauna, the pool, the steam room and the courts during a visit.
struct FacilityWriter: SourceWriter {
  private static let facilities: [StaticString] = ["sauna", "pool", "steam", "court"]
  private static let choice = AliasTable(weights: [9, 7, 5, 3])

  var rows: RowWriter
  private let seed: UInt64
  private let clubs: [Club]
  private let epoch: Int
  private var dates = DateBytes()
  private var negatives: QuirkSampler
  private var absurds: QuirkSampler
  private(set) var keys = 0
  private var negative = 0
  private var absurd = 0
  /// By facility, then hour of the day: uses with a possible duration, and their minutes.
  private var hours = [(uses: Int, minutes: Int)](
    repeating: (0, 0), count: 24 * FacilityWriter.facilities.count)

  init(_ simulation: Simulation) {
    rows = RowWriter(.facilityUsage, simulation.settings)
    seed = simulation.seed
    clubs = simulation.clubs
    epoch = simulation.epochDay * 86_400
    negatives = QuirkSampler(simulation.settings, .facilityUsage, "negative_durations")
    absurds = QuirkSampler(simulation.settings, .facilityUsage, "absurd_durations")
  }

  var counts: [(name: String, count: Int)] {
    [("negative_durations", negative), ("absurd_durations", absurd)]
  }

  var expected: [JSON.Member] {
    let byFacility = FacilityWriter.facilities.enumerated().map { facility, name in
      let hours = (0..<24).compactMap { hour -> JSON.Member? in
        let sum = self.hours[facility * 24 + hour]
        guard sum.uses > 0 else { return nil }
        return JSON.Member(
          "\(hour)",
          .object([.init("uses", .int(sum.uses)), .init("minutes", .int(sum.minutes))]))
      }
      return JSON.Member(name.description, .object(hours))
    }
    return [.init("facility_usage_by_hour", .object(byFacility))]
  }

  mutating func write(_ day: DayEvents) {
    var random = SeededRandom(seed: seed, "facility", UInt64(bitPattern: Int64(day.day)))
    for visit in day.visits {
      let stay = Int(visit.logout - visit.login) / 60
      guard random.chance(0.2), stay >= 20 else { continue }
      let facility = FacilityWriter.choice.draw(&random)
      var minutes = min(stay - 8, 10 + random.below(facility == 3 ? 60 : 35))
      let start = Int(visit.login) + 60 * (3 + random.below(max(1, stay - minutes - 3)))
      // Each fault has its own stream; a duration can have only one of the two.
      if negatives.hits() {
        minutes = -minutes
        negative += 1
      } else if absurds.hits() {
        minutes = 1441 + Int(absurds.detail() % 90_000)
        absurd += 1
      } else {
        let second = epoch + start + Int(visit.offset) * 60
        let hour = (second - floorDivide(second, 86_400) * 86_400) / 3600
        hours[facility * 24 + hour].uses += 1
        hours[facility * 24 + hour].minutes += minutes
      }
      keys += 1
      rows.beginRow()
      rows.id10(UInt8(ascii: "F"), keys)
      rows.id7(UInt8(ascii: "M"), visit.member + 1)
      rows.text(clubs[Int(visit.club)].id)
      rows.word(FacilityWriter.facilities[facility])
      rows.local(epoch + start, offset: visit.offset, &dates)
      rows.int(minutes)
      rows.endRow()
    }
  }
}
