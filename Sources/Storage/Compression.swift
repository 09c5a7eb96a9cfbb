/// How the bytes of a file are compressed.
public enum Compression: String, Hashable, Sendable, CaseIterable {
  case none
  /// RFC 1952, one member or several.
  case gzip
  /// The LZ4 frame format 1.6, one frame or several.
  case lz4

  /// A fresh decompressor; nil for bytes that are not compressed.
  public func decompressor() throws(CompressionError) -> (any Decompressor)? {
    switch self {
    case .none: nil
    case .gzip: try GzipDecompressor()
    case .lz4: try LZ4Decompressor()
    }
  }
}

/// Turns compressed bytes into plain ones, a piece at a time.
///
/// Every checksum that the format holds is verified. One thread at a time.
public protocol Decompressor: AnyObject {
  /// Reads from `input` and writes plain bytes to `output`.
  ///
  /// Where all input was taken and `output` is not full, it needs more input.
  /// - Returns: bytes taken from `input` and bytes made in `output`.
  func decompress(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) -> (taken: Int, made: Int)

  /// Must be called after all input; an error where the compressed bytes end too early.
  func finish() throws(CompressionError)
}

/// Why compressed bytes cannot be read or made.
public struct CompressionError: Error, Hashable, Sendable {
  /// What went wrong, as a stable code that callers may match.
  public enum Code: Hashable, Sendable {
    /// There is not one byte.
    case empty
    /// The bytes end inside a frame or member.
    case truncated
    /// The bytes do not begin as the format does.
    case wrongFormat
    /// A checksum, a size or a code is wrong.
    case corrupt
    /// Bytes follow the end that are no further frame or member.
    case trailingBytes
    /// The library could not work, for lack of memory or because it was used wrongly.
    case failed
  }

  public let code: Code
  public let format: Compression
  /// Compressed bytes that had been read when it was found.
  public let offset: Int64
  /// The library's own words, which never hold any of the content.
  public let detail: String

  public init(_ code: Code, _ format: Compression, offset: Int64 = 0, detail: String = "") {
    self.code = code
    self.format = format
    self.offset = offset
    self.detail = detail
  }
}

extension CompressionError: CustomStringConvertible {
  public var description: String {
    let unit = format == .lz4 ? "frame" : "member"
    let what =
      switch code {
      case .empty: "it has 0 bytes, not even an empty \(format) \(unit)"
      case .truncated: "the \(format) stream ends inside a \(unit)"
      case .wrongFormat: "the bytes are not \(format)"
      case .corrupt: "the \(format) stream is damaged"
      case .trailingBytes: "other bytes follow the end of the \(format) stream"
      case .failed: "the \(format) library failed"
      }
    return "\(what), near byte \(offset)" + (detail.isEmpty ? "" : " (\(detail))")
  }
}

extension Decompressor {
  /// Decompresses bytes that are all at hand.
  func decompressAll(_ bytes: [UInt8]) throws(CompressionError) -> [UInt8] {
    var out: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 64 << 10)
    var at = 0
    while true {
      let step = bytes.withUnsafeBytes { input in
        piece.withUnsafeMutableBytes { output in
          Result { () throws(CompressionError) in
            try decompress(UnsafeRawBufferPointer(rebasing: input[at...]), into: output)
          }
        }
      }
      let (taken, made) = try step.get()
      at += taken
      out.append(contentsOf: piece[..<made])
      if at == bytes.count, made < piece.count { break }
    }
    try finish()
    return out
  }
}
