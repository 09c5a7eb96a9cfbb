import Basics
import Glibc
import Testing

@Suite("Signs replaced in a text")
struct ReplacingSignsTests {
  @Test(
    "A sign is replaced also where an accent joins it",
    arguments: [
      ("", ""), ("plain", "plain"), ("'", "''"), ("a'b'", "a''b''"), ("'\u{301}x", "''\u{301}x"),
      ("e\u{301}'", "e\u{301}''"), ("’ʼ＇", "’ʼ＇"),
    ])
  func quotes(text: String, replaced: String) {
    #expect(Array(text.replacingSigns(["'": "''"]).utf8) == Array(replaced.utf8))
  }

  @Test("What stands for a sign is not looked at again")
  func once() {
    #expect(#"a\'b"#.replacingSigns([#"\"#: #"\\"#, "'": #"\'"#]) == #"a\\\'b"#)
    #expect("&lt;".replacingSigns(["&": "&amp;", ";": "!"]) == "&amp;lt!")
  }

  @Test(
    "A shell reads a word as it was",
    arguments: ["it's", "'\u{301}; echo no'\u{301}", "a b", "", "$x `y` \"z\" \\", "%d\n'", "''"])
  func shell(word: String) throws {
    let output = try #require(popen("printf %s \(shellWord(word))", "r"))
    var bytes = [UInt8](repeating: 0, count: 100)
    bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, output))
    #expect(pclose(output) == 0)
    #expect(bytes == Array(word.utf8))
  }

  @Test("Markdown shows signs that an accent joins")
  func markdown() {
    let shown = markdownText("a|\u{301}b\r\nc\n_d x_y <\u{308}")
    #expect(Array(shown.utf8) == Array("a\\|\u{301}b<br>c<br>\\_d x_y \\<\u{308}".utf8))
  }
}
