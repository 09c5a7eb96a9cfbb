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

  /// The 16 bytes of an MD5, by which servers check long requests (RFC 1864).
  static func md5(_ bytes: [UInt8]) -> [UInt8] {
    var hash = [UInt8](repeating: 0, count: 16)
    var length: UInt32 = 0
    _ = EVP_Digest(bytes, bytes.count, &hash, &length, EVP_md5(), nil)
    return hash
  }

  /// Bytes in the alphabet of RFC 4648.
  static func base64(_ bytes: [UInt8]) -> String {
    var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
    let length = EVP_EncodeBlock(&text, bytes, Int32(clamping: bytes.count))
    return String(decoding: text.prefix(Int(max(0, length))), as: UTF8.self)
  }

  /// Bytes as pairs of small hexadecimal digits.
  static func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
