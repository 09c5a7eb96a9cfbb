import Basics

/// When something is done again and again.
public enum Recurrence: Hashable, Sendable {
  /// Every so many seconds; whole minutes.
  case every(seconds: Int)
  /// Once a day, at a time of the day.
  case daily(hour: Int, minute: Int)

  /// Reads a time of the day, `HH:mm`; nil for anything else.
  public init?(timeOfDay text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }),
      parts.allSatisfy({ $0.utf8.allSatisfy { $0 &- 0x30 < 10 } }), let hour = Int(parts[0]),
      let minute = Int(parts[1]), hour < 24, minute < 60
    else { return nil }
    self = .daily(hour: hour, minute: minute)
  }

  /// A time between two runs in the largest unit that fits: `2d`, `36h`, `45m` or `450s`.
  static func words(_ seconds: Int) -> String {
    for (unit, length) in [("d", 86_400), ("h", 3600), ("m", 60)]
    where seconds > 0 && seconds % length == 0 {
      return "\(seconds / length)\(unit)"
    }
    return "\(seconds)s"
  }

  /// The five fields of cron; nil for a time between that divides neither the hour nor the day.
  public var cron: String? {
    switch self {
    case .daily(let hour, let minute): return "\(minute) \(hour) * * *"
    case .every(let seconds):
      guard seconds > 0, seconds % 60 == 0 else { return nil }
      let minutes = seconds / 60
      if minutes == 1 { return "* * * * *" }
      if minutes < 60 { return 60 % minutes == 0 ? "*/\(minutes) * * * *" : nil }
      guard minutes % 60 == 0 else { return nil }
      let hours = minutes / 60
      if hours == 1 { return "0 * * * *" }
      if hours < 24 { return 24 % hours == 0 ? "0 */\(hours) * * *" : nil }
      return hours == 24 ? "0 0 * * *" : nil
    }
  }

  /// A calendar event of systemd; nil for a time between that divides neither the hour nor the day.
  var calendar: String? {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    switch self {
    case .daily(let hour, let minute): return "*-*-* \(two(hour)):\(two(minute)):00"
    case .every(let seconds):
      guard cron != nil else { return nil }
      let minutes = seconds / 60
      if minutes < 60 { return "*-*-* *:00/\(minutes):00" }
      return minutes < 1440 ? "*-*-* 00/\(minutes / 60):00:00" : "*-*-* 00:00:00"
    }
  }
}
