import DeltaLake
import TestKit
import Testing

@Suite("Eight processes that write one table at once", .serialized)
struct ManyWritersTests {
  /// What a writer does: it adds batches, changes its own, and moves everybody's rows together.
  private static func words(_ writer: Int, _ random: inout Seeded) -> [String] {
    var own: [String] = []
    return (0..<6).map { index in
      let new = "w\(writer)-\(index)"
      let kind = Int.random(in: 0..<8, using: &random)
      guard let old = own.randomElement(using: &random), kind >= 3 else {
        own.append(new)
        return "append:\(new)"
      }
      switch kind {
      case 3, 4:
        own.append(new)
        return "merge:\(old):\(new)"
      case 5: return "update:\(old)"
      case 6: return "optimize"
      default: return "zorder"
      }
    }
  }

  @Test("Each success is one version, and no row is lost or doubled, whoever reads meanwhile")
  func together() throws {
    let written = try TableUnderWriters()
    var random = Seeded(8)
    var batches: TableUnderWriters.Batches = [:]
    let plans = (0..<8).map { ManyWritersTests.words($0, &random) }
    let children = try plans.enumerated().map { try written.writer("w\($0)", $1, tries: 1_000) }
    var versions: [String: Int64] = [:]
    var read: Int64 = 0
    for (writer, child) in children.enumerated() {
      #expect(child.readLine() == "ready", "\(child.errorText)")
      for words in plans[writer] {
        let line = child.readLine() ?? "the writer ended: \(child.errorText)"
        let done = try #require(TableUnderWriters.done(line))
        versions["w\(writer)/\(done.index)"] = done.version
        TableUnderWriters.apply(words, to: &batches)
        // Others write while this one reads.
        let version = try written.table.table.snapshot().version
        #expect(version >= max(read, done.version))
        read = version
        #expect(try written.batches(version: version).values.allSatisfy { $0.count == 8 })
      }
      #expect(child.wait() == 0, "\(child.errorText)")
    }
    #expect(try written.batches() == batches)
    let commits = try written.commits()
    for (writer, version) in commits { #expect(versions[writer] == version, "\(writer)") }
    for (writer, words) in plans.enumerated() {
      for (index, words) in words.enumerated() where words.contains(":") {
        #expect(commits["w\(writer)/\(index)"] != nil, "\(words)")
      }
    }
    // One version for each, and the first.
    #expect(try written.table.table.snapshot().version == Int64(commits.count))
  }
}
