import Glibc
import Rendering
import Testing

@Suite("Terminals")
struct TerminalTests {
  @Test("A file or pipe has no width and no colours, whatever the environment says")
  func pipe() throws {
    let descriptor = open("/dev/null", O_WRONLY)
    defer { close(descriptor) }
    let environment = ["COLUMNS": "60", "LANG": "de_DE.UTF-8"]
    #expect(
      Terminal.detect(descriptor: descriptor) { environment[$0] } == Terminal(isTerminal: false))
  }

  @Test("A long message goes on in indented lines, and what is quoted stays whole where it fits")
  func messages() {
    let terminal = Terminal(isTerminal: true, width: 30)
    #expect(
      terminal.message(
        "error:", .red, "there is no lake here: type 'podium run --lake x', then go.")
        == "error: there is no lake here:\n  type 'podium run --lake x',\n  then go.")
    #expect(
      terminal.message("error:", .red, "it's 'a much longer text than a line has'")
        == "error: it's 'a much longer\n  text than a line has'")
    #expect(
      terminal.message("error:", .red, "a 'b c\n\nLINE 1: SELECT 1 AS a, 2 AS b, 3 AS c\n   ^")
        == "error: a 'b c\n\nLINE 1: SELECT 1 AS a, 2 AS b, 3 AS c\n   ^")
    let word = String(repeating: "x", count: 40)
    #expect(terminal.sentence("a \(word) b") == "a\n  \(word)\n  b")
    let long = "a " + word
    #expect(Terminal(isTerminal: false).message("error:", .red, long) == "error: \(long)")
    let colours = Terminal(isTerminal: true, width: 20, colours: true)
    #expect(
      colours.message("warning:", .yellow, "one two three four")
        == "\u{1B}[33mwarning:\u{1B}[0m one two\n  three four")
  }

  @Test("A terminal is asked for its size, which COLUMNS overrules")
  func size() throws {
    let master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    try #require(master >= 0)
    defer { close(master) }
    var locked: Int32 = 0
    var number: Int32 = 0
    // Linux's TIOCSPTLCK and TIOCGPTN, macros that the importer cannot read.
    #expect(ioctl(master, 0x4004_5431, &locked) == 0 && ioctl(master, 0x8004_5430, &number) == 0)
    let path = "/dev/pts/\(number)"
    let terminal = open(path, O_RDWR | O_NOCTTY)
    defer { close(terminal) }
    func detect(_ environment: [String: String]) -> Terminal {
      Terminal.detect(descriptor: terminal) { environment[$0] }
    }
    #expect(detect([:]) == Terminal(isTerminal: true, width: 80, height: 24, colours: true))
    var size = winsize(ws_row: 50, ws_col: 132, ws_xpixel: 0, ws_ypixel: 0)
    #expect(ioctl(terminal, UInt(TIOCSWINSZ), &size) == 0)
    #expect(detect([:]) == Terminal(isTerminal: true, width: 132, height: 50, colours: true))
    #expect(detect(["COLUMNS": "60"]).width == 60)
    for wrong in ["0", "-5", "wide", ""] { #expect(detect(["COLUMNS": wrong]).width == 132) }
    #expect(!detect(["NO_COLOR": "1"]).colours)
    #expect(detect(["NO_COLOR": ""]).colours)
    #expect(!detect(["TERM": "dumb"]).colours)
    #expect(!detect(["LANG": "C"]).unicode)
    #expect(!detect(["LC_ALL": "POSIX", "LANG": "en_US.UTF-8"]).unicode)
    #expect(detect(["LC_ALL": "", "LC_CTYPE": "C.utf8", "LANG": "C"]).unicode)
  }

  @Test("Colours are codes only where they are wanted")
  func paint() {
    #expect(Terminal(isTerminal: true, colours: true).paint("x", .red) == "\u{1B}[31mx\u{1B}[0m")
    #expect(Terminal(isTerminal: true).paint("x", .red) == "x")
  }
}
