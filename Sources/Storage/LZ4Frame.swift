internal import CLZ4

/// The LZ4 frame format (magic number 0x184D2204), as the `lz4` tool reads and writes it.
public enum LZ4Frame {
  /// Compresses bytes into one frame with its size and checksum.
  public static func compress(_ bytes: [UInt8]) throws(CompressionError) -> [UInt8] {
    let compressor = try LZ4Compressor(contentSize: Int64(bytes.count))
    var out: [UInt8] = []
    try compressor.append(bytes, to: &out)
    try compressor.finish(to: &out)
    return out
  }

  /// Decompresses bytes that hold whole frames and nothing else.
  public static func decompress(_ bytes: [UInt8]) throws(CompressionError) -> [UInt8] {
    try LZ4Decompressor().decompressAll(bytes)
  }
}

/// Writes one LZ4 frame from bytes that arrive in pieces.
///
/// The frame has a checksum of its content, and the content's size where that is known. Blocks are
/// 256 KB and independent, so the frame depends on the content alone and not on the pieces.
public final class LZ4Compressor {
  private static let blockBytes = 256 << 10

  private let context: OpaquePointer
  private var preferences = LZ4F_preferences_t()
  private var block: [UInt8] = []
  private var piece: [UInt8]
  private var begun = false
  private var finished = false

  /// - Parameter contentSize: how many bytes will be appended, where known; a frame that ends with
  ///   another number is an error.
  public init(contentSize: Int64? = nil) throws(CompressionError) {
    var context: OpaquePointer?
    LZ4F_createCompressionContext(&context, UInt32(LZ4F_VERSION))
    guard let context else {
      throw CompressionError(.failed, .lz4, detail: "LZ4F_createCompressionContext")
    }
    self.context = context
    preferences.frameInfo.blockSizeID = LZ4F_max256KB
    preferences.frameInfo.blockMode = LZ4F_blockIndependent
    preferences.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled
    preferences.frameInfo.contentSize = UInt64(max(0, contentSize ?? 0))
    preferences.autoFlush = 1
    piece = [UInt8](
      repeating: 0, count: LZ4F_compressBound(LZ4Compressor.blockBytes, &preferences) + 64)
    block.reserveCapacity(LZ4Compressor.blockBytes)
  }

  deinit { LZ4F_freeCompressionContext(context) }

  /// Adds content, and to `out` what has become of it.
  public func append(
    _ bytes: [UInt8], to out: inout [UInt8]
  ) throws(CompressionError) {
    var at = 0
    while at < bytes.count {
      let count = min(LZ4Compressor.blockBytes - block.count, bytes.count - at)
      block.append(contentsOf: bytes[at..<at + count])
      at += count
      if block.count == LZ4Compressor.blockBytes { try writeBlock(to: &out) }
    }
  }

  /// Ends the frame; nothing may be appended afterwards.
  public func finish(to out: inout [UInt8]) throws(CompressionError) {
    guard !finished else { throw CompressionError(.failed, .lz4, detail: "finished twice") }
    try writeBlock(to: &out)
    finished = true
    try write(to: &out) { LZ4F_compressEnd(context, $0.baseAddress, $0.count, nil) }
  }

  private func writeBlock(to out: inout [UInt8]) throws(CompressionError) {
    guard !finished else { throw CompressionError(.failed, .lz4, detail: "already finished") }
    if !begun {
      begun = true
      try write(to: &out) {
        LZ4F_compressBegin(context, $0.baseAddress, $0.count, &preferences)
      }
    }
    guard !block.isEmpty else { return }
    try write(to: &out) { output in
      block.withUnsafeBytes {
        LZ4F_compressUpdate(
          context, output.baseAddress, output.count, $0.baseAddress, $0.count, nil)
      }
    }
    block.removeAll(keepingCapacity: true)
  }

  private func write(
    to out: inout [UInt8], _ step: (UnsafeMutableRawBufferPointer) -> Int
  ) throws(CompressionError) {
    let made = piece.withUnsafeMutableBytes(step)
    guard LZ4F_isError(made) == 0 else {
      throw CompressionError(
        .failed, .lz4, offset: Int64(out.count), detail: String(cString: LZ4F_getErrorName(made)))
    }
    out.append(contentsOf: piece[..<made])
  }
}

/// Reads LZ4 frames, one after the other, with their checksums and sizes.
final class LZ4Decompressor: Decompressor {
  private let context: OpaquePointer
  private var offset: Int64 = 0
  private var frames = 0
  /// True between the first byte of a frame and its last.
  private var inside = false
  /// The first bytes of the frame, up to four; the library looks at them only when it has seven.
  private var magic: [UInt8] = []

  init() throws(CompressionError) {
    var context: OpaquePointer?
    LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))
    guard let context else {
      throw CompressionError(.failed, .lz4, detail: "LZ4F_createDecompressionContext")
    }
    self.context = context
  }

  deinit { LZ4F_freeDecompressionContext(context) }

  func decompress(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) -> (taken: Int, made: Int) {
    var taken = 0
    var made = 0
    while made < output.count {
      if !inside {
        guard taken < input.count else { break }
        inside = true
        magic.removeAll()
      }
      var inputCount = input.count - taken
      var outputCount = output.count - made
      let hint = LZ4F_decompress(
        context, output.baseAddress.map { $0 + made }, &outputCount,
        input.baseAddress.map { $0 + taken }, &inputCount, nil)
      guard LZ4F_isError(hint) == 0 else { throw failure(String(cString: LZ4F_getErrorName(hint))) }
      if magic.count < 4 {
        magic += input[taken..<taken + min(inputCount, 4 - magic.count)]
      }
      taken += inputCount
      made += outputCount
      offset += Int64(inputCount)
      if hint == 0 {
        inside = false
        frames += 1
      } else if inputCount == 0, outputCount == 0 {
        break
      }
    }
    return (taken, made)
  }

  func finish() throws(CompressionError) {
    if inside {
      guard beginsFrame else { throw failure("ERROR_frameType_unknown") }
      throw CompressionError(.truncated, .lz4, offset: offset)
    }
    if frames == 0 { throw CompressionError(.empty, .lz4) }
  }

  /// True where the bytes so far may be the magic number of a frame, or of one to be skipped.
  private var beginsFrame: Bool {
    let first = magic.first ?? 0
    let frame: [UInt8] = [0x04, 0x22, 0x4D, 0x18]
    let skipped: [UInt8] = [first & 0x0F | 0x50, 0x2A, 0x4D, 0x18]
    return frame.starts(with: magic) || skipped.starts(with: magic)
  }

  private func failure(_ words: String) -> CompressionError {
    let code: CompressionError.Code =
      switch words {
      case "ERROR_frameType_unknown": frames > 0 ? .trailingBytes : .wrongFormat
      case "ERROR_allocation_failed": .failed
      default: .corrupt
      }
    return CompressionError(code, .lz4, offset: offset, detail: words)
  }
}
