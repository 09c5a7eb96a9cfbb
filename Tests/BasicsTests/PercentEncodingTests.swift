import Basics
import Testing

@Suite("Percent-encoding of paths")
struct PercentEncodingTests {
  @Test(
    "A path and its encoding belong together, both ways",
    arguments: [
      ("part-0.parquet", "part-0.parquet"), ("", ""),
      ("p=a b/x.parquet", "p=a%20b/x.parquet"),
      ("p=a%2Fb/x", "p=a%252Fb/x"), ("p=%20/x", "p=%2520/x"), ("100%", "100%25"),
      ("ü/€/😀", "%C3%BC/%E2%82%AC/%F0%9F%98%80"),
      ("a?b#c[d]{e}", "a%3Fb%23c%5Bd%5D%7Be%7D"), ("a\"<>\\^`|\n", "a%22%3C%3E%5C%5E%60%7C%0A"),
      ("-._~!$&'()*+,;=:@", "-._~!$&'()*+,;=:@"),
    ])
  func bothWays(path: String, encoded: String) {
    #expect(PercentEncoding.encode(path: path) == encoded)
    #expect(PercentEncoding.decode(encoded) == path)
  }

  @Test(
    "A percent sign that begins no code stays as it is",
    arguments: [
      ("%", "%"), ("%2", "%2"), ("a%2", "a%2"), ("%zz", "%zz"), ("%%41", "%A"), ("%2%41", "%2A"),
      ("%4", "%4"), ("%4g", "%4g"), ("%41%", "A%"), ("%c3%bc", "ü"),
    ])
  func broken(text: String, decoded: String) {
    #expect(PercentEncoding.decode(text) == decoded)
  }

  @Test("Decoding happens once")
  func once() {
    #expect(PercentEncoding.decode("a%253Ab") == "a%3Ab")
  }

  @Test("Every byte but NUL survives")
  func everyByte() {
    let text = String(String.UnicodeScalarView((1...0x2FF).compactMap(Unicode.Scalar.init)))
    #expect(PercentEncoding.decode(PercentEncoding.encode(path: text)) == text)
    #expect(PercentEncoding.encode(path: text).utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
  }
}
