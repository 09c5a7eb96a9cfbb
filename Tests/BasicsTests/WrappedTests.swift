import Basics
import Testing

@Suite("Wrapped texts")
struct WrappedTests {
  @Test("Lines end before the width, and a longer word has a line of its own")
  func lines() {
    #expect(wrapped("one two  three\nfour", width: 9) == "one two\nthree\nfour\n")
    #expect(
      wrapped("a incomprehensible b", width: 4, indent: 2) == "  a\n  incomprehensible\n  b\n")
    #expect(wrapped("東京 東京", width: 8) == "東京\n東京\n")
    #expect(wrapped("東京 東京", width: 9) == "東京 東京\n")
    #expect(wrapped(" \n", width: 9) == "")
  }
}
