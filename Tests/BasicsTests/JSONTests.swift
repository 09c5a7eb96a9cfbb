import Testing

@testable import Basics

@Suite("JSON")
struct JSONTests {
  /// Strings that need escapes, and others, at lengths around those that are looked at in one go.
  private static let texts: [String] = (0...20).flatMap { count -> [String] in
    let plain = String(repeating: "a", count: count)
    return ["", "\"", "\\", "\n", "\u{1}", "é", "€", "😀", "\u{7F}", "\"\\\""].flatMap {
      [plain + $0, plain + $0 + plain, $0 + plain]
    }
  }

  @Test("A value that is written is read again as it was")
  func bothWays() throws {
    for text in Self.texts {
      let value: JSON = .object([
        JSON.Member("k" + text, .array([.string(text), .null, true, .number("1.50")]))
      ])
      #expect(try JSON(parsing: value.text) == value, "\(value.text)")
    }
  }

  @Test("Every escape is understood, wherever it stands")
  func escapes() throws {
    let escapes = [
      #"\""#: "\"", #"\\"#: "\\", #"\/"#: "/", #"\b"#: "\u{8}", #"\f"#: "\u{C}", #"\n"#: "\n",
      #"\r"#: "\r", #"\t"#: "\t", #"\u00e9"#: "é", #"\ud83d\ude00"#: "😀", #"\ud83d"#: "\u{FFFD}",
    ]
    for (escape, meaning) in escapes {
      for count in 0...17 {
        let plain = String(repeating: "x", count: count)
        #expect(
          try JSON(parsing: "\"\(plain)\(escape)\(plain)\"") == .string(plain + meaning + plain))
      }
    }
  }

  @Test("What is no JSON is told with the byte at which it ends to be")
  func errors() {
    func failure(_ text: String) -> JSONError? {
      do throws(JSONError) {
        _ = try JSON(parsing: text)
        return nil
      } catch { return error }
    }
    for count in 0...17 {
      let plain = String(repeating: "x", count: count)
      #expect(failure("\"\(plain)") == JSONError(reason: .unexpectedEnd, offset: count + 1))
      #expect(
        failure("\"\(plain)\n\"") == JSONError(reason: .unexpectedByte, offset: count + 1))
      #expect(
        failure("\"\(plain)\\q\"") == JSONError(reason: .invalidEscape, offset: count + 2))
      #expect(failure("\"\\n\(plain)") == JSONError(reason: .unexpectedEnd, offset: count + 3))
    }
    #expect(failure("") == JSONError(reason: .unexpectedEnd, offset: 0))
    #expect(failure("[1,]") == JSONError(reason: .unexpectedByte, offset: 3))
    #expect(failure("01") == JSONError(reason: .invalidNumber, offset: 2))
    #expect(failure("-") == JSONError(reason: .invalidNumber, offset: 1))
    #expect(failure("{} x") == JSONError(reason: .trailingBytes, offset: 3))
    #expect(failure("{\"a\"") == JSONError(reason: .unexpectedEnd, offset: 4))
    for bytes: [UInt8] in [[0x22, 0xFF, 0x22], [0x22, 0x5C, 0x6E, 0xC3, 0x22]] {
      #expect(throws: JSONError.self) { try JSON(parsing: bytes) }
    }
  }

  @Test(
    "A whole number is read exactly or not at all",
    arguments: [
      ("0", 0), ("-7", -7), ("12.0", 12), ("1e3", 1000),
      ("999999999999999999", 999_999_999_999_999_999),
      ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min),
      ("9223372036854775808", nil), ("1.5", nil), ("-0", 0),
    ] as [(String, Int64?)])
  func wholeNumbers(text: String, value: Int64?) throws {
    #expect(JSON.number(text).int == value)
  }

  @Test("Of a name that occurs twice the last value counts")
  func twice() throws {
    #expect(try JSON(parsing: #"{"a":1,"b":2,"a":3}"#)["a"] == 3)
  }

  @Test("Lines are read one by one, blank ones left out, and an error names its line")
  func lines() throws {
    let lines = try JSON.lines(Array("1\n\n {\"a\":2} \r\n\t\n3".utf8))
    #expect(lines.map(\.number) == [1, 3, 5])
    #expect(lines.map(\.value) == [1, ["a": 2], 3])
    #expect(try JSON.lines([]).isEmpty)
    #expect(try JSON.lines(Array("\n".utf8)).isEmpty)
    #expect(
      throws: JSON.LineError(line: 2, error: JSONError(reason: .unexpectedEnd, offset: 2))
    ) { try JSON.lines(Array("1\n[1\n2]".utf8)) }
  }
}
