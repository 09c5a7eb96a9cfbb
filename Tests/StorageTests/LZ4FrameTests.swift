import Storage
import Testing

@Suite("LZ4 frames")
struct LZ4FrameTests {
  /// What `lz4` 1.9.4 makes of `podium` and a newline, without a content size.
  static let madeByTool: [UInt8] = [
    0x04, 0x22, 0x4D, 0x18, 0x64, 0x40, 0xA7, 0x07, 0x00, 0x00, 0x80, 0x70, 0x6F, 0x64, 0x69,
    0x75, 0x6D, 0x0A, 0x00, 0x00, 0x00, 0x00, 0x57, 0xF1, 0x12, 0xC8,
  ]

  @Test("A frame of the lz4 tool is read")
  func foreign() throws {
    #expect(try LZ4Frame.decompress(LZ4FrameTests.madeByTool) == Array("podium\n".utf8))
  }

  @Test("Bytes come back as they were", arguments: [0, 1, 100, 262_143, 262_144, 262_145, 900_000])
  func roundTrip(count: Int) throws {
    let bytes = sampleBytes(count, seed: 2)
    let frame = try LZ4Frame.compress(bytes)
    #expect(try LZ4Frame.decompress(frame) == bytes)
  }

  @Test("A frame holds the content's size and asks for its checksum")
  func header() throws {
    let frame = try LZ4Frame.compress(Array("podium\n".utf8))
    #expect(Array(frame[..<4]) == [0x04, 0x22, 0x4D, 0x18])
    // Version 1, independent blocks, content size, content checksum.
    #expect(frame[4] == 0b0110_1100)
    #expect(Array(frame[6..<14]) == [7, 0, 0, 0, 0, 0, 0, 0])
    #expect(Array(frame.suffix(4)) == Array(LZ4FrameTests.madeByTool.suffix(4)))
  }

  @Test("A frame depends on the content alone, not on the pieces it arrived in", arguments: 1...8)
  func deterministic(seed: UInt64) throws {
    let bytes = sampleBytes(700_000, seed: seed)
    let compressor = try LZ4Compressor(contentSize: Int64(bytes.count))
    var frame: [UInt8] = []
    for piece in pieces(bytes, seed: seed) { try compressor.append(piece, to: &frame) }
    try compressor.finish(to: &frame)
    let whole = try LZ4Frame.compress(bytes)
    #expect(frame == whole, "seed \(seed)")
  }

  @Test("A content size that turns out wrong is an error")
  func wrongSize() throws {
    let compressor = try LZ4Compressor(contentSize: 8)
    var frame: [UInt8] = []
    try compressor.append(Array("podium\n".utf8), to: &frame)
    let error = failure { try compressor.finish(to: &frame) } as? CompressionError
    #expect(error?.code == .failed)
    #expect(error?.detail == "ERROR_frameSize_wrong")
  }

  @Test("A frame that was finished takes nothing more")
  func finished() throws {
    let compressor = try LZ4Compressor()
    var frame: [UInt8] = []
    try compressor.finish(to: &frame)
    let again = failure { try compressor.finish(to: &frame) } as? CompressionError
    #expect(again?.code == .failed)
  }

  @Test("Several frames are one content")
  func severalFrames() throws {
    let bytes = try LZ4Frame.compress([1, 2, 3]) + LZ4FrameTests.madeByTool + LZ4Frame.compress([])
    #expect(try LZ4Frame.decompress(bytes) == [1, 2, 3] + Array("podium\n".utf8))
  }

  @Test("Not one byte is an error")
  func empty() {
    let error = failure { try LZ4Frame.decompress([]) } as? CompressionError
    #expect(error == CompressionError(.empty, .lz4))
  }

  @Test("A frame cut at any byte is an error")
  func truncated() throws {
    let frame = try LZ4Frame.compress(sampleBytes(3000, seed: 3))
    for count in 1..<frame.count {
      let error = failure { try LZ4Frame.decompress(Array(frame[..<count])) } as? CompressionError
      #expect(error?.code == .truncated, "\(count) of \(frame.count) bytes")
    }
  }

  @Test("A flipped bit is found, in the header, the blocks and the checksum")
  func damaged() throws {
    let frame = try LZ4Frame.compress(sampleBytes(3000, seed: 4))
    for index in frame.indices {
      var wrong = frame
      wrong[index] ^= 0x10
      let error = failure { try LZ4Frame.decompress(wrong) } as? CompressionError
      #expect(error != nil, "byte \(index)")
    }
    var wrong = frame
    wrong[frame.count - 1] ^= 1
    let error = failure { try LZ4Frame.decompress(wrong) } as? CompressionError
    #expect(error?.code == .corrupt)
    #expect(error?.detail == "ERROR_contentChecksum_invalid")
  }

  @Test("Bytes after the last frame are an error", arguments: ["\n", "abcd", "abcdefghijkl"])
  func trailing(text: String) throws {
    let error =
      failure { try LZ4Frame.decompress(LZ4FrameTests.madeByTool + Array(text.utf8)) }
      as? CompressionError
    #expect(error?.code == .trailingBytes)
  }

  @Test("Bytes that are no frame are told apart from a damaged one")
  func wrongFormat() {
    let error =
      failure { try LZ4Frame.decompress(Array("id,name\n1,Ann\n".utf8)) } as? CompressionError
    #expect(error?.code == .wrongFormat)
  }
}
