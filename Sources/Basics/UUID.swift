/// The 16 bytes of a new random UUID (RFC 9562, version 4).
public func randomUUIDBytes() -> [UInt8] {
  var bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
  bytes[6] = bytes[6] & 0x0F | 0x40
  bytes[8] = bytes[8] & 0x3F | 0x80
  return bytes
}

/// The 36 characters of a UUID's 16 bytes, in small letters.
public func uuidText(_ bytes: [UInt8]) -> String {
  var text = ""
  for (index, byte) in bytes.enumerated() {
    if [4, 6, 8, 10].contains(index) { text += "-" }
    let digits = String(byte, radix: 16)
    text += digits.count == 1 ? "0" + digits : digits
  }
  return text
}

/// A new random UUID as text.
public func randomUUID() -> String { uuidText(randomUUIDBytes()) }
