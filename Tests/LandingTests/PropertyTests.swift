import Basics
import Landing
import Storage
import TestKit
import Testing

@Suite("Random files")
struct PropertyTests {
  @Test(
    "Records written in any format are read back equal, whatever the sizes of the buffers",
    arguments: ["csv", "json", "ndjson"], ["", ".gz", ".lz4"])
  func roundTrip(records: String, compression: String) throws {
    for seed in Seeds.first(150) {
      var file = RandomFile(seed: seed)
      switch records {
      case "csv": file.writeCSV()
      case "json": file.writeArray()
      default: file.writeLines()
      }
      let mark = file.generator.once(in: 4) ? "\u{FEFF}" : ""
      let name = "random.\(records)\(compression)"
      let options = LandingOptions(
        chunkBytes: Int.random(in: 1...200, using: &file.generator),
        windowBytes: Int.random(in: 16...300, using: &file.generator),
        batchRows: Int.random(in: 1...50, using: &file.generator),
        batchBytes: Int.random(in: 1...5000, using: &file.generator))
      let bytes = try compressed(mark + file.text, as: name)
      let reading: Reading
      do {
        reading = try read(bytes, as: name, file.fields, options: options)
      } catch {
        Issue.record("seed \(seed): \(error)")
        continue
      }
      #expect(reading.summary.content == ContentHash(of: bytes), "seed \(seed)")
      #expect(reading.summary.records == Int64(file.expected.count), "seed \(seed)")
      try #require(reading.rows.count == file.expected.count, "seed \(seed)")
      for (row, expected) in zip(reading.rows, file.expected) {
        #expect(row.values == expected.values, "seed \(seed)")
        #expect(row.line == expected.line, "seed \(seed)")
        let rescued = try members(row.rescued)
        #expect(rescued == expected.rescued, "seed \(seed)")
      }
      checkCounts(reading.summary.notes, file.expected, "seed \(seed)")
    }
  }

  /// A note on a column that is not declared says in how many records it has a value.
  private func checkCounts(
    _ notes: [LandingNote], _ expected: [RandomFile.Expected], _ comment: Comment
  ) {
    for case .unknownColumn(let name, let records, _) in notes {
      let count = expected.count { !($0.rescued[name] ?? .null).isNull }
      #expect(records == Int64(count), comment)
    }
  }

  private func members(_ text: String?) throws -> [String: JSON] {
    guard let text else { return [:] }
    let members = try #require(try JSON(parsing: text).object)
    #expect(Set(members.map(\.name)).count == members.count)
    return Dictionary(members.map { ($0.name, $0.value) }) { $1 }
  }
}
