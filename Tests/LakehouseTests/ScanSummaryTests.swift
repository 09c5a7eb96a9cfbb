import Basics
import Lakehouse
import Testing

@Suite("What a query read")
struct ScanSummaryTests {
  @Test(
    "Athena charges 5 USD a terabyte, in whole megabytes, of which at least ten count",
    arguments: [
      (Int64(0), 0.00005), (1, 0.00005), (10_000_000, 0.00005), (10_000_001, 0.000055),
      (1_000_000_000_000, 5.0), (2_500_000_000_001, 12.500005),
    ])
  func athena(_ bytes: Int64, _ dollars: Double) {
    let scan = ScanSummary([], measured: bytes)
    #expect(abs(scan.athenaDollars - dollars) < 1e-12)
  }

  @Test("More bytes read than the files have are no bytes skipped")
  func more() {
    let scan = ScanSummary([], measured: 5)
    #expect(scan.bytes == 5)
    #expect(scan.skippedBytes == 0)
    #expect(scan.description == "read 0 of 0 files, 0 of 0 rows, 5 bytes of 5 bytes")
  }

  @Test("The process's reads grow by what it reads")
  func measured() throws {
    let before = try #require(bytesReadByProcess())
    let after = try #require(bytesReadByProcess())
    #expect(after > before)
  }
}
