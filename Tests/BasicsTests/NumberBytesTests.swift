import Basics
import Testing

@Suite("Numbers and dates as bytes")
struct NumberBytesTests {
  private func text(_ body: (inout [UInt8]) -> Void) -> String {
    var bytes: [UInt8] = []
    body(&bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test("The digits are those of the number's text", arguments: [0, 9, 10, -1, 1234, .max, .min])
  func digits(value: Int64) {
    #expect(text { write(value, to: &$0) } == String(value))
  }

  @Test("Dates and instants are those of their texts, in any century")
  func instants() {
    for micros: Int64 in [
      0, -1, 1, 999_999, 86_399_999_999, 1_700_000_000_000_000, 253_402_300_800_000_000,
      -62_167_219_200_000_000, -62_167_219_200_000_001, .min, .max,
    ] {
      let instant = Timestamp(microseconds: micros)
      let decimals = micros % 1_000_000 == 0 ? 0 : 6
      let expected = instant.text(decimals: decimals)
      #expect(text { instant.write(separator: 0x54, zone: 0x5A, to: &$0) } == expected)
      let local = instant.text(decimals: decimals, separator: " ", zone: "")
      #expect(text { instant.write(separator: 0x20, zone: nil, to: &$0) } == local)
      #expect(text { instant.date.write(to: &$0) } == instant.date.description)
    }
  }
}
