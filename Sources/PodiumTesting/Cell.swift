import Basics
import Engines
import Podium

/// A value to compare: as its text in the one way that its type is written, nil for NULL.
struct Cell: Hashable {
  let text: String?
  let type: ColumnType

  /// A written value; nil where it is none of the type.
  init?(_ text: String?, _ type: ColumnType) {
    self.type = type
    guard let text else {
      self.text = nil
      return
    }
    guard let written = type.canonical(text) else { return nil }
    self.text = written
  }

  /// A value of a table.
  init(_ value: Value, _ type: ColumnType) {
    self.type = type
    text = value == .null ? nil : value.plain
  }

  /// True if both are the same value; doubles differ by no more than 1e-9 of the larger, or of 1.
  func isSame(as other: Cell) -> Bool {
    guard type == other.type else { return false }
    if text == other.text { return true }
    guard type == .double, let text, let otherText = other.text,
      let a = Double(text), let b = Double(otherText), a.isFinite, b.isFinite
    else { return false }
    return abs(a - b) <= 1e-9 * max(1, abs(a), abs(b))
  }

  /// The value as a failure shows it: in quotes where it would be read as another one.
  var shown: String {
    guard let text else { return "NULL" }
    let needsQuotes =
      text.isEmpty || text == "NULL" || text.first?.isWhitespace == true
      || text.last?.isWhitespace == true || text.unicodeScalars.contains { $0 == "|" || $0 == "\"" }
    guard needsQuotes else { return text }
    return "\"\(text.replacingSigns(["\"": "\"\""]))\""
  }
}

extension ColumnType {
  /// A value as the engine would write it; nil for a text that is none of this type.
  fileprivate func canonical(_ text: String) -> String? {
    switch self {
    case .string: text
    case .int: Int64(text).map { String($0) }
    case .double: Double(text).map { Value.double($0).plain }
    case .bool: text == "true" || text == "false" ? text : nil
    case .date: CivilDate(text)?.description
    case .timestamp: Timestamp(iso8601: text).map { Value.timestamp($0, zoned: true).plain }
    case .decimal(let precision, let scale):
      ColumnType.decimal(text, precision: precision, scale: scale)
    }
  }

  private static func decimal(_ text: String, precision: Int, scale: Int) -> String? {
    let number = text.hasPrefix("-") ? text.dropFirst() : text[...]
    let parts = number.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let whole = parts.first else { return nil }
    let fraction = parts.count == 2 ? parts[1] : ""
    let digits = (whole + fraction).utf8
    guard !whole.isEmpty, parts.count == 1 || !fraction.isEmpty, fraction.utf8.count <= scale,
      digits.allSatisfy({ (0x30...0x39).contains($0) }),
      let value = Int128(
        whole + fraction + String(repeating: "0", count: scale - fraction.utf8.count)),
      String(value).utf8.count <= precision
    else { return nil }
    return Value.text(of: text.hasPrefix("-") ? -value : value, scale: scale)
  }
}
