import Basics
import Engines

/// Comma-separated values as RFC 4180 has them.
struct CSVFormat: RowFormat {
  private let columns: [ResultColumn]
  /// True where control characters are made visible, for a terminal.
  private let escapes: Bool
  private let lineEnd: [UInt8]

  init(_ columns: [ResultColumn], escapes: Bool, lineEnd: String) {
    self.columns = columns
    self.escapes = escapes
    self.lineEnd = Array(lineEnd.utf8)
  }

  mutating func begin(_ out: inout [UInt8]) {
    for (index, column) in columns.enumerated() {
      if index > 0 { out.append(UInt8(ascii: ",")) }
      CSVFormat.add(escapes ? printable(column.name) : column.name, to: &out)
    }
    out.append(contentsOf: lineEnd)
  }

  mutating func add(_ row: [Value], to out: inout [UInt8]) {
    for (index, value) in row.enumerated() {
      if index > 0 { out.append(UInt8(ascii: ",")) }
      switch value {
      case .null: break
      case .text(let text): CSVFormat.add(escapes ? printable(text) : text, to: &out)
      case .list, .structure, .map:
        CSVFormat.add(escapes ? printable(value.plain) : value.plain, to: &out)
      default: value.writePlain(to: &out)
      }
    }
    out.append(contentsOf: lineEnd)
  }

  mutating func end(_ out: inout [UInt8]) {}

  /// A text, in quotes where it is empty or holds a comma, a quote or a line break.
  static func add(_ text: String, to out: inout [UInt8]) {
    var text = text
    text.withUTF8 { bytes in
      let needsQuotes = bytes.contains { byte in
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0A || byte == 0x0D
      }
      guard needsQuotes || bytes.isEmpty else { return out.append(contentsOf: bytes) }
      out.append(UInt8(ascii: "\""))
      for byte in bytes {
        if byte == UInt8(ascii: "\"") { out.append(byte) }
        out.append(byte)
      }
      out.append(UInt8(ascii: "\""))
    }
  }
}
