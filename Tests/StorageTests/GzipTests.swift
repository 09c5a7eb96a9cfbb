import Storage
import Testing

@Suite("gzip")
struct GzipTests {
  /// What `gzip -n` makes of `podium` and a newline.
  static let madeByTool: [UInt8] = [
    0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x2B, 0xC8, 0x4F, 0xC9, 0x2C,
    0xCD, 0xE5, 0x02, 0x00, 0x91, 0x8D, 0x86, 0xC0, 0x07, 0x00, 0x00, 0x00,
  ]

  @Test("A member of the gzip tool is read, and ours are the same")
  func foreign() throws {
    #expect(try Gzip.decompress(GzipTests.madeByTool) == Array("podium\n".utf8))
    #expect(try Gzip.compress(Array("podium\n".utf8)) == GzipTests.madeByTool)
  }

  @Test("Bytes come back as they were", arguments: [0, 1, 65_535, 65_536, 400_000])
  func roundTrip(count: Int) throws {
    let bytes = sampleBytes(count, seed: 5)
    #expect(try Gzip.decompress(try Gzip.compress(bytes)) == bytes)
    #expect(try Gzip.decompress(try Gzip.compress(bytes, level: 1)) == bytes)
  }

  @Test("Several members are one content")
  func severalMembers() throws {
    let bytes = try Gzip.compress([1, 2, 3]) + GzipTests.madeByTool + Gzip.compress([])
    #expect(try Gzip.decompress(bytes) == [1, 2, 3] + Array("podium\n".utf8))
  }

  @Test("Not one byte is an error")
  func empty() {
    let error = failure { try Gzip.decompress([]) } as? CompressionError
    #expect(error == CompressionError(.empty, .gzip))
  }

  @Test("A member cut at any byte is an error, also within its trailer")
  func truncated() throws {
    let member = try Gzip.compress(sampleBytes(2000, seed: 6))
    for count in 1..<member.count {
      let error = failure { try Gzip.decompress(Array(member[..<count])) } as? CompressionError
      #expect(error == CompressionError(.truncated, .gzip, offset: Int64(count)))
    }
  }

  @Test("A wrong checksum and a wrong size are errors", arguments: [(8, "data"), (4, "length")])
  func damaged(fromEnd: Int, word: String) {
    var wrong = GzipTests.madeByTool
    wrong[wrong.count - fromEnd] ^= 1
    let error = failure { try Gzip.decompress(wrong) } as? CompressionError
    #expect(error?.code == .corrupt)
    #expect(error?.detail == "incorrect \(word) check")
  }

  @Test("Bytes after the last member are an error", arguments: [[0], [0, 0], [0x1F, 0x8C]])
  func trailing(bytes: [UInt8]) {
    let error =
      failure { try Gzip.decompress(GzipTests.madeByTool + bytes) } as? CompressionError
    #expect(error?.code == .trailingBytes)
  }

  @Test("Bytes that are no member are told apart from a damaged one")
  func wrongFormat() {
    let error = failure { try Gzip.decompress(Array("id,name\n".utf8)) } as? CompressionError
    #expect(error?.code == .wrongFormat)
  }

  @Test("An error says what is wrong and where")
  func words() {
    #expect(
      CompressionError(.truncated, .gzip, offset: 12).description
        == "the gzip stream ends inside a member, near byte 12")
    #expect(
      CompressionError(.corrupt, .lz4, offset: 9, detail: "ERROR_x").description
        == "the lz4 stream is damaged, near byte 9 (ERROR_x)")
  }
}
