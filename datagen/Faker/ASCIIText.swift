/// Writes ASCII into memory that is to become a `String`; what does not fit is left out.
struct ASCIIText {
  private let bytes: UnsafeMutableBufferPointer<UInt8>
  private(set) var count = 0

  private init(_ bytes: UnsafeMutableBufferPointer<UInt8>) { self.bytes = bytes }

  /// A text of at most `capacity` bytes, filled by `body`.
  @inline(__always)
  static func make(_ capacity: Int, _ body: (inout ASCIIText) -> Void) -> String {
    String(unsafeUninitializedCapacity: capacity) { bytes in
      var text = ASCIIText(bytes)
      body(&text)
      return text.count
    }
  }

  /// Adds one character.
  @inline(__always)
  mutating func add(_ byte: UInt8) {
    guard count < bytes.count else { return }
    bytes[count] = byte
    count += 1
  }

  /// Adds a word.
  @inline(__always)
  mutating func add(_ word: String) {
    var word = word
    word.withUTF8 { source in
      let room = min(source.count, bytes.count - count)
      guard room > 0, let from = source.baseAddress, let to = bytes.baseAddress else { return }
      (to + count).update(from: from, count: room)
      count += room
    }
  }

  /// Adds a word in lower case, letters and digits only.
  @inline(__always)
  mutating func addLowercase(_ word: String) {
    var word = word
    word.withUTF8 { source in
      for byte in source {
        switch byte {
        case 0x41...0x5A: add(byte | 0x20)
        case 0x61...0x7A, 0x30...0x39: add(byte)
        default: continue
        }
      }
    }
  }

  /// Adds the last `digits` decimal digits of a number, with zeros in front.
  @inline(__always)
  mutating func add(_ number: Int, digits: Int) {
    var divisor = 1
    for _ in 1..<max(1, digits) { divisor &*= 10 }
    let magnitude = number.magnitude
    while divisor > 0 {
      add(0x30 &+ UInt8(truncatingIfNeeded: magnitude / UInt(divisor) % 10))
      divisor /= 10
    }
  }
}
