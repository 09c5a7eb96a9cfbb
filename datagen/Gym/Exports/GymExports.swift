import Basics
import Storage

/// Keeps the last days of a gym, and makes exports of them.
struct GymExports {
  static let truthPath = "_truth/exports.json"

  private var days: [DayEvents] = []

  /// Takes in a day; those before the last 14 are forgotten.
  mutating func add(_ day: DayEvents) {
    var kept = DayEvents()
    kept.day = day.day
    kept.classes = day.classes
    kept.attendance = day.attendance.filter { !$0.isBooking }
    days.append(kept)
    if days.count > GymExport.days { days.removeFirst() }
  }

  /// Writes all exports into a folder, in place of those that are there.
  /// - Returns: what is in them, as in the truth file of the sources.
  func write(_ simulation: Simulation, into store: any ObjectStore) throws -> JSON {
    var entries: [JSON.Member] = []
    for export in GymExport.allCases {
      let made = rows(of: export, simulation)
      try store.put(export.rawValue, made.bytes)
      entries.append(.init(export.rawValue, made.truth))
    }
    return .object(entries)
  }

  private func rows(of export: GymExport, _ simulation: Simulation) -> ExportRows {
    var made = ExportRows(export, simulation)
    switch export {
    case .users:
      for index in 0..<simulation.table.count { made.add(index, simulation.table[index]) }
    case .schedule:
      for day in days { for slot in day.classes { made.add(slot) } }
    case .attendance:
      for day in days { for event in day.attendance { made.add(event, day: day.day) } }
    }
    made.finish()
    return made
  }
}
