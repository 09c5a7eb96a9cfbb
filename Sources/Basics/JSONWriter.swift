extension JSON {
  /// The value as JSON on one line, members in their order.
  public var text: String {
    var out: [UInt8] = []
    write(to: &out)
    return String(decoding: out, as: UTF8.self)
  }

  /// Adds the value as JSON on one line, without a newline at its end.
  public func write(to out: inout [UInt8]) {
    switch self {
    case .null: out.append(contentsOf: "null".utf8)
    case .bool(let flag): out.append(contentsOf: (flag ? "true" : "false").utf8)
    case .number(let digits): out.append(contentsOf: digits.utf8)
    case .string(let text): JSON.write(string: text, to: &out)
    case .array(let elements):
      out.append(UInt8(ascii: "["))
      for index in 0..<elements.count {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        elements[index].write(to: &out)
      }
      out.append(UInt8(ascii: "]"))
    case .object(let members):
      out.append(UInt8(ascii: "{"))
      for index in 0..<members.count {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        JSON.write(string: members[index].name, to: &out)
        out.append(UInt8(ascii: ":"))
        members[index].value.write(to: &out)
      }
      out.append(UInt8(ascii: "}"))
    }
  }

  /// Adds a text as a quoted JSON string; control characters are escaped, the rest is UTF-8.
  public static func write(string text: String, to out: inout [UInt8]) {
    out.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { bytes in
      guard let base = bytes.baseAddress else { return }
      // What needs no escape is copied a run at a time.
      var run = 0
      var at = 0
      while at < bytes.count {
        let byte = base[at]
        // Quotes and backslashes.
        if byte < 0x20 || byte == 0x22 || byte == 0x5C {
          if at > run {
            out.append(contentsOf: UnsafeBufferPointer(start: base + run, count: at - run))
          }
          escape(byte, to: &out)
          run = at + 1
        }
        at += 1
      }
      out.append(contentsOf: UnsafeBufferPointer(start: base + run, count: at - run))
    }
    out.append(UInt8(ascii: "\""))
  }

  private static func escape(_ byte: UInt8, to out: inout [UInt8]) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"):
      out.append(UInt8(ascii: "\\"))
      out.append(byte)
    case 0x0A: out.append(contentsOf: #"\n"#.utf8)
    case 0x0D: out.append(contentsOf: #"\r"#.utf8)
    case 0x09: out.append(contentsOf: #"\t"#.utf8)
    default:
      out.append(contentsOf: #"\u00"#.utf8)
      out.append(lowercaseHexadecimal[Int(byte >> 4)])
      out.append(lowercaseHexadecimal[Int(byte & 15)])
    }
  }
}

/// The ASCII digits `0` to `f`.
public let lowercaseHexadecimal = Array("0123456789abcdef".utf8)
