import Basics
import Podium

/// A column of a sample file, as far as its header and its values tell.
public struct SampleColumn: Hashable, Sendable {
  /// The header or member, as the file has it.
  public let source: String
  /// The column's name: the header in small letters, words apart by underscores.
  public let name: String
  /// The narrowest type that all values of the sample are of.
  public let type: ColumnType
  /// True if some row has no value.
  public let hasGaps: Bool
  /// True if the header sounds like a name, e-mail, phone, address or free text of a person.
  public let isPersonal: Bool
  /// The values that are there, as the file has them.
  let values: [String]

  /// - Parameter values: those of the sample, nil where a row has none.
  init(source: String, name: String, values: [String?]) {
    self.source = source
    self.name = name
    let told = values.compactMap(\.self).filter { !$0.allSatisfy(\.isWhitespace) }
    hasGaps = told.count < values.count || told.isEmpty
    self.values = told
    isPersonal = ColumnName.soundsPersonal(name)
    // Codes such as 00123 lose their zeros as numbers, and ids are nothing to count with.
    let isID = name.hasSuffix("_id") || name == "id"
    type = told.isEmpty || isID ? .string : SampleColumn.type(of: told)
  }

  private static func type(of values: [String]) -> ColumnType {
    if values.allSatisfy({ $0 == "true" || $0 == "false" }) { return .bool }
    if values.allSatisfy(isWhole) { return .int }
    if let scale = decimals(values) { return .decimal(precision: 18, scale: scale) }
    if values.allSatisfy({ $0.utf8.count == 10 && CivilDate($0) != nil }) { return .date }
    if values.allSatisfy({ Timestamp(iso8601: $0) != nil }) { return .timestamp }
    return .string
  }

  private static func isWhole(_ text: String) -> Bool {
    let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
    return Int64(text) != nil && digits.utf8.count <= 18
      && (digits.utf8.count == 1 || digits.first != "0") && digits.first != "+"
  }

  /// The digits after the point that the values need, 1 to 6; nil where they are no such numbers.
  private static func decimals(_ values: [String]) -> Int? {
    var scale = 0
    for value in values {
      let parts = (value.hasPrefix("-") ? value.dropFirst() : value[...])
        .split(separator: ".", omittingEmptySubsequences: false)
      guard (1...2).contains(parts.count),
        parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
        parts[0].utf8.count <= 12
      else { return nil }
      if parts.count == 2 { scale = max(scale, parts[1].utf8.count) }
    }
    return (1...6).contains(scale) ? scale : nil
  }
}

/// Names of columns and of the things that are called after them.
enum ColumnName {
  /// A header as a plain name: `Feedback Id` and `FeedbackId` are `feedback_id`.
  static func plain(_ header: String) -> String {
    var name = ""
    var wasLower = false
    for character in header {
      let isPlain = character.isASCII && (character.isLetter || character.isNumber)
      if !isPlain || character.isUppercase && wasLower, !name.isEmpty, name.last != "_" {
        name += "_"
      }
      if isPlain { name += character.lowercased() }
      wasLower = character.isLowercase || character.isNumber
    }
    while name.last == "_" { name.removeLast() }
    guard TableName.isPlain(name), !SQLWords.reserved.contains(name) else {
      return name.isEmpty ? "column" : "column_" + name
    }
    return name
  }

  /// Plain names of several headers, no two the same.
  static func plain(_ headers: [String]) -> [String] {
    var taken: Set<String> = []
    return headers.map { header in
      let plain = plain(header)
      var name = plain
      var number = 2
      while !taken.insert(name).inserted {
        name = "\(plain)_\(number)"
        number += 1
      }
      return name
    }
  }

  /// `class_feedback` as Swift names a value, or a type.
  static func swift(_ name: String, capital: Bool = false) -> String {
    let words = name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }
    let text = words.joined()
    return capital ? text : text.prefix(1).lowercased() + text.dropFirst()
  }

  /// `class_feedback` as people write it.
  static func words(_ name: String) -> String {
    name.split(separator: "_").joined(separator: " ")
  }

  private static let personal: Set<String> = [
    "email", "mail", "phone", "mobile", "tel", "telephone", "fax", "surname", "firstname",
    "lastname", "fullname", "username", "forename", "address", "street", "birthday", "birthdate",
    "dob", "comment", "comments", "note", "notes", "remark", "remarks", "message", "iban", "ssn",
  ]
  private static let people: Set<String> = [
    "first", "last", "full", "given", "family", "middle", "maiden", "nick", "user", "member",
    "customer", "client", "guest", "contact", "instructor", "trainer", "employee", "person",
    "patient", "holder", "display",
  ]

  private static let visitors: Set<String> = [
    "athlete", "client", "contact", "customer", "guest", "holder", "member", "patient", "person",
    "user",
  ]
  private static let numbers: Set<String> = ["code", "id", "key", "no", "nr", "number", "uuid"]

  /// True if the column's values are likely to say which person a row is about.
  static func soundsIdentifying(_ name: String) -> Bool {
    let words = name.split(separator: "_").map(String.init)
    guard let first = words.first, visitors.contains(first) else { return false }
    return words.count == 1 || (words.count == 2 && numbers.contains(words[1]))
  }

  static func soundsPersonal(_ name: String) -> Bool {
    let words = name.split(separator: "_").map(String.init)
    if words == ["name"] || words.contains(where: personal.contains) { return true }
    let named = zip(words, words.dropFirst()).contains { people.contains($0) && $1 == "name" }
    let born = zip(words, words.dropFirst()).contains { $0 == "birth" && $1 == "date" }
    let mail = zip(words, words.dropFirst()).contains { $0 == "e" && $1 == "mail" }
    return named || born || mail || words == ["date", "of", "birth"]
  }
}
