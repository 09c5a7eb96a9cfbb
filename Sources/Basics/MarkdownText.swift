/// The text so that GitHub's Markdown shows it as it is, also in a table; a line break becomes `<br>`.
public func markdownText(_ text: String) -> String {
  let needsNothing = text.utf8.allSatisfy { byte in
    byte >= 0x20 && byte < 0x7F && !markdownSigns.contains(byte)
  }
  if needsNothing { return text }
  var out = String.UnicodeScalarView()
  var before: Unicode.Scalar = " "
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\\", "|", "`", "*", "[", "]", "<", ">", "&", "~":
      out.append("\\")
      out.append(scalar)
    case "_": out.append(contentsOf: isWordPart(before) ? "_".unicodeScalars : "\\_".unicodeScalars)
    case "\n" where before == "\r": break
    case "\n", "\r": out.append(contentsOf: "<br>".unicodeScalars)
    default: out.append(scalar)
    }
    before = scalar
  }
  return String(out)
}

private let markdownSigns = Array(#"\|`*[]<>&~_"#.utf8)

/// An underscore after a letter or digit begins no emphasis.
private func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
  scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_"
}
