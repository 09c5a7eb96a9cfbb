/// The text so that GitHub's Markdown shows it as it is, also in a table; a line break becomes `<br>`.
public func markdownText(_ text: String) -> String {
  let needsNothing = text.utf8.allSatisfy { byte in
    byte >= 0x20 && byte < 0x7F && !markdownSigns.contains(byte)
  }
  if needsNothing { return text }
  var out = ""
  var before: Character = " "
  for character in text {
    switch character {
    case "\\", "|", "`", "*", "[", "]", "<", ">", "&", "~": out += "\\\(character)"
    case "_": out += isWordPart(before) ? "_" : "\\_"
    case "\n", "\r", "\r\n": out += "<br>"
    default: out.append(character)
    }
    before = character
  }
  return out
}

private let markdownSigns = Array(#"\|`*[]<>&~_"#.utf8)

/// An underscore after a letter or digit begins no emphasis.
private func isWordPart(_ character: Character) -> Bool {
  character.isLetter || character.isNumber || character == "_"
}
