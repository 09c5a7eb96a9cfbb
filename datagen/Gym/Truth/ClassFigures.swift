import Basics

/// What the simulation knows of classes: how many came to which, by month and by week.
struct ClassFigures: Sendable {
  /// A class by club, type and title.
  struct Title: Hashable, Sendable {
    var club: UInt16
    var type: ClassType
    var title: UInt8

    var name: String { type.titles[Int(title)] }
    var location: String { "L" + padded(Int(club) + 1, 2) }
  }

  private struct Counts: Sendable {
    var sessions = 0
    var cancelled = 0
    var bookings = 0
    var attended = 0
    var waitlisted = 0
  }

  /// By month, counted from 1970.
  private var months: [Int: [Title: Counts]] = [:]
  /// The week that is counted (its Monday), and attended bookings in it.
  private var week = Int.min
  private var attended: [Title: Int] = [:]
  /// The ten classes of most attended bookings of earlier weeks, by Monday.
  private var tops: [Int: [(Title, Int)]] = [:]

  /// Counts a day's classes and what became of their bookings.
  mutating func add(_ day: DayEvents) {
    let monday = Figures.monday(day.day)
    if monday != week {
      close()
      week = monday
    }
    var titles: [UInt32: Title] = [:]
    var counts = months[Figures.month(day.day)] ?? [:]
    for slot in day.classes {
      let title = Title(club: slot.club, type: slot.type, title: slot.title)
      titles[slot.number] = title
      if slot.status == .cancelled {
        counts[title, default: Counts()].cancelled += 1
      } else {
        counts[title, default: Counts()].sessions += 1
      }
    }
    for event in day.attendance where !event.isBooking {
      guard let title = titles[event.number] else { continue }
      counts[title, default: Counts()].bookings += 1
      switch event.outcome {
      case .attended:
        counts[title, default: Counts()].attended += 1
        attended[title, default: 0] += 1
      case .waitlisted: counts[title, default: Counts()].waitlisted += 1
      case .booked, .cancelled, .noShow: break
      }
    }
    months[Figures.month(day.day)] = counts
  }

  /// Notes the ten classes of the week that was counted.
  private mutating func close() {
    guard !attended.isEmpty else { return }
    tops[week] = ClassFigures.top(attended)
    attended = [:]
  }

  private static func top(_ attended: [Title: Int]) -> [(Title, Int)] {
    let order = attended.sorted {
      (-$0.value, $0.key.location, $0.key.name) < (-$1.value, $1.key.location, $1.key.name)
    }
    return order.prefix(10).map { ($0.key, $0.value) }
  }
}

extension ClassFigures {
  var expected: [JSON.Member] {
    var whole = self
    whole.close()
    return [
      .init(
        "class_popularity",
        .object(
          months.sorted { $0.key < $1.key }.map { month, counts in
            .init(Truth.monthName(month), .array(ClassFigures.rows(counts)))
          })),
      .init(
        "top_classes_by_week",
        .object(
          whole.tops.sorted { $0.key < $1.key }.map { monday, titles in
            .init(
              CivilDate(daysSinceEpoch: monday).description,
              .array(
                titles.map { title, attended in
                  .object([
                    .init("location_id", .string(title.location)),
                    .init("class_name", .string(title.name)), .init("attended", .int(attended)),
                  ])
                }))
          })),
    ]
  }

  private static func rows(_ counts: [Title: Counts]) -> [JSON] {
    let order = counts.sorted {
      ($0.key.location, $0.key.name) < ($1.key.location, $1.key.name)
    }
    return order.map { title, counts in
      .object([
        .init("location_id", .string(title.location)),
        .init("class_name", .string(title.name)),
        .init("class_type", .string(title.type.name.description.lowercased())),
        .init("sessions", .int(counts.sessions)), .init("cancelled", .int(counts.cancelled)),
        .init("bookings", .int(counts.bookings)), .init("attended", .int(counts.attended)),
        .init("waitlisted", .int(counts.waitlisted)),
      ])
    }
  }
}
