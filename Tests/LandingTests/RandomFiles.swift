import Basics
import TestKit

/// Random records, and files of every format that hold them.
struct RandomFile {
  /// What reading the file must give: values by declared field, rescued members, line.
  struct Expected {
    var values: [String?]
    var rescued: [String: JSON]
    var line: Int64
  }

  var generator: Seeded
  let fields: [String]
  private(set) var text = ""
  private(set) var expected: [Expected] = []
  private var line: Int64 = 1

  init(seed: UInt64) {
    generator = Seeded(seed)
    let count = Int.random(in: 1...8, using: &generator)
    fields = (0..<count).map { "field_\($0)" }
  }

  private mutating func add(_ more: String) {
    text += more
    line += Int64(more.utf8.count { $0 == 0x0A })
  }

  private mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: 0..<elements.count, using: &generator)]
  }

  /// A text of the characters that the formats find hard.
  private mutating func randomText() -> String {
    let hard = [
      "\"", "\"\"", ",", ";", "|", "\t", "\n", "\r\n", "\r", "\\", "/", "{", "}", "[", "]", ":",
      "ü", "€", "😀", "\u{1}", "\u{1F}", "\u{7F}", "\u{FEFF}", "null", " ", "0", "é\u{301}",
    ]
    var text = ""
    for _ in 0..<Int.random(in: 0...(generator.once(in: 10) ? 60 : 6), using: &generator) {
      text += generator.once(in: 2) ? pick(hard) : pick(["a", "bc", "word", "12345678"])
    }
    return text
  }

  // MARK: JSON

  private mutating func space(_ newlines: Bool) -> String {
    guard generator.once(in: 8) else { return "" }
    return pick(newlines ? [" ", "\n", "\r\n\t", "  \n\n"] : [" ", "\t", "  \r"])
  }

  /// A text as a JSON string, with escapes where they must be and here and there.
  private mutating func string(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" || scalar == "\\" {
        out += "\\" + String(Character(scalar))
      } else if scalar.value < 0x20 || generator.once(in: 12) {
        for unit in String(Character(scalar)).utf16 {
          let digits = String(unit, radix: 16, uppercase: generator.once(in: 2))
          out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      } else {
        out += String(Character(scalar))
      }
    }
    return out + "\""
  }

  /// A value as JSON, and the text that a column must hold.
  private mutating func value() -> (json: String, text: String?) {
    switch Int.random(in: 0..<8, using: &generator) {
    case 0: return ("null", nil)
    case 1:
      let number = pick(["0", "-1", "12.50", "1e9", "-0.0E-7", "98765432109876543210"])
      return (number, number)
    case 2:
      let literal = pick(["true", "false"])
      return (literal, literal)
    case 3:
      let nested = "[1, {\(string(randomText())): [ ]}, \(string(randomText()))]"
      return (nested, nested)
    default:
      let text = randomText()
      return (string(text), text)
    }
  }

  private mutating func addObject(newlines: Bool) {
    var record = Expected(
      values: Array(repeating: nil, count: fields.count), rescued: [:], line: line)
    var members: [String] = []
    for (index, field) in fields.enumerated() where !generator.once(in: 7) {
      let (json, text) = value()
      members.append("\(string(field))\(space(newlines)):\(space(newlines))\(json)")
      record.values[index] = text
    }
    while generator.once(in: 4) {
      let name = generator.once(in: 2) ? "other" : "new " + randomText()
      guard record.rescued[name] == nil else { continue }
      let (json, _) = value()
      members.append("\(string(name)):\(json)")
      record.rescued[name] = (try? JSON(parsing: json)) ?? .null
    }
    if generator.once(in: 3) { members.shuffle(using: &generator) }
    var object = "{" + space(newlines)
    for (index, member) in members.enumerated() {
      object += (index > 0 ? "," + space(newlines) : "") + member + space(newlines)
    }
    expected.append(record)
    add(object + "}")
  }

  mutating func writeLines() {
    for _ in 0..<Int.random(in: 0...30, using: &generator) {
      while generator.once(in: 8) { add(pick(["\n", " \r\n"])) }
      addObject(newlines: false)
      add(space(false) + pick(["\n", "\n", "\r\n"]))
    }
    if text.hasSuffix("\n"), !text.hasSuffix("\r\n"), generator.once(in: 3) { text.removeLast() }
  }

  mutating func writeArray() {
    add(space(true) + "[" + space(true))
    for index in 0..<Int.random(in: 0...30, using: &generator) {
      if index > 0 { add(space(true) + "," + space(true)) }
      addObject(newlines: true)
    }
    add(space(true) + "]" + space(true))
  }

  // MARK: CSV

  private mutating func field(_ value: String?, _ separator: String) -> String {
    guard let value else { return "" }
    let mustQuote =
      value.isEmpty || value.hasPrefix("\"") || value.contains(separator)
      || value.utf8.contains { $0 == 0x0A || $0 == 0x0D }
    guard mustQuote || generator.once(in: 4) else { return value }
    return "\"" + value.replacing("\"", with: "\"\"") + "\""
  }

  mutating func writeCSV() {
    var names = fields
    while generator.once(in: 2) { names.append("other_\(names.count)") }
    names.shuffle(using: &generator)
    let separator = names.count > 1 ? pick([",", ",", ";", "|", "\t"]) : ","
    let end = pick(["\n", "\r\n"])
    while generator.once(in: 5) { add(end) }
    add(names.map { field($0, separator) }.joined(separator: separator) + end)
    for _ in 0..<Int.random(in: 0...30, using: &generator) {
      var record = Expected(
        values: Array(repeating: nil, count: fields.count), rescued: [:], line: line)
      var texts: [String] = []
      for name in names {
        // One column alone cannot hold NULL: its line would be blank.
        let value = names.count > 1 && generator.once(in: 6) ? nil : randomText()
        texts.append(field(value, separator))
        if let index = fields.firstIndex(of: name) {
          record.values[index] = value
        } else if let value {
          record.rescued[name] = .string(value)
        }
      }
      expected.append(record)
      add(texts.joined(separator: separator) + end)
    }
    if generator.once(in: 3) {
      text.unicodeScalars.removeLast(end.unicodeScalars.count)
    } else {
      while generator.once(in: 3) { add(end) }
    }
  }
}
