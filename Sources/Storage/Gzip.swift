internal import CZlib

/// The gzip format (RFC 1952).
public enum Gzip {
  /// Compresses bytes into one member without name and time, so that equal bytes give equal files.
  /// - Parameter level: 1 (fast) to 9 (small).
  public static func compress(
    _ bytes: [UInt8], level: Int = 6
  ) throws(CompressionError) -> [UInt8] {
    // The library remembers where the stream lies, so it must not move.
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    defer { stream.deallocate() }
    stream.initialize(to: z_stream())
    let size = Int32(MemoryLayout<z_stream>.size)
    guard
      deflateInit2_(
        stream, Int32(min(max(level, 1), 9)), Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY,
        ZLIB_VERSION, size) == Z_OK
    else { throw CompressionError(.failed, .gzip, detail: "deflateInit2") }
    defer { deflateEnd(stream) }
    var out: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 64 << 10)
    var status = Z_OK
    var at = 0
    while status == Z_OK || status == Z_BUF_ERROR {
      // A piece at a time, because zlib counts in 32 bits.
      let count = min(bytes.count - at, 1 << 30)
      let flush = at + count == bytes.count ? Z_FINISH : Z_NO_FLUSH
      let made = bytes.withUnsafeBytes { input in
        piece.withUnsafeMutableBytes { output in
          stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress.map { ($0 + at).assumingMemoryBound(to: UInt8.self) })
          stream.pointee.avail_in = UInt32(count)
          stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
          stream.pointee.avail_out = UInt32(output.count)
          status = deflate(stream, flush)
          return output.count - Int(stream.pointee.avail_out)
        }
      }
      at += count - Int(stream.pointee.avail_in)
      out.append(contentsOf: piece[..<made])
    }
    guard status == Z_STREAM_END else {
      throw CompressionError(.failed, .gzip, offset: Int64(at), detail: "deflate \(status)")
    }
    return out
  }

  /// Decompresses bytes that hold whole members and nothing else.
  public static func decompress(_ bytes: [UInt8]) throws(CompressionError) -> [UInt8] {
    try GzipDecompressor().decompressAll(bytes)
  }
}

/// Reads gzip members, one after the other, with their checksums and sizes.
final class GzipDecompressor: Decompressor {
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private var offset: Int64 = 0
  private var members = 0
  /// True between the first byte of a member and its last.
  private var inside = false

  init() throws(CompressionError) {
    stream.initialize(to: z_stream())
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(stream, 15 + 16, ZLIB_VERSION, size) == Z_OK else {
      throw CompressionError(.failed, .gzip, detail: "inflateInit2")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  func decompress(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) -> (taken: Int, made: Int) {
    var taken = 0
    var made = 0
    while made < output.count {
      if !inside {
        guard taken < input.count else { break }
        // The library looks at the first byte only when it has two.
        guard input[taken] == 0x1F else {
          throw failure(Z_DATA_ERROR, "incorrect header check")
        }
        if members > 0 { inflateReset(stream) }
        inside = true
      }
      let step = inflateStep(
        UnsafeRawBufferPointer(rebasing: input[taken...]),
        UnsafeMutableRawBufferPointer(rebasing: output[made...]))
      taken += step.taken
      made += step.made
      offset += Int64(step.taken)
      switch step.status {
      case Z_STREAM_END:
        inside = false
        members += 1
      case Z_OK, Z_BUF_ERROR:
        if step.taken == 0, step.made == 0 { return (taken, made) }
      default:
        let words = stream.pointee.msg.map { String(cString: $0) }
        throw failure(step.status, words ?? "inflate \(step.status)")
      }
    }
    return (taken, made)
  }

  func finish() throws(CompressionError) {
    if inside { throw CompressionError(.truncated, .gzip, offset: offset) }
    if members == 0 { throw CompressionError(.empty, .gzip) }
  }

  private func inflateStep(
    _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer
  ) -> (status: Int32, taken: Int, made: Int) {
    let inputCount = min(input.count, 1 << 30)
    let outputCount = min(output.count, 1 << 30)
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
    stream.pointee.avail_in = UInt32(inputCount)
    stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(outputCount)
    let status = inflate(stream, Z_NO_FLUSH)
    return (
      status, inputCount - Int(stream.pointee.avail_in),
      outputCount - Int(stream.pointee.avail_out)
    )
  }

  private func failure(_ status: Int32, _ words: String) -> CompressionError {
    let code: CompressionError.Code =
      switch (status, words) {
      case (Z_DATA_ERROR, "incorrect header check"): members > 0 ? .trailingBytes : .wrongFormat
      case (Z_DATA_ERROR, _), (Z_NEED_DICT, _): .corrupt
      default: .failed
      }
    return CompressionError(code, .gzip, offset: offset, detail: words)
  }
}
