import Testing

@testable import DeltaLake

@Suite("Roaring bitmaps")
struct RoaringBitmapTests {
  /// Sets that take each form: few, many and neighbouring positions, one block and several, also
  /// beyond 32 bits.
  static let samples: [[UInt64]] = [
    [], [0], [65_535, 65_536], Array(0..<4096), Array(0..<4097), Array(100..<70_000),
    stride(from: 0, to: 300_000, by: 3).map { $0 },
    stride(from: 0, to: 65_536, by: 2).map { $0 } + [1 << 33, 1 << 33 + 1],
    (0..<6).map { $0 << 16 + 7 }, Array(0...65_535), [(1 << 47) - 1],
  ]

  @Test("What is written is read again", arguments: samples)
  func roundTrip(_ positions: [UInt64]) throws {
    let bitmap = RoaringBitmap(positions)
    #expect(bitmap.positions == positions)
    #expect(bitmap.count == positions.count)
    #expect(bitmap.max == positions.last)
    #expect(try RoaringBitmap(portable: bitmap.portable[...]) == bitmap)
  }

  @Test("Order and repetitions of positions mean nothing")
  func order() {
    #expect(RoaringBitmap([9, 70_000, 3, 9, 70_000, 0]).positions == [0, 3, 9, 70_000])
    let many = Self.samples[6]
    #expect(RoaringBitmap(many.shuffled()) == RoaringBitmap(many))
  }

  @Test("Neighbours are written as a run, a scattered few as an array")
  func forms() {
    // 8 bytes of buckets, a key, cookie with one flag byte, header, and a run.
    #expect(RoaringBitmap(0..<60_000).portable.count == 8 + 4 + 4 + 1 + 4 + 2 + 4)
    #expect(RoaringBitmap([1, 5, 9]).portable.count == 8 + 4 + 8 + 4 + 4 + 6)
  }

  @Test("Sets are joined, cut and searched as sets are")
  func algebra() {
    for left in Self.samples {
      for right in Self.samples {
        let (a, b) = (Set(left), Set(right))
        let (own, others) = (RoaringBitmap(left), RoaringBitmap(right))
        #expect(own.union(others).positions == a.union(b).sorted())
        #expect(own.subtracting(others).positions == a.subtracting(b).sorted())
        #expect(own.intersection(others).positions == a.intersection(b).sorted())
      }
      let own = RoaringBitmap(left)
      let set = Set(left)
      for position: UInt64 in [0, 1, 2, 3, 4095, 65_535, 65_536, 70_000, 1 << 33] {
        #expect(own.contains(position) == set.contains(position))
      }
    }
  }

  @Test("As bits, the first position is the highest bit of the first byte")
  func bits() {
    let bitmap = RoaringBitmap([0, 9, 15, 16, 40])
    #expect(bitmap.denseBits(count: 17) == [0x80, 0x41, 0x80])
    #expect(bitmap.denseBits(count: 0) == [])
  }

  @Test("A bitmap cut anywhere is an error")
  func truncated() {
    for sample in [Self.samples[2], Self.samples[5], Self.samples[8]] {
      let bytes = RoaringBitmap(sample).portable
      for end in 0..<bytes.count {
        #expect(throws: RoaringError.self) { try RoaringBitmap(portable: bytes[..<end]) }
      }
      #expect(throws: RoaringError.trailingBytes(1)) {
        try RoaringBitmap(portable: (bytes + [0])[...])
      }
    }
  }

  @Test("Positions that do not ascend, and counts that are not true, are errors")
  func malformed() throws {
    var bytes = RoaringBitmap([1, 5, 9]).portable
    let first = bytes.count - 6
    bytes.swapAt(first, first + 2)
    #expect(throws: RoaringError.notAscending) { try RoaringBitmap(portable: bytes[...]) }
    bytes = RoaringBitmap(Self.samples[7]).portable
    let word = 8 + 4 + 8 + 4 + 4
    bytes[word] ^= 2
    #expect(throws: RoaringError.wrongCardinality) { try RoaringBitmap(portable: bytes[...]) }
    bytes = RoaringBitmap([1]).portable
    bytes[12] = 0
    #expect(throws: RoaringError.unknownCookie(12_288 + 0)) {
      try RoaringBitmap(portable: bytes[...])
    }
    bytes = [UInt8](repeating: 0xFF, count: 8)
    #expect(throws: RoaringError.truncated) { try RoaringBitmap(portable: bytes[...]) }
  }
}

@Suite("Z85")
struct Z85Tests {
  @Test("The specification's own example is read and written")
  func specification() {
    let bytes: [UInt8] = [0x86, 0x4F, 0xD2, 0x6F, 0xB5, 0x59, 0xF7, 0x5B]
    #expect(Z85.encode(bytes) == "HelloWorld")
    #expect(Z85.decode("HelloWorld") == bytes)
  }

  @Test("What is no Z85 is told", arguments: ["abcd", "abc~e", "#####", "a b c"])
  func malformed(_ text: String) {
    #expect(Z85.decode(text) == nil)
  }

  @Test("A UUID of the log names its file, behind a folder where there is a prefix")
  func names() throws {
    #expect(
      try DeltaTable.path(ofUUID: "ab^-aqEH.-t@S}K{vb[*k^")
        == "ab/deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin")
    #expect(throws: DeletionVectorFault.self) { try DeltaTable.path(ofUUID: "short") }
  }
}
