import Basics
import Engines
import Faker
import Lakehouse
import LakeCare
import Podium
import Runner
import RunnerTestKit
import Storage
import TestFiles

extension TestLake {
  /// Takes a person out of all layers, as `forget` does.
  @discardableResult
  func forget(
    _ ids: String..., from tables: [Table], removesUnreadable: Bool = false
  ) throws -> ForgetReport {
    let care = try care(tables)
    return try care.carryOut(
      care.planForgetting(
        ForgetRequest(
          ids: ids, removesUnreadable: removesUnreadable,
          asOf: CivilDate(year: 2025, month: 3, day: 1))))
  }

  /// The lake's files that hold one of some texts, in any case: as they are, decompressed, and the
  /// values of Parquet files.
  func files(holding texts: [String]) throws -> [String] {
    let needles = texts.map { Array($0.lowercased().utf8) }
    let session = try TestLake.engine.session()
    return try Files.all(below: path).filter { file in
      let name = file.hasPrefix("/") ? file : path + "/" + file
      let bytes = try Files.read(name)
      var all = [bytes, Array(name.utf8)]
      if name.hasSuffix(".gz") { all.append(try Gzip.decompress(bytes)) }
      if name.hasSuffix(".lz4") { all.append(try LZ4Frame.decompress(bytes)) }
      if name.hasSuffix(".parquet") {
        let rows = try session.connection.query(
          "SELECT CAST(r AS VARCHAR) FROM read_parquet(\(sqlLiteral(name))) AS r"
        ).rows()
        all += rows.map { Array(($0[0].string ?? "").utf8) }
      }
      return all.contains { bytes in
        let lower = bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        return needles.contains { ForgetBytes.hold(lower, $0) }
      }
    }
  }
}

enum ForgetBytes {
  /// True if bytes stand in others.
  static func hold(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
    guard let first = part.first, bytes.count >= part.count else { return false }
    return (0...(bytes.count - part.count)).contains { start in
      bytes[start] == first && bytes[start..<(start + part.count)].elementsEqual(part)
    }
  }
}

/// Landing files of a club, with one person's records and without.
struct ClubFiles {
  /// Ids of the one person, and what tells her.
  static let ids = ["MEM-0003", "MEM-0009"]
  static let traces =
    ids + ["DEV-77", "zoe.quill@mail.example", "555-010-7788", "Zoe Quill", "BOOK-3x", "BOOK-9x"]

  /// The records of a source in one file: values in the order of the columns, and whose they are.
  typealias Record = (values: [String], isHers: Bool)

  static func bytes(
    _ records: [Record], _ columns: [String], _ format: String, withHer: Bool
  ) throws -> [UInt8] {
    // Where she is left out her lines stay empty, so that all others keep theirs.
    let parts = format.split(separator: ".").map(String.init)
    func isKept(_ record: Record) -> Bool { withHer || !record.isHers }
    func object(_ record: Record) -> String {
      JSON.object(zip(columns, record.values).map { JSON.Member($0, .string($1)) }).text
    }
    let text: String
    switch parts.first {
    case "csv":
      text =
        columns.joined(separator: ",") + "\n"
        + records.map {
          (isKept($0) ? $0.values.map(quoted).joined(separator: ",") : "") + "\n"
        }.joined()
    case "ndjson": text = records.map { (isKept($0) ? object($0) : "") + "\n" }.joined()
    default:
      let last = records.lastIndex(where: isKept) ?? -1
      let end = parts.contains("wide") ? "\n" : ""
      let elements = records.enumerated().map { index, record in
        (isKept(record) ? object(record) + (index < last ? "," : "") : "") + end
      }
      text = "[" + end + elements.joined() + "]\n"
    }
    switch parts.last {
    case "gz": return try Gzip.compress(Array(text.utf8))
    case "lz4": return try LZ4Frame.compress(Array(text.utf8))
    default: return Array(text.utf8)
    }
  }

  private static func quoted(_ text: String) -> String {
    text.contains { ",\n\"".contains($0) }
      ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }

  /// The name of a file of a format.
  static func name(_ source: String, _ number: Int, _ format: String) -> String {
    "\(source)/\(source)\(number).\(format.replacing("wide.", with: "").replacing(".wide", with: ""))"
  }

  /// Lands a file of each source.
  static func land(_ number: Int, _ random: inout SeededRandom, in lakes: [(TestLake, Bool)]) throws
  {
    for (table, records) in records(&random, number) {
      let formats = ["csv", "csv.gz", "ndjson", "ndjson.lz4", "json", "json.wide", "csv.lz4"]
      let format = formats[Int.random(in: formats.indices, using: &random)]
      guard let folder = table.landing?.folder else { continue }
      for (lake, withHer) in lakes {
        try lake.land(
          name(folder, number, format),
          bytes: bytes(records, table.columns.map(\.name), format, withHer: withHer))
      }
    }
  }

  private static func records(
    _ random: inout SeededRandom, _ number: Int
  ) -> [(Table, [Record])] {
    func pick(_ values: [String]) -> String {
      values[Int.random(in: values.indices, using: &random)]
    }
    let hers = Int.random(in: 0...3, using: &random) > 0
    var members: [Record] = (0..<5).map { _ in
      let id = pick(["MEM-0001", "MEM-0002", "MEM-0004", "MEM-0005"])
      return (
        [
          id, "Ann, \"\n\(id)", "\(id)@mail.example", "555", pick(["Rome", "Oslo", "7"]),
          "\(Int.random(in: 1...20, using: &random))", "DEV-\(id.suffix(1))",
          pick(["put", "put", "put", "delete"]),
        ], false
      )
    }
    if hers || number == 0 {
      for id in ids {
        members.insert(
          (
            [
              id, "Zoe Quill",
              pick(["Zoe.Quill@Mail.example", "zoe.quill@mail.example"]).lowercased(),
              "555-010-7788", pick(["Rome", "Oslo", "7"]),
              "\(Int.random(in: 1...20, using: &random))", id == ids[0] ? "DEV-77" : "",
              number > 0 ? pick(["put", "put", "delete"]) : "put",
            ], true
          ), at: Int.random(in: 0...members.count, using: &random))
      }
    }
    var bookings: [Record] = []
    var words: [Record] = []
    for index in 0..<6 {
      let isHers = Int.random(in: 0...2, using: &random) == 0 && hers
      let id = isHers ? pick(ids) : pick(["MEM-0001", "MEM-0002", "MEM-0008", ""])
      let booking =
        isHers
        ? "BOOK-\(id.suffix(1))x\(number)\(index % 3)"
        : "OTHER-\(Int.random(in: 1...9, using: &random))"
      bookings.append(
        (
          [
            booking, id, pick(["spin", "yoga"]),
            "\(number * 5 + Int.random(in: 0...6, using: &random))",
            pick(["1.00", "2.50"]),
          ], isHers
        ))
      words.append(
        (["w\(number)\(index)", booking, isHers ? "Zoe Quill was here" : "good"], isHers))
    }
    let pulses: [Record] = (0..<6).map { _ in
      let isHers = Int.random(in: 0...2, using: &random) == 0 && hers
      return (
        [
          isHers ? "DEV-77" : pick(["DEV-1", "DEV-2"]),
          "\(Int.random(in: 0...30, using: &random))", "\(Int.random(in: 60...99, using: &random))",
        ], isHers
      )
    }
    let classes: [Record] = [([pick(["spin", "yoga"]), "room \(number)"], false)]
    return [
      (Club.feed, members), (Club.bookingFeed, bookings), (Club.wordFeed, words),
      (Club.pulseFeed, pulses), (Club.classFeed, classes),
    ]
  }
}
