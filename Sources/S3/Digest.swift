import CCrypto

/// SHA-256 and its keyed form, as the signatures of AWS use them (FIPS 180-4, RFC 2104).
enum Digest {
  /// The 32 bytes of a hash.
  static func sha256(_ bytes: [UInt8]) -> [UInt8] {
    var hash = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    _ = CCrypto.SHA256(bytes, bytes.count, &hash)
    return hash
  }

  /// The 32 bytes of a keyed hash.
  static func hmac(key: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
    var hash = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    var length: UInt32 = 0
    _ = HMAC(EVP_sha256(), key, Int32(clamping: key.count), bytes, bytes.count, &hash, &length)
    return hash
  }

  /// Bytes as pairs of small hexadecimal digits.
  static func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
