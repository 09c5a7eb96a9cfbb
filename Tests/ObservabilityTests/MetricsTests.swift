import Basics
import Lakehouse
@testable import Observability
import Podium
import Runner
import RunnerTestKit
import TestKit
import Testing

@Suite("Metrics")
struct MetricsTests {
  @Test("Each table and the run have a line in CloudWatch's embedded metric format")
  func lines() throws {
    let lake = try TestLake()
    try lake.landPeople("a", "1,Annabella,Rome,1.00,5,put", "2,Ben,Paris,-7.77,5,put")
    let report = try lake.run(People.tables)
    let ledger = try #require(try Ledger.reading(lake.lake))
    let now = lake.lake.clock.now()
    let lines = EmbeddedMetrics(
      tool: "podium", lake: "/lake of Günter", addedBytes: ["silver.people": 500]
    ).lines(of: report, lags: try ledger.lags(of: report.run), now: now)
    #expect(lines.count == 4)
    for line in lines {
      try check(line)
      #expect(line["_aws"]?["Timestamp"]?.int == now.milliseconds)
      #expect(line["Lake"]?.string == "/lake of G?nter")
      #expect(line["Run"]?.string == report.run)
    }
    let silver = lines[1]
    #expect(silver["Table"]?.string == "silver.people")
    #expect(silver["RowsRead"]?.int == 2)
    #expect(silver["RowsInserted"]?.int == 1)
    #expect(silver["RowsQuarantined"]?.int == 1)
    #expect(silver["BytesAdded"]?.int == 500)
    #expect(silver["Failed"]?.int == 0)
    #expect(lines[0]["FilesTaken"]?.int == 1)
    #expect(lines[3]["TablesCommitted"]?.int == 3)
    #expect(lines[3]["Status"]?.string == "succeeded")
  }

  @Test("The lag of files is measured, but for a table's first load")
  func lag() throws {
    let lake = try TestLake()
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    func lines() throws -> [JSON] {
      let report = try lake.run(People.tables)
      let ledger = try #require(try Ledger.reading(lake.lake))
      return EmbeddedMetrics(tool: "podium", lake: "x", addedBytes: [:])
        .lines(of: report, lags: try ledger.lags(of: report.run), now: lake.lake.clock.now())
    }
    #expect(try lines().allSatisfy { $0["FileLag"] == nil })
    try lake.landPeople("b", "2,Ann,Rome,1.00,5,put")
    try lake.age("people/b.csv", to: 1_740_787_200 - 600)
    let second = try lines()
    let lag = try #require(second[0]["FileLag"]?.double)
    #expect(lag > 600)
    #expect(lag < 800)
    #expect(second[0]["_aws"]?.text.contains(#"{"Name":"FileLag","Unit":"Seconds"}"#) == true)
    #expect(second[1]["FileLag"] == nil)
    #expect(second[3]["FileLag"]?.double == lag)
  }

  /// What Amazon's page of the format demands of a document.
  private func check(_ line: JSON) throws {
    #expect(line.text.utf8.count < 256 << 10)
    let directives = try #require(line["_aws"]?["CloudWatchMetrics"]?.array)
    for directive in directives {
      #expect(directive.object?.map(\.name) == ["Namespace", "Dimensions", "Metrics"])
      #expect(directive["Namespace"]?.string == "Podium")
      for set in try #require(directive["Dimensions"]?.array) {
        let names = try #require(set.array).compactMap(\.string)
        #expect((1...30).contains(names.count))
        for name in names {
          let value = try #require(line[name]?.string)
          #expect((1...1024).contains(value.utf8.count))
          #expect(value.utf8.allSatisfy { $0 < 0x80 })
        }
      }
      let metrics = try #require(directive["Metrics"]?.array)
      #expect((1...100).contains(metrics.count))
      #expect(Set(metrics.compactMap { $0["Name"]?.string }).count == metrics.count)
      for metric in metrics {
        let name = try #require(metric["Name"]?.string)
        #expect((1...1024).contains(name.utf8.count))
        #expect(["Count", "Bytes", "Seconds"].contains(metric["Unit"]?.string))
        #expect(line[name]?.double != nil)
      }
    }
  }
}
