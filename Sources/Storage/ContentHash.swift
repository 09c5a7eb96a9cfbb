internal import CXXHash

/// What tells one content of a file from another: 63 bits of its hash, and its size.
public struct ContentHash: Hashable, Sendable {
  /// XXH3-64 (seed 0) of all bytes, upper bit cleared, so that it fits a positive `Int64`.
  public let value: Int64
  /// Bytes.
  public let size: Int64

  public init(value: Int64, size: Int64) {
    self.value = value
    self.size = size
  }

  /// The hash of bytes at hand.
  public init(of bytes: [UInt8]) {
    value = bytes.withUnsafeBytes { ContentHash.clipped(XXH3_64bits($0.baseAddress, $0.count)) }
    size = Int64(bytes.count)
  }

  static func clipped(_ hash: UInt64) -> Int64 { Int64(bitPattern: hash & UInt64(Int64.max)) }
}

/// Computes a `ContentHash` of bytes that arrive in pieces.
public final class ContentHasher {
  private let state = XXH3_createState()
  /// Bytes so far.
  public private(set) var size: Int64 = 0

  public init() { XXH3_64bits_reset(state) }

  deinit { XXH3_freeState(state) }

  /// Adds bytes at the end.
  public func append(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { _ = XXH3_64bits_update(state, $0.baseAddress, $0.count) }
    size += Int64(bytes.count)
  }

  /// The hash of all bytes so far.
  public var hash: ContentHash {
    ContentHash(value: ContentHash.clipped(XXH3_64bits_digest(state)), size: size)
  }
}

extension ObjectStore {
  /// The hash of an object's bytes as they lie in the store, read a piece at a time.
  /// - Parameter chunkBytes: bytes of one read.
  public func contentHash(
    _ path: String, chunkBytes: Int = 4 << 20
  ) throws(StorageError) -> ContentHash {
    let hasher = ContentHasher()
    let chunkBytes = max(1, chunkBytes)
    while true {
      let chunk = try read(path, range: hasher.size..<hasher.size + Int64(chunkBytes))
      hasher.append(chunk)
      if chunk.count < chunkBytes { return hasher.hash }
    }
  }
}
