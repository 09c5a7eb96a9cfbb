import Basics
import Faker

extension Simulation {
  /// Puts the classes of a day on the timetable; it is made known a week before.
  mutating func publish(_ target: Int) {
    let date = CivilDate(daysSinceEpoch: target)
    var classDay = ClassDay()
    classDay.day = target
    for club in clubs {
      let offset = club.zone.offsetMinutes(on: date)
      let week = timetable.weeks[club.index][date.weekday]
      let slots = week.map { slot(of: $0, club: club, day: target, offset: offset) }
      let extra = doubledHourSlot(club, day: date, like: week.first)
      classDay.append(slots, weights: week.map(\.weight), unlisted: extra)
      let at = (target - 7) * 86_400 + 4 * 3600 - offset * 60
      for slot in slots { note(slot, day: target, isNew: true, at: at) }
      if let extra { note(extra, day: target, isNew: true, at: at) }
    }
    classDays[target & 7] = classDay
    rosters[target & 7].removeAll(keepingCapacity: true)
  }

  private mutating func slot(
    of weekly: WeeklyClass, club: Club, day: Int, offset: Int
  ) -> ClassSlot {
    classes &+= 1
    let start = (day - epochDay) * 86_400 + (weekly.startMinute - offset) * 60
    return ClassSlot(
      number: classes, start: Int32(start), minutes: UInt16(weekly.type.duration),
      club: UInt16(club.index), instructor: UInt16(weekly.instructor),
      capacity: UInt16(weekly.capacity), offset: Int16(offset), type: weekly.type,
      title: UInt8(weekly.title))
  }

  /// A class at 1:30 on the day that has 1:30 twice: it takes place the first time, in daylight
  /// saving time, from 1:30 to 1:55.
  private mutating func doubledHourSlot(
    _ club: Club, day: CivilDate, like weekly: WeeklyClass?
  ) -> ClassSlot? {
    guard settings.quirks > 0, club.zone.repeatsAnHour(on: day), let weekly else { return nil }
    classes &+= 1
    let offset = club.zone.offsetMinutes(on: day + -1)
    let start = (day.daysSinceEpoch - epochDay) * 86_400 + (90 - offset) * 60
    return ClassSlot(
      number: classes, start: Int32(start), minutes: 25, club: UInt16(club.index),
      instructor: UInt16(weekly.instructor), capacity: 30, offset: Int16(offset), type: .yoga,
      title: 2)
  }

  /// Books some members for the 1:30 class of tomorrow, where there is one.
  mutating func bookDoubledHour() {
    let target = day + 1
    guard settings.quirks > 0, classDays[target & 7].day == target, table.count > 0 else { return }
    var random = SeededRandom(seed: seed, .special, day: day)
    for club in clubs
    where club.zone.repeatsAnHour(on: CivilDate(daysSinceEpoch: target)) {
      let (first, count) = classDays[target & 7].clubs[club.index]
      var wanted = 4 + random.below(6)
      for _ in 0..<400 where wanted > 0 {
        let index = random.below(table.count)
        let member = table.base + index
        let bit = UInt8(1) << UInt8(target & 7)
        guard member.pointee.status == .active, Int(member.pointee.club) == club.index,
          member.pointee.booked & bit == 0
        else { continue }
        let booked = midnight(day, club: club.index) + Int32(9 * 3600 + random.below(36_000))
        take(first + count, member, UInt32(index), target: target, booked: booked)
        wanted -= 1
      }
    }
  }

  /// Moves some of tomorrow's classes and calls some of today's off.
  mutating func changeSchedule() {
    var random = SeededRandom(seed: seed, .schedule, day: day)
    for index in classDays[(day + 1) & 7].slots.indices where random.chance(0.007) {
      var slot = classDays[(day + 1) & 7].slots[index]
      let shift = [-30, 30, 60, 90][random.below(4)]
      let second = 8 * 3600 + random.below(10 * 3600)
      let minute = (Int(slot.start) / 60 + Int(slot.offset)) % 1440 + shift
      guard (300...1280).contains(minute) else { continue }
      slot.start += Int32(shift * 60)
      slot.status = .rescheduled
      classDays[(day + 1) & 7].slots[index] = slot
      note(slot, day: day + 1, isNew: false, at: instant(club: Int(slot.club), second: second))
    }
    for index in classDays[day & 7].slots.indices where random.chance(0.01) {
      var slot = classDays[day & 7].slots[index]
      let earliest = midnight(day, club: Int(slot.club)) + 4 * 3600
      slot.calledOff = max(earliest, slot.start - Int32(7200 + random.below(7200)))
      guard slot.calledOff < slot.start else { continue }
      slot.status = .cancelled
      classDays[day & 7].slots[index] = slot
      note(slot, day: day, isNew: false, at: epochDay * 86_400 + Int(slot.calledOff))
    }
  }

  private mutating func note(_ slot: ClassSlot, day: Int, isNew: Bool, at: Int) {
    today.schedule.append(ScheduleEvent(slot: slot, day: Int32(day), isNew: isNew, at: at))
  }
}
