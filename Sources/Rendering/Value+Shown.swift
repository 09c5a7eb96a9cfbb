import Basics
import Engines

extension Value {
  var isNull: Bool {
    if case .null = self { return true }
    return false
  }

  /// Adds the same bytes as `plain`, without making a text of the kinds that are frequent.
  func writePlain(to out: inout [UInt8]) {
    switch self {
    case .null: break
    case .int(let value): write(value, to: &out)
    case .date(let date): date.write(to: &out)
    case .timestamp(let instant, zoned: true):
      instant.write(separator: UInt8(ascii: "T"), zone: UInt8(ascii: "Z"), to: &out)
    case .timestamp(let instant, zoned: false):
      instant.write(separator: UInt8(ascii: " "), zone: nil, to: &out)
    default: out.append(contentsOf: plain.utf8)
    }
  }

  /// The value as tables show it where NULL is the word `NULL`.
  ///
  /// A text that is that word stands in quotes, and one that is the word in quotes in two pairs, so
  /// that no text looks like NULL or like another text.
  var shown: String {
    guard case .text(let text) = self else { return isNull ? "NULL" : plain }
    guard text.utf8.contains(UInt8(ascii: "U")) else { return text }
    var inner = Substring(text)
    while inner.hasPrefix("\""), inner.hasSuffix("\""), inner.utf8.count > 1 {
      inner = inner.dropFirst().dropLast()
    }
    return inner == "NULL" ? "\"\(text)\"" : text
  }
}
