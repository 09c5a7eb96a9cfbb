import Podium
import Testing

@Suite("Words and signs of SQL")
struct SQLTokensTests {
  private func texts(_ sql: String) -> [String] { sqlTokens(sql).map(\.text) }
  private func kinds(_ sql: String) -> [SQLToken.Kind] { sqlTokens(sql).map(\.kind) }

  @Test("Words, numbers, names, texts and signs are told apart")
  func kinds() {
    let tokens = sqlTokens("SELECT a_1.\"b c\", `d`, 'e', 1.5 <> x2;")
    #expect(
      tokens.map(\.text) == [
        "SELECT", "a_1", ".", "b c", ",", "d", ",", "e", ",", "1.5", "<", ">", "x2", ";",
      ])
    #expect(
      tokens.map(\.kind) == [
        .word, .word, .sign, .quotedName, .sign, .quotedName, .sign, .literal, .sign, .number,
        .sign, .sign, .word, .sign,
      ])
    #expect(tokens[0].isWord("select"))
    #expect(!tokens[3].isWord("b c"))
    #expect(sqlTokens("").isEmpty)
    #expect(texts("größe") == ["größe"])
  }

  @Test("Comments hold no words, wherever they end")
  func comments() {
    #expect(texts("a -- b 'c\nd") == ["a", "d"])
    #expect(texts("a /* b\n'c' */ d") == ["a", "d"])
    #expect(texts("a - b / c * d") == ["a", "-", "b", "/", "c", "*", "d"])
    #expect(texts("a -- no end") == ["a"])
    #expect(texts("a /* no end *") == ["a"])
    #expect(texts("a /*/ b */ c") == ["a", "c"])
    #expect(texts("-- only") == [])
  }

  @Test("Comments nest, as engines let them")
  func nested() {
    #expect(texts("a /* b /* c */ d */ e") == ["a", "e"])
    #expect(texts("a /* b /* c */ d") == ["a"])
  }

  @Test("A doubled quote is one quote of the text")
  func doubled() {
    #expect(texts("'it''s' \"a\"\"b\" `a``b`") == ["it's", "a\"b", "a`b"])
    #expect(texts("''") == [""])
    #expect(kinds("''''") == [.literal])
    #expect(texts("''''") == ["'"])
    #expect(texts("'-- no comment' b") == ["-- no comment", "b"])
    #expect(texts("'a' 'b'") == ["a", "b"])
  }

  @Test("An open quote runs to the end")
  func unterminated() {
    #expect(texts("a 'b c") == ["a", "b c"])
    #expect(texts("a \"b''") == ["a", "b''"])
    #expect(texts("'") == [""])
    #expect(kinds("a 'b --") == [.word, .literal])
  }

  @Test("A token knows the line it begins on")
  func lines() {
    let tokens = sqlTokens("a\r\n'b\nc' d -- e\n/* f\ng */ h\n\"i\nj\"\nk")
    #expect(tokens.map(\.text) == ["a", "b\nc", "d", "h", "i\nj", "k"])
    #expect(tokens.map(\.line) == [1, 2, 3, 5, 6, 8])
  }
}
