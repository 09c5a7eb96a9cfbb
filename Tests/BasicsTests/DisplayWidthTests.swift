import Basics
import Testing

@Suite("Columns of a terminal")
struct DisplayWidthTests {
  @Test(
    "Each character takes the columns that terminals give it",
    arguments: [
      ("", 0), ("plain", 5), ("Zoë", 3), ("Zoe\u{308}", 3), ("…", 1), ("東京", 4), ("ｱ", 1),
      ("Ａ", 2), ("한국", 4), ("\u{1112}\u{1161}\u{11AB}", 2), ("❤", 1), ("❤️", 2), ("👍", 2),
      ("👍🏽", 2), ("👨‍👩‍👧", 2), ("🇩🇪", 2), ("1️⃣", 2), ("a\u{200B}b", 2), ("ไก่", 2), ("Ω≈ç√∫", 5),
      ("\u{20000}", 2), ("\u{E9}\u{AD}", 2), ("─│", 2),
    ])
  func width(text: String, expected: Int) {
    #expect(displayWidth(text) == expected)
  }

  @Test(
    "A text is cut between characters, and the mark counts",
    arguments: [
      ("short", 5, "short"), ("longer", 5, "long…"), ("東京都", 6, "東京都"), ("東京都", 5, "東京…"),
      ("東京都", 4, "東…"), ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"), ("ab", 1, "…"), ("ab", 0, ""),
      ("👨‍👩‍👧👨‍👩‍👧", 3, "👨‍👩‍👧…"),
    ])
  func cut(text: String, width: Int, expected: String) {
    #expect(shortened(text, to: width) == expected)
  }

  @Test("A mark of several characters is cut itself where there is no room")
  func longMark() {
    #expect(shortened("abcdef", to: 5, mark: "...") == "ab...")
    #expect(shortened("abcdef", to: 2, mark: "...") == "..")
  }

  @Test("A cut text never takes more columns than asked for")
  func everyWidth() {
    for text in ["東a京b都c", "a👍b👍c", "plain text", "e\u{301}東e\u{301}東"] {
      for width in 0...12 {
        #expect(displayWidth(shortened(text, to: width)) <= width, "\(text) to \(width)")
      }
    }
  }
}

@Suite("Printable texts")
struct PrintableTests {
  @Test(
    "What a terminal would obey is shown instead",
    arguments: [
      ("plain, ü, 東", "plain, ü, 東"), ("a\nb\tc\r", #"a\nb\tc\r"#),
      ("\u{1B}[31mred", #"\u{1B}[31mred"#),
      ("\r\n", #"\r\n"#), ("\u{0}\u{7F}", #"\u{0}\u{7F}"#), ("\u{9B}2J", #"\u{9B}2J"#),
      ("a\u{202E}b\u{2066}", #"a\u{202E}b\u{2066}"#), ("a\u{2028}b", #"a\u{2028}b"#),
      (#"C:\new"#, #"C:\new"#), ("👨‍👩‍👧", "👨‍👩‍👧"),
    ])
  func shown(text: String, expected: String) {
    #expect(printable(text) == expected)
  }
}
