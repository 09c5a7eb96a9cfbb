/// The text with everything that could drive a terminal made visible.
///
/// Control characters (C0, DEL, C1), line and paragraph separators and the marks that turn the
/// writing direction become `\n`, `\r`, `\t` or `\u{1B}`. A backslash stays a backslash, so the
/// result is for reading, not for parsing.
public func printable(_ text: String) -> String {
  guard mayDriveTerminal(text) else { return text }
  var out = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    guard scalar.drivesTerminal else {
      out.append(scalar)
      continue
    }
    switch scalar {
    case "\n": out.append(contentsOf: #"\n"#.unicodeScalars)
    case "\r": out.append(contentsOf: #"\r"#.unicodeScalars)
    case "\t": out.append(contentsOf: #"\t"#.unicodeScalars)
    default:
      let digits = String(scalar.value, radix: 16, uppercase: true)
      out.append(contentsOf: "\\u{\(digits)}".unicodeScalars)
    }
  }
  return String(out)
}

/// True where `printable` may have something to change; looks at bytes only, so it is quick.
private func mayDriveTerminal(_ text: String) -> Bool {
  for byte in text.utf8 where byte < 0x20 || byte > 0x7E {
    return text.unicodeScalars.contains(where: \.drivesTerminal)
  }
  return false
}

extension Unicode.Scalar {
  /// True for a character that a terminal obeys rather than shows, or that reorders its text.
  public var drivesTerminal: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0: true
    case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
