import Basics
import Glibc

/// What may be shown where output goes to.
public struct Terminal: Hashable, Sendable {
  /// False for a file or a pipe.
  public var isTerminal: Bool
  /// Columns; nil where nothing limits them.
  public var width: Int?
  /// Lines on the screen; nil where there is none.
  public var height: Int?
  /// True where colours are wanted.
  public var colours: Bool
  /// True where characters beyond ASCII, such as lines of boxes, are shown right.
  public var unicode: Bool

  public init(
    isTerminal: Bool, width: Int? = nil, height: Int? = nil, colours: Bool = false,
    unicode: Bool = true
  ) {
    self.isTerminal = isTerminal
    self.width = width
    self.height = height
    self.colours = colours
    self.unicode = unicode
  }

  /// Looks at a descriptor and the environment.
  ///
  /// The width is `COLUMNS`, else what the terminal says, else 80; there is none without a terminal.
  /// Colours are off with a `NO_COLOR` that is not empty (no-color.org) and with `TERM=dumb`.
  /// Unicode is off where `LC_ALL`, `LC_CTYPE` or `LANG`, the first that is set, names another
  /// encoding; where none is set, as in many containers, it is on.
  public static func detect(
    descriptor: Int32, environment: (String) -> String? = environment
  ) -> Terminal {
    let isTerminal = isatty(descriptor) == 1
    var size = winsize()
    let known = isTerminal && ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0
    return Terminal(
      isTerminal: isTerminal, columns: known ? Int(size.ws_col) : 0,
      lines: known ? Int(size.ws_row) : 0, environment: environment)
  }

  /// What follows from a terminal's own size (0 where it is not known) and the environment.
  init(
    isTerminal: Bool, columns: Int, lines: Int, environment: (String) -> String?
  ) {
    func positive(_ number: Int?) -> Int? { number.flatMap { $0 > 0 ? $0 : nil } }
    self.isTerminal = isTerminal
    width =
      isTerminal
      ? positive(environment("COLUMNS").flatMap { Int($0) }) ?? positive(columns) ?? 80 : nil
    height = isTerminal ? positive(lines) ?? 24 : nil
    colours =
      isTerminal && (environment("NO_COLOR") ?? "").isEmpty && environment("TERM") != "dumb"
    let locales = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment($0) }
    let locale = locales.first { !$0.isEmpty }
    let encoding = locale?.lowercased() ?? "utf-8"
    unicode = encoding.contains("utf-8") || encoding.contains("utf8")
  }

  /// The text between the codes of a colour, or as it is where there are no colours.
  public func paint(_ text: String, _ ink: Ink) -> String {
    colours ? "\u{1B}[\(ink.rawValue)m\(text)\u{1B}[0m" : text
  }
}

/// A colour or weight of text, by its number in ECMA-48's "select graphic rendition".
public enum Ink: Int, Hashable, Sendable {
  case bold = 1
  case dim = 2
  case red = 31
  case green = 32
  case yellow = 33
}
