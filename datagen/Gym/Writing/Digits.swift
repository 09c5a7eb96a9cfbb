/// Decimal digits without a table and without a branch.
///
/// Digits are split in lanes of one 64-bit word, after Paul Khuong's "How to print integers really
/// fast" (2017). The first digit is the lowest byte, so words are stored in little-endian order.
enum Digits {
  /// Eight digits of a number below 100,000,000, with zeros in front.
  @inline(__always)
  static func eight(_ value: UInt32) -> UInt64 {
    let high = UInt64(value / 10_000)
    let low = UInt64(value % 10_000)
    let merged = high | low << 32
    let top = (merged &* 10_486) >> 20 & 0x0000_007F_0000_007F
    let pairs = (merged &- top &* 100) << 16 &+ top
    return ascii(pairs)
  }

  /// Writes nine digits of a number below 1,000,000,000, such as a class's.
  @inline(__always)
  static func nine(_ number: UInt32, to bytes: UnsafeMutablePointer<UInt8>) {
    bytes[0] = 0x30 &+ UInt8(truncatingIfNeeded: number / 100_000_000 % 10)
    bytes.store(eight(number % 100_000_000), at: 1)
  }

  /// Writes five digits of a number below 100,000, such as an instructor's.
  @inline(__always)
  static func five(_ number: UInt32, to bytes: UnsafeMutablePointer<UInt8>) {
    let digits = eight(number)
    bytes.store(UInt32(truncatingIfNeeded: digits >> 24), at: 0)
    bytes[4] = UInt8(truncatingIfNeeded: digits >> 56)
  }

  /// `HH:MM:SS` of the seconds of a day.
  @inline(__always)
  static func time(_ second: UInt32) -> UInt64 {
    let minutes = second / 60
    let hour = UInt64(minutes / 60)
    let digits = ascii(hour | UInt64(minutes % 60) << 16 | UInt64(second % 60) << 32)
    return digits & 0xFFFF | 0x3A << 16 | (digits & 0xFFFF_0000) << 8 | 0x3A << 40
      | (digits & 0xFFFF_0000_0000) << 16
  }

  /// `hh:mm:ss` of the seconds of a day on a clock of twelve hours: 0:30 is 12:30 and 13:00 is 01:00.
  @inline(__always)
  static func twelveHours(_ second: UInt32) -> UInt64 {
    let half = second < 43_200 ? second : second &- 43_200
    return time(half < 3600 ? half &+ 43_200 : half)
  }

  /// Two digits of a number below 100.
  @inline(__always)
  static func two(_ value: UInt16) -> UInt16 {
    let tens = (value &* 103) >> 10
    return (value &- tens &* 10) << 8 | tens | 0x3030
  }

  /// The digits of four numbers below 100, one in each 16 bits.
  @inline(__always)
  private static func ascii(_ pairs: UInt64) -> UInt64 {
    let tens = (pairs &* 103) >> 10 & 0x000F_000F_000F_000F
    return (pairs &- tens &* 10) << 8 &+ tens | 0x3030_3030_3030_3030
  }
}

extension UnsafeMutablePointer<UInt8> {
  @inline(__always)
  func store(_ value: UInt64, at offset: Int) {
    UnsafeMutableRawPointer(self).storeBytes(
      of: value.littleEndian, toByteOffset: offset, as: UInt64.self)
  }

  @inline(__always)
  func store(_ value: UInt32, at offset: Int) {
    UnsafeMutableRawPointer(self).storeBytes(
      of: value.littleEndian, toByteOffset: offset, as: UInt32.self)
  }

  @inline(__always)
  func store(_ value: UInt16, at offset: Int) {
    UnsafeMutableRawPointer(self).storeBytes(
      of: value.littleEndian, toByteOffset: offset, as: UInt16.self)
  }
}
