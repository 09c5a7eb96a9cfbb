import Basics
import Engines

/// Objects whose members are the columns: one array of them, or one on each line.
struct JSONFormat: RowFormat {
  /// `"name":` of each column, ready to write.
  private let names: [[UInt8]]
  /// True where control characters that JSON allows are escaped too, for a terminal.
  private let escapes: Bool
  /// True for one object a line and nothing around them.
  private let lines: Bool
  private var isFirst = true

  init(_ columns: [ResultColumn], escapes: Bool, lines: Bool) {
    self.escapes = escapes
    self.lines = lines
    names = JSONFormat.unique(columns.map(\.name)).map { name in
      var bytes: [UInt8] = []
      JSONFormat.add(name, escapes: escapes, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      return bytes
    }
  }

  /// Names that repeat get a number that no other column has: `a`, `a_2`, `a_3`.
  static func unique(_ names: [String]) -> [String] {
    var taken = Set(names)
    var seen: Set<String> = []
    return names.map { name in
      guard !seen.insert(name).inserted else { return name }
      var number = 2
      while !taken.insert("\(name)_\(number)").inserted { number += 1 }
      return "\(name)_\(number)"
    }
  }

  mutating func begin(_ out: inout [UInt8]) {
    if !lines { out.append(UInt8(ascii: "[")) }
  }

  mutating func add(_ row: [Value], to out: inout [UInt8]) {
    if !lines { out.append(contentsOf: (isFirst ? "\n  " : ",\n  ").utf8) }
    isFirst = false
    out.append(UInt8(ascii: "{"))
    for (index, value) in row.enumerated() {
      if index > 0 { out.append(UInt8(ascii: ",")) }
      out.append(contentsOf: names[index])
      add(value, to: &out)
    }
    out.append(UInt8(ascii: "}"))
    if lines { out.append(UInt8(ascii: "\n")) }
  }

  mutating func end(_ out: inout [UInt8]) {
    if !lines { out.append(contentsOf: (isFirst ? "]\n" : "\n]\n").utf8) }
  }

  private func add(_ value: Value, to out: inout [UInt8]) {
    switch value {
    case .null: out.append(contentsOf: "null".utf8)
    case .text(let text): JSONFormat.add(text, escapes: escapes, to: &out)
    case .bool, .int, .unsigned, .decimal: value.writePlain(to: &out)
    case .date, .timestamp, .time:
      out.append(UInt8(ascii: "\""))
      value.writePlain(to: &out)
      out.append(UInt8(ascii: "\""))
    case .list, .structure, .map: add(nested: value.json, to: &out)
    default: value.json.write(to: &out)
    }
  }

  private func add(nested json: JSON, to out: inout [UInt8]) {
    guard escapes else { return json.write(to: &out) }
    // Outside texts JSON is plain ASCII, so whatever drives a terminal stands in a text.
    out.append(contentsOf: JSONFormat.escaped(json.text).utf8)
  }

  private static func add(_ text: String, escapes: Bool, to out: inout [UInt8]) {
    guard escapes else { return JSON.write(string: text, to: &out) }
    var quoted: [UInt8] = []
    JSON.write(string: text, to: &quoted)
    out.append(contentsOf: escaped(String(decoding: quoted, as: UTF8.self)).utf8)
  }

  /// JSON with every character that drives a terminal as `\u` and four digits.
  private static func escaped(_ json: String) -> String {
    guard json.unicodeScalars.contains(where: \.drivesTerminal) else { return json }
    var out = String.UnicodeScalarView()
    for scalar in json.unicodeScalars {
      if scalar.drivesTerminal {
        let digits = String(scalar.value, radix: 16)
        let zeros = String(repeating: "0", count: 4 - digits.utf8.count)
        out.append(contentsOf: ("\\u" + zeros + digits).unicodeScalars)
      } else {
        out.append(scalar)
      }
    }
    return String(out)
  }
}
