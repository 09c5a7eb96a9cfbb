internal import CZlib

/// The CRC-32 of bytes as gzip and Delta's deletion vectors use it (ISO 3309, polynomial 04C11DB7).
public func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  bytes.withUnsafeBytes { buffer in
    var sum = CZlib.crc32(0, nil, 0)
    var at = 0
    while at < buffer.count {
      // A piece at a time, because zlib counts in 32 bits.
      let count = min(buffer.count - at, 1 << 30)
      let start = buffer.baseAddress.map { ($0 + at).assumingMemoryBound(to: UInt8.self) }
      sum = CZlib.crc32(sum, start, UInt32(count))
      at += count
    }
    return UInt32(truncatingIfNeeded: sum)
  }
}
