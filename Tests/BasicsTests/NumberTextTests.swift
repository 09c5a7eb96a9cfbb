import Basics
import Testing

@Suite("Numbers in words")
struct NumberTextTests {
  @Test(
    "Thousands are parted by commas",
    arguments: [
      (0, "0"), (999, "999"), (1000, "1,000"), (-1000, "-1,000"), (1_234_567, "1,234,567"),
      (Int.min, "-9,223,372,036,854,775,808"),
    ])
  func commas(value: Int, expected: String) {
    #expect(grouped(value) == expected)
  }

  @Test("One thing is named in the singular")
  func counts() {
    #expect(counted(0, "row") == "0 rows")
    #expect(counted(1, "row") == "1 row")
    #expect(counted(12_345, "row") == "12,345 rows")
    #expect(counted(2, "entry", "entries") == "2 entries")
  }

  @Test("Decimals are fixed, half away from zero")
  func decimals() {
    #expect(fixed(1234.5, decimals: 0) == "1,235")
    #expect(fixed(-0.125, decimals: 2) == "-0.13")
    #expect(fixed(-0.001, decimals: 2) == "0.00")
    #expect(fixed(2, decimals: 3) == "2.000")
    #expect(fixed(.nan, decimals: 1) == "NaN")
    #expect(fixed(-.infinity, decimals: 1) == "-Infinity")
    #expect(fixed(1e300, decimals: 1) == "1e+300")
  }

  @Test(
    "Bytes have the unit that leaves a number below 1,000",
    arguments: [
      (0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1.0 kB"), (9949, "9.9 kB"),
      (9950, "10 kB"), (999_499, "999 kB"), (999_500, "1.0 MB"), (12_345_678, "12 MB"),
      (5_000_000_000, "5.0 GB"), (Int.max, "9.2 EB"), (-1500, "-1.5 kB"),
    ])
  func bytes(value: Int, expected: String) {
    #expect(bytesText(value) == expected)
  }

  @Test(
    "Lengths of time are told in the two units that matter",
    arguments: [
      (0, "0 ms"), (0.0854, "85 ms"), (0.9994, "999 ms"), (0.9996, "1.0 s"), (2.34, "2.3 s"),
      (9.96, "10 s"), (59.4, "59 s"), (59.6, "1 min 00 s"), (65, "1 min 05 s"),
      (3599.6, "1 h 00 min"), (7380, "2 h 03 min"), (172_799, "2 d 00 h"), (200_000, "2 d 08 h"),
      (-1, "-1 s"), (Double.infinity, "Infinity s"),
    ])
  func durations(seconds: Double, expected: String) {
    #expect(durationText(seconds: seconds) == expected)
  }
}
