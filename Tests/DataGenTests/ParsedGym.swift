import Basics
import Storage
import Testing

@testable import DataGen

/// The files of a gym, read by means of their own rather than the generator's.
struct ParsedGym {
  /// One row of a file.
  struct Row: Hashable {
    /// The day in the file's name.
    let fileDay: String
    /// The row's values as text, by name; values that are null or empty are left out.
    let values: [String: String]

    subscript(name: String) -> String { values[name] ?? "" }
    func int(_ name: String) -> Int { Int(self[name]) ?? .min }
    /// A decimal with two digits behind the point, in hundredths.
    func cents(_ name: String) -> Int { Int(self[name].filter { $0 != "." }) ?? .min }
  }

  private(set) var rows: [GymSource: [Row]] = [:]
  let truth: JSON
  let expected: JSON

  init(_ store: MemoryStore) throws {
    truth = try JSON(parsing: store.read("_truth/truth.json"))
    expected = try JSON(parsing: store.read("_truth/expected.json"))
    for source in GymSource.allCases {
      var all: [Row] = []
      for file in try store.list(source.rawValue + "/") {
        let name = lastPathComponent(file.path)
        let day = String(name.dropFirst(source.rawValue.utf8.count + 1).prefix(10))
        let bytes = try store.read(file.path)
        let records =
          if name.hasSuffix(".csv") { try ParsedGym.csv(bytes) } else if name.hasSuffix(".lz4") {
            try ParsedGym.json(LZ4Frame.decompress(bytes))
          } else { try ParsedGym.json(bytes) }
        for record in records {
          #expect(record.map(\.0) == source.fields, "the fields of \(file.path)")
          let values = record.filter { !$0.1.isEmpty }
          all.append(Row(fileDay: day, values: [String: String](uniqueKeysWithValues: values)))
        }
      }
      rows[source] = all
    }
  }

  /// All rows of a source in the order of files and lines.
  func all(_ source: GymSource) -> [Row] { rows[source] ?? [] }

  /// The rows without exact repeats, in their order; the first one stays.
  func distinct(_ source: GymSource) -> [Row] {
    var seen: Set<[String: String]> = []
    return all(source).filter { seen.insert($0.values).inserted }
  }

  /// A count of the truth file.
  func count(_ source: GymSource, _ quirk: String) throws -> Int {
    let value = truth["sources"]?[source.rawValue]?["quirks"]?[quirk]?.int
    return Int(try #require(value, "\(source.rawValue) \(quirk)"))
  }

  private static func text(_ value: JSON) throws -> String {
    switch value {
    case .null: ""
    case .string(let text), .number(let text): text
    case .bool(let flag): flag ? "true" : "false"
    case .object: value.text
    case .array: try #require(nil as String?, "a nested value")
    }
  }

  /// Objects one a line, or in one array.
  private static func json(_ bytes: [UInt8]) throws -> [[(String, String)]] {
    #expect(bytes.last == 0x0A)
    let objects: [JSON]
    if bytes.first == UInt8(ascii: "[") {
      objects = try #require(JSON(parsing: bytes).array)
      #expect(bytes.filter { $0 == 0x0A }.count == objects.count + 2, "one object a line")
    } else {
      objects = try bytes.split(separator: 0x0A).map { try JSON(parsing: Array($0)) }
    }
    return try objects.map { object in
      try #require(object.object).map { ($0.name, try text($0.value)) }
    }
  }

  /// Records with a header; quotes as in RFC 4180, no newlines inside fields.
  private static func csv(_ bytes: [UInt8]) throws -> [[(String, String)]] {
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    let header = try #require(lines.first).split(separator: ",").map(String.init)
    return lines.dropFirst().map { line in
      var fields: [String] = [""]
      var quoted = false
      var before: Character?
      for character in line {
        defer { before = character }
        if character == "\"" {
          // A quote inside a quoted field stands there twice.
          if !quoted, before == "\"" { fields[fields.count - 1].append(character) }
          quoted.toggle()
        } else if character == ",", !quoted {
          fields.append("")
        } else {
          fields[fields.count - 1].append(character)
        }
      }
      return Array(zip(header, fields))
    }
  }
}

/// Seconds since 1970 of `2025-01-05T17:03:00Z` or `2025-01-05T12:03:00-05:00`.
func instant(_ text: String) throws -> Int {
  let day = try #require(CivilDate(text.prefix(10)), "\(text)")
  let parts = text.dropFirst(11).prefix(8).split(separator: ":").compactMap { Int($0) }
  try #require(parts.count == 3 && text.utf8.count > 19, "\(text)")
  let seconds = day.daysSinceEpoch * 86_400 + parts[0] * 3600 + parts[1] * 60 + parts[2]
  let zone = text.dropFirst(19)
  if zone == "Z" { return seconds }
  let offset = zone.dropFirst().split(separator: ":").compactMap { Int($0) }
  try #require(offset.count == 2 && (zone.first == "-" || zone.first == "+"), "\(text)")
  let minutes = offset[0] * 60 + offset[1]
  return seconds - (zone.first == "-" ? -minutes : minutes) * 60
}

/// Seconds of the local time `01/05/2025 12:03:00 PM`, as if it were UTC.
func americanClock(_ text: String) throws -> Int {
  let parts = text.split { "/ :".contains($0) }
  try #require(parts.count == 7 && text.utf8.count == 22, "\(text)")
  let numbers = parts.prefix(6).compactMap { Int($0) }
  try #require(numbers.count == 6 && (1...12).contains(numbers[3]), "\(text)")
  let day = CivilDate(year: numbers[2], month: numbers[0], day: numbers[1])
  let hour = numbers[3] % 12 + (parts[6] == "PM" ? 12 : 0)
  return day.daysSinceEpoch * 86_400 + hour * 3600 + numbers[4] * 60 + numbers[5]
}

/// A gym written into memory.
func makeGym(_ options: GymOptions) throws -> MemoryStore {
  let store = MemoryStore()
  _ = try GymGenerator(options).generate(into: store)
  return store
}

/// Every file of a store by its path.
func contents(_ store: MemoryStore) throws -> [String: [UInt8]] {
  var all: [String: [UInt8]] = [:]
  for object in try store.list("") { all[object.path] = try store.read(object.path) }
  return all
}
