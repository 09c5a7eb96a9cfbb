import Basics

extension Mutator {
  /// Damages the content of a JSON value and leaves it one, so that the damage comes past the parser.
  ///
  /// Texts that hold JSON themselves, such as statistics and schemas, are damaged inside too.
  public mutating func damaged(_ json: JSON, others: [JSON] = []) -> JSON {
    var json = json
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      var left = Int.random(in: 0..<max(1, Mutator.count(json)), using: &random)
      json = visit(json, &left, others)
    }
    return json
  }

  /// The values in a value, itself included.
  private static func count(_ json: JSON) -> Int {
    switch json {
    case .array(let elements): elements.reduce(1) { $0 + count($1) }
    case .object(let members): members.reduce(1) { $0 + count($1.value) }
    default: 1
    }
  }

  /// Walks to the value that is to be damaged: the one before which `left` others come.
  private mutating func visit(_ json: JSON, _ left: inout Int, _ others: [JSON]) -> JSON {
    guard left >= 0 else { return json }
    left -= 1
    if left < 0 { return replaced(json, others) }
    switch json {
    case .array(let elements): return .array(elements.map { visit($0, &left, others) })
    case .object(let members):
      return .object(members.map { JSON.Member($0.name, visit($0.value, &left, others)) })
    default: return json
    }
  }

  private mutating func replaced(_ json: JSON, _ others: [JSON]) -> JSON {
    switch Int.random(in: 0..<10, using: &random) {
    case 0: return pick([.null, .bool(true), .array([]), .object([]), .string("")])
    case 1, 2: return number()
    case 3: if !others.isEmpty { return part(of: pick(others)) }
    case 4: return random.once(in: 50) ? deep(json) : .array([json])
    default: break
    }
    switch json {
    case .string(let text): return .string(damaged(text))
    case .number: return number()
    case .bool(let flag): return .bool(!flag)
    case .null: return number()
    case .array(var elements):
      guard !elements.isEmpty else { return .array([number()]) }
      let at = Int.random(in: elements.indices, using: &random)
      if Bool.random(using: &random) {
        elements.remove(at: at)
      } else {
        elements.append(elements[at])
      }
      return .array(elements)
    case .object(let members): return .object(damaged(members))
    }
  }

  private mutating func damaged(_ members: [JSON.Member]) -> [JSON.Member] {
    var members = members
    guard !members.isEmpty else { return [JSON.Member("path", number())] }
    let at = Int.random(in: members.indices, using: &random)
    switch Int.random(in: 0..<4, using: &random) {
    case 0: members.remove(at: at)
    case 1: members.append(members[at])
    case 2: members[at].name = damaged(members[at].name)
    default:
      let other = Int.random(in: members.indices, using: &random)
      (members[at].value, members[other].value) = (members[other].value, members[at].value)
    }
    return members
  }

  private mutating func damaged(_ text: String) -> String {
    if let inner = try? JSON(parsing: text), inner.object != nil {
      return damaged(inner).text
    }
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return pick(Mutator.numbers)
    case 1: return pick(Mutator.texts)
    default: return String(decoding: damaged(Array(text.utf8)), as: UTF8.self)
    }
  }

  private mutating func number() -> JSON {
    let text = pick(Mutator.numbers)
    if let json = try? JSON(parsing: text) { return json }
    return .string(text)
  }

  private mutating func part(of json: JSON) -> JSON {
    switch json {
    case .array(let elements) where !elements.isEmpty && Bool.random(using: &random):
      return part(of: pick(elements))
    case .object(let members) where !members.isEmpty && Bool.random(using: &random):
      return part(of: pick(members).value)
    default: return json
    }
  }

  /// As deep as the parser takes, and once deeper.
  private mutating func deep(_ json: JSON) -> JSON {
    var json = json
    for _ in 0..<pick([400, 510]) { json = .array([json]) }
    return json
  }

  /// Texts that have a meaning somewhere in a log.
  private static let texts = [
    "", " ", "/", "..", "../../etc/passwd", "%", "%zz", "%00", "file:", "file:///", "s3://a/b",
    "a:/",
    "\u{0}", "é", "e\u{301}", "\u{10FFFF}", "`", "a.b", "`a`.`b`", "__HIVE_DEFAULT_PARTITION__",
    "0000-00-00", "9999-99-99", "9999-12-31T23:59:60Z", "0000-01-01T00:00:00-99:99", "inf", "nan",
    "decimal(38,38)", "decimal(-1,0)", "decimal(99,1)", "decimal",
    "interval 9223372036854775807 weeks",
    "id", "name", "i", "u", "p", "true", String(repeating: "x", count: 70_000),
  ]
}
