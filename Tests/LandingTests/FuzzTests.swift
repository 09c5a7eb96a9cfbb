import Basics
import Landing
import Storage
import TestKit
import Testing

@Suite("Damaged files")
struct FuzzTests {
  /// What a reader made of a file.
  private enum Result: Equatable {
    case rows([Row])
    case refused(LandingError)
  }

  private static let fields = ["field_0", "name", "note"]
  /// Stands in every value, so that an error that shows one is found.
  private static let secret = "GEHEIM 7"

  private static func file(_ records: String) -> String {
    let rows = (1...6).map { ["\($0)\(secret)", "Zoë \(secret) 😀", "\(secret)\n\"x\""] }
    switch records {
    case "csv":
      let lines = rows.map { row in
        row.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }.joined(separator: ",")
      }
      return "field_0,name,other\r\n" + lines.joined(separator: "\r\n") + "\r\n"
    default:
      let objects = rows.map { row in
        JSON.object([
          .init("field_0", .string(row[0])), .init("name", .string(row[1])),
          .init("other", .object([.init(row[2], .array([.number("-1.5e3"), .null]))])),
        ]).text
      }
      return records == "json"
        ? "[" + objects.joined(separator: ",\n ") + "]\n" : objects.joined(separator: "\n") + "\n"
    }
  }

  private static func mutate(
    _ bytes: [UInt8], _ generator: inout Seeded
  ) -> [UInt8] {
    var bytes = bytes
    let special = Array("\"\\,\n\r{}[]:0u\u{0}tfn-e.; ".utf8) + [0xFF, 0xC3, 0xF0, 0x80]
    for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
      let at = Int.random(in: 0..<bytes.count, using: &generator)
      let end = min(bytes.count, at + Int.random(in: 1...30, using: &generator))
      switch Int.random(in: 0..<7, using: &generator) {
      case 0: bytes[at] ^= 1 << UInt8.random(in: 0...7, using: &generator)
      case 1: bytes[at] = special[Int.random(in: 0..<special.count, using: &generator)]
      case 2: bytes.insert(special[Int.random(in: 0..<special.count, using: &generator)], at: at)
      case 3: bytes.removeSubrange(at..<end)
      case 4: bytes.insert(contentsOf: bytes[at..<end], at: at)
      case 5: bytes.removeSubrange(at...)
      default: bytes[at] = UInt8.random(in: 0...255, using: &generator)
      }
    }
    return bytes
  }

  /// Sizes at which a few records need several buffers.
  private static func smallSizes(_ generator: inout Seeded) -> LandingOptions {
    LandingOptions(
      chunkBytes: Int.random(in: 1...100, using: &generator),
      windowBytes: Int.random(in: 16...100, using: &generator),
      batchRows: Int.random(in: 1...5, using: &generator))
  }

  private func result(_ bytes: [UInt8], _ name: String, _ options: LandingOptions) throws -> Result
  {
    do {
      return .rows(try read(bytes, as: name, FuzzTests.fields, options: options).rows)
    } catch let error as LandingError {
      return .refused(error)
    }
  }

  @Test(
    "A damaged file gives rows or an error, the same for all sizes of buffers, and shows no value",
    arguments: ["csv", "json", "ndjson"])
  func plain(records: String) throws {
    let name = "x." + records
    let bytes = Array(FuzzTests.file(records).utf8)
    #expect(try result(bytes, name, tiny) == result(bytes, name, LandingOptions()))
    for seed in UInt64(1)...1500 {
      var generator = Seeded(seed)
      let damaged = FuzzTests.mutate(bytes, &generator)
      let options = FuzzTests.smallSizes(&generator)
      let first = try result(damaged, name, LandingOptions())
      let second = try result(damaged, name, options)
      #expect(first == second, "seed \(seed)")
      try check(first, "seed \(seed)")
    }
  }

  @Test(
    "A damaged compressed file gives rows or an error",
    arguments: ["csv", "json", "ndjson"], [".gz", ".lz4"])
  func compressedFiles(records: String, compression: String) throws {
    let name = "x.\(records)\(compression)"
    let bytes = try compressed(FuzzTests.file(records), as: name)
    for seed in UInt64(1)...500 {
      var generator = Seeded(seed)
      let damaged = FuzzTests.mutate(bytes, &generator)
      let options = FuzzTests.smallSizes(&generator)
      try check(try result(damaged, name, options), "seed \(seed)")
    }
  }

  @Test(
    "Every beginning of a compressed file is refused",
    arguments: ["csv", "json", "ndjson"], [".gz", ".lz4"])
  func cut(records: String, compression: String) throws {
    let name = "x.\(records)\(compression)"
    let bytes = try compressed(FuzzTests.file(records), as: name)
    for count in 0..<bytes.count {
      let result = try result(Array(bytes[..<count]), name, LandingOptions(chunkBytes: 16))
      guard case .refused(let error) = result else {
        Issue.record("\(count) of \(bytes.count) bytes were read")
        continue
      }
      #expect(error.code == .torn, "\(count) of \(bytes.count) bytes")
    }
  }

  @Test(
    "Every beginning of a plain file gives rows or an error", arguments: ["csv", "json", "ndjson"])
  func cutPlain(records: String) throws {
    let bytes = Array(FuzzTests.file(records).utf8)
    for count in 0..<bytes.count {
      let cut = Array(bytes[..<count])
      let first = try result(cut, "x." + records, LandingOptions())
      #expect(try result(cut, "x." + records, tiny) == first, "\(count) bytes")
      try check(first, "\(count) bytes")
    }
  }

  private func check(_ result: Result, _ comment: Comment) throws {
    switch result {
    case .rows(let rows):
      #expect(zip(rows, rows.dropFirst()).allSatisfy { $0.line <= $1.line }, comment)
      for text in rows.flatMap({ $0.values + [$0.rescued] }).compactMap({ $0 }) {
        #expect(!text.utf8.contains(0), comment)
      }
      for rescued in rows.compactMap(\.rescued) {
        _ = try JSON(parsing: rescued)
      }
    case .refused(let error):
      switch error.reason {
      // These show names of columns, which is what a damaged header line is taken for.
      case .headerMismatch, .duplicateHeader: break
      default: #expect(!"\(error)".contains("GEHEIM"), comment)
      }
      #expect(error.file.hasPrefix("x."), comment)
    }
  }
}
