import Basics
import DeltaTestKit
import Storage
import Testing

@Suite("Any sequence of operations")
struct TablePropertyTests {
  /// Seeds are told in blocks, so that a failure names its own.
  private static let blocks = stride(from: UInt64(1), through: 2_000, by: 100).map { $0 }

  @Test("It leaves every version with the rows that it must have", arguments: blocks)
  func versions(first: UInt64) throws {
    for seed in first..<first + 100 {
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
