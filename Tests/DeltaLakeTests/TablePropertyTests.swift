import Basics
import DeltaTestKit
import Storage
import TestKit
import Testing

@Suite("Any sequence of operations")
struct TablePropertyTests {
  /// Seeds are told in blocks, so that a failure names its own.
  private static let blocks = Seeds.blocks(2_000, of: 100)

  @Test("It leaves every version with the rows that it must have", arguments: blocks)
  func versions(seeds: ClosedRange<UInt64>) throws {
    for seed in seeds {
      // Files and commits are timed by one clock, as on a real machine.
      let clock = Clock.ticking()
      let table = TestTable(MemoryStore(clock: clock), clock: clock)
      ModelSQL.teach(table.parquet)
      table.parquet.rowsPerFile = 5
      var model = try TableModel(table, seed: seed)
      var difference: String?
      do {
        for _ in 0..<12 where difference == nil { difference = try model.step() }
        if difference == nil { difference = try model.compareAll() }
      } catch { difference = "\(error)" }
      #expect(difference == nil, "seed \(seed): \(model.log)")
    }
  }
}
