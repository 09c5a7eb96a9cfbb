import Basics

extension Terminal {
  /// A message with its label, such as `error:`, in colour; without a newline at the end.
  ///
  /// On a terminal its first line is set in lines of the terminal's width. Further lines of the text
  /// stay as they are: they may show a place in a query.
  public func message(_ label: String, _ ink: Ink, _ text: String) -> String {
    let lines = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    let first = sentence("\(label) \(lines.first ?? "")").dropFirst(label.count)
    return paint(label, ink) + first + (lines.count > 1 ? "\n" + lines[1] : "")
  }

  /// A sentence in lines of the terminal's width, those after the first one indented by two.
  ///
  /// What stands in single quotes, such as a command to type, is kept on one line where it fits.
  public func sentence(_ text: String) -> String {
    guard let width, displayWidth(text) > width else { return text }
    var lines: [String] = []
    var line = ""
    for unit in Terminal.units(text, width: width - 2) {
      let longer = line.isEmpty ? unit : line + " " + unit
      if displayWidth(longer) <= width || line.allSatisfy({ $0 == " " }) {
        line = longer
      } else {
        lines.append(line)
        line = "  " + unit
      }
    }
    return (lines + [line]).joined(separator: "\n")
  }

  /// Words, and quoted parts of several words that fit a line.
  private static func units(_ text: String, width: Int) -> [String] {
    let words = text.split(separator: " ").map(String.init)
    var units: [String] = []
    var index = 0
    while index < words.count {
      var unit = words[index]
      var end = index
      let opens = unit.hasPrefix("'") || unit.hasPrefix("('")
      if opens, unit.count(where: { $0 == "'" }) == 1 {
        var quoted = unit
        while end + 1 < words.count, !words[end].dropFirst(end == index ? 2 : 0).contains("'") {
          end += 1
          quoted += " " + words[end]
        }
        if quoted.count(where: { $0 == "'" }) > 1, displayWidth(quoted) <= width {
          unit = quoted
        } else {
          end = index
        }
      }
      units.append(unit)
      index = end + 1
    }
    return units
  }
}
