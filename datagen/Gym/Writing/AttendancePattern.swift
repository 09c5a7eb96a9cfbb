/// A row of the attendance file with everything in it that stays the same, and where the rest goes.
///
/// All rows of one outcome have the same length, so a row is one copy and a few stores.
struct AttendancePattern: Sendable {
  /// What a check-in's time looks like.
  enum Clock: Int, CaseIterable {
    /// `2025-01-05T17:03:00Z`
    case utc
    /// `2025-01-05T12:03:00-05:00`
    case offset
    /// `01/05/2025 12:03:00 PM`, in the club's time, without a zone.
    case american
  }

  private let memory: Memory
  let count: Int
  let attendance: Int
  let member: Int
  let number: Int
  let instructor: Int
  let date: Int
  let booked: Int
  let checkIn: Int
  let updated: Int

  /// The row with noughts where values go; valid as long as the pattern lives.
  @inline(__always)
  var bytes: UnsafeMutablePointer<UInt8> { memory.start }

  /// The pattern of an outcome.
  /// - Parameter clock: how the check-in is written; nil for an outcome without one.
  init(
    _ outcome: StaticString, clock: Clock?, isCSV: Bool, fields: [String]
  ) {
    let quote = isCSV ? "" : "\""
    var text = ""
    var places: [Int] = []
    let checkIn =
      switch clock {
      case nil: isCSV ? "" : "null"
      case .utc: "\(quote)0000-00-00T00:00:00Z\(quote)"
      case .offset: "\(quote)0000-00-00T00:00:00-00:00\(quote)"
      case .american: "\(quote)00/00/0000 00:00:00 AM\(quote)"
      }
    let quoted = [
      "A0000000000", "M0000000", "C000000000", "I00000", "0000-00-00", "0000-00-00T00:00:00Z",
    ].map { quote + $0 + quote }
    let values =
      quoted + [checkIn, "\(quote)\(outcome)\(quote)", "\(quote)0000-00-00T00:00:00Z\(quote)"]
    for (index, value) in values.enumerated() {
      if isCSV {
        if index > 0 { text += "," }
      } else {
        text += (index == 0 ? "{" : ",") + "\"\(fields[index])\":"
      }
      places.append(text.utf8.count + quote.utf8.count)
      text += value
    }
    if !isCSV { text += "}" }
    count = text.utf8.count
    memory = Memory(count: count)
    for (index, byte) in text.utf8.enumerated() { memory.start[index] = byte }
    attendance = places[0]
    member = places[1]
    number = places[2]
    instructor = places[3]
    date = places[4]
    booked = places[5]
    self.checkIn = places[6]
    updated = places[8]
  }
}
