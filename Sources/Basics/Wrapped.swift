/// Words set in lines of at most `width` columns, each with a newline; a longer word has its own.
public func wrapped(_ text: some StringProtocol, width: Int, indent: Int = 0) -> String {
  let margin = String(repeating: " ", count: indent)
  var out = ""
  var line = ""
  for word in text.split(whereSeparator: \.isWhitespace) {
    let longer = line.isEmpty ? String(word) : line + " " + word
    if indent + displayWidth(longer) > width, !line.isEmpty {
      out += margin + line + "\n"
      line = String(word)
    } else {
      line = longer
    }
  }
  return line.isEmpty ? out : out + margin + line + "\n"
}
