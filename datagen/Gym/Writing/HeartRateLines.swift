import Basics

/// The rows of one device's heart rates: text that stays the same, and two values in it.
struct HeartRateLines {
  private(set) var rows: RowWriter
  private(set) var dates: DateBytes
  /// What stands before the rate, between rate and time, and behind the time.
  private let head: [UInt8]
  private let middle: [UInt8]
  private let tail: [UInt8]

  init(_ rows: RowWriter, _ dates: DateBytes, device: Int) {
    self.rows = rows
    self.dates = dates
    let fields = GymSource.heartRate.fields
    if rows.isCSV {
      head = Array("\(device),".utf8)
      middle = Array(",".utf8)
      tail = Array("Z".utf8)
    } else {
      head = Array("{\"\(fields[0])\":\"\(device)\",\"\(fields[1])\":".utf8)
      middle = Array(",\"\(fields[2])\":\"".utf8)
      tail = Array("Z\"}".utf8)
    }
  }

  /// Adds a row.
  /// - Parameters:
  ///   - rate: 0 to 999.
  ///   - at: seconds since 1970, not before.
  @inline(__always)
  mutating func write(_ rate: Int, _ at: Int) {
    rows.cursor.reserve(128)
    let start = rows.cursor.count
    let bytes = rows.cursor.bytes
    var end = start
    copy(head, to: bytes, &end)
    if rate >= 100 {
      bytes[end] = 0x30 &+ UInt8(truncatingIfNeeded: rate / 100)
      end &+= 1
    }
    if rate >= 10 {
      bytes[end] = 0x30 &+ UInt8(truncatingIfNeeded: rate / 10 % 10)
      end &+= 1
    }
    bytes[end] = 0x30 &+ UInt8(truncatingIfNeeded: rate % 10)
    end &+= 1
    copy(middle, to: bytes, &end)
    let day = floorDivide(at, 86_400)
    dates.writeISO(day, to: bytes + end)
    bytes[end &+ 10] = 0x54
    (bytes + end).store(Digits.time(UInt32(truncatingIfNeeded: at &- day &* 86_400)), at: 11)
    end &+= 19
    copy(tail, to: bytes, &end)
    rows.cursor.count = end
    if rows.cursor.endRow() { rows.finishRow(from: start) }
  }

  @inline(__always)
  private func copy(
    _ text: [UInt8], to bytes: UnsafeMutablePointer<UInt8>, _ end: inout Int
  ) {
    text.withUnsafeBufferPointer { text in
      guard let from = text.baseAddress else { return }
      (bytes + end).update(from: from, count: text.count)
    }
    end &+= text.count
  }
}
