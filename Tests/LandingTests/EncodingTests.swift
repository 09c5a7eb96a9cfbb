import Storage
import TestKit
import Testing

@testable import Landing

@Suite("Characters")
struct EncodingTests {
  @Test(
    "Bytes that are not UTF-8 refuse the file, with line and byte",
    arguments: [
      [0xFF], [0x80], [0xC0, 0xAF], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF0, 0x9F, 0x98],
      [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xE0, 0x80, 0x80],
    ] as [[UInt8]])
  func invalid(bytes: [UInt8]) {
    let csv = Array("a,b\n1,ü\n2,\"x\ny".utf8)
    #expect(
      reason(csv + bytes + Array("z\",3\n4,5\n".utf8), as: "x.csv", ["a"])
        == .invalidUTF8(place(4, 2)))
    #expect(reason(csv + bytes, as: "x.csv", ["a"]) == .invalidUTF8(place(4, 2)))
    let lines = Array("{\"a\":\"ü\"}\n{\"a\":\"x".utf8)
    #expect(
      reason(lines + bytes + Array("\"}\n".utf8), as: "x.ndjson", ["a"])
        == .invalidUTF8(place(2, 8)))
    let array = Array("[{\"a\":\"ü\"},\n{\"b\":\n\"x".utf8)
    #expect(
      reason(array + bytes + Array("\"}]".utf8), as: "x.json", ["a"])
        == .invalidUTF8(place(3, 3)))
  }

  @Test("They do so wherever they stand")
  func invalidAnywhere() {
    #expect(reason([0xFF, 0xFE, 0x61, 0x00], as: "x.csv", ["a"]) == .invalidUTF8(place(1, 1)))
    #expect(reason(Array("a\n".utf8) + [0xFF], as: "x.csv", ["a"]) == .invalidUTF8(place(2, 1)))
    #expect(reason(Array("[]\n".utf8) + [0xFF], as: "x.json", ["a"]) == .invalidUTF8(place(2, 1)))
    #expect(reason([0xC3], as: "x.json", ["a"]) == .invalidUTF8(place(1, 1)))
    #expect(reason(Array("{}\n".utf8) + [0xFF], as: "x.jsonl", ["a"]) == .invalidUTF8(place(2, 1)))
  }

  @Test("An error before them in the file comes first")
  func firstError() {
    #expect(
      reason(Array("{}\n{x}\n".utf8) + [0xFF], as: "x.ndjson", ["a"])
        == .invalidJSON(.unexpectedByte, place(2, 2)))
    #expect(
      reason(Array("a,b\n1\n\"".utf8) + [0xFF], as: "x.csv", ["a"])
        == .ragged(line: 2, expected: 2, found: 1))
  }

  @Test("A NUL character refuses the file, also where it is escaped")
  func nul() {
    #expect(reason("a,b\n1,x\u{0}y\n", as: "x.csv", ["a"]) == .nulCharacter(place(2, 4)))
    #expect(reason("a,b\n1,2\n\u{0}", as: "x.csv", ["a"]) == .nulCharacter(place(3, 1)))
    #expect(reason("{\"a\":\"\u{0}\"}", as: "x.ndjson", ["a"]) == .nulCharacter(place(1, 7)))
    for text in [#"{"a":"x\u0000"}"#, #"{"b":"x\u0000"}"#, #"{"a":["\u0000"]}"#] {
      let column = Int64(text.utf8.count) - (text.hasSuffix("]}") ? 9 : 8) + 1
      #expect(
        reason("{}\n" + text, as: "x.ndjson", ["a"]) == .nulCharacter(place(2, column)))
    }
    #expect(reason(#"[{"\u0000":1}]"#, as: "x.json", ["a"]) == .nulCharacter(place(1, 4)))
  }

  @Test("Text of every alphabet comes through in every format")
  func alphabets() throws {
    let text = "Zoë 東京 🏋️‍♀️ Ω \u{7FF}\u{800}\u{FFFF}\u{10000}\u{10FFFF}"
    for options in [LandingOptions(), tiny] {
      #expect(
        try read("a,b\n\(text),1\n", as: "x.csv", ["a"], options: options).values == [[text]])
      #expect(
        try read("{\"a\":\"\(text)\"}", as: "x.ndjson", ["a"], options: options).values
          == [[text]])
    }
  }

  @Test("The check of characters agrees with the standard library", arguments: 1...20)
  func againstStandardLibrary(seed: UInt64) {
    var generator = Seeded(seed)
    for _ in 0..<500 {
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 0...60, using: &generator) {
        if generator.once(in: 6) {
          // Some bytes that are near to being a character.
          let leads: [UInt8] = [0xC2, 0xDF, 0xE0, 0xE2, 0xED, 0xEF, 0xF0, 0xF1, 0xF4, 0xC1, 0xF5]
          bytes.append(leads[Int.random(in: 0..<leads.count, using: &generator)])
          for _ in 0..<Int.random(in: 0...3, using: &generator) {
            bytes.append(UInt8.random(in: 0x7F...0xC0, using: &generator))
          }
        } else if generator.once(in: 3) {
          let scalar = Unicode.Scalar(UInt32.random(in: 1...0x10FFFF, using: &generator)) ?? "x"
          bytes += Array(String(Character(scalar)).utf8)
        } else {
          bytes.append(UInt8.random(in: 1...0x7F, using: &generator))
        }
      }
      let padded = bytes + [UInt8](repeating: 0, count: 64)
      let found = padded.withUnsafeBufferPointer { buffer in
        buffer.baseAddress.map { TextCheck.scan($0, from: 0, to: bytes.count) }
      }
      let isValid = String(validating: bytes, as: UTF8.self) != nil
      #expect((found?.stop == .end) == isValid, "seed \(seed): \(bytes)")
      // What stands before the fault is valid, and it is the longest such beginning.
      let at = found?.at ?? 0
      #expect(String(validating: bytes[..<at], as: UTF8.self) != nil, "seed \(seed): \(bytes)")
      for more in at..<min(at + 4, bytes.count) {
        #expect(
          String(validating: bytes[..<(more + 1)], as: UTF8.self) == nil,
          "seed \(seed): \(bytes)")
      }
    }
  }
}
