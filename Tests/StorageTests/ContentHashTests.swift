import Storage
import Testing

@Suite("Content hashes")
struct ContentHashTests {
  @Test("They are XXH3-64 with the upper bit cleared")
  func values() {
    // Computed by a C program outside Podium.
    #expect(ContentHash(of: []) == ContentHash(value: 0x2D06_8005_38D3_94C2, size: 0))
    #expect(
      ContentHash(of: Array("podium\n".utf8))
        == ContentHash(value: 0x18D4_C8BE_1CEF_E4F1, size: 7))
    #expect(
      ContentHash(of: Array(repeating: UInt8(ascii: "a"), count: 1000))
        == ContentHash(value: 0x33E7_AF62_7147_DB7C, size: 1000))
  }

  @Test(
    "A file's hash does not depend on the pieces it is read in", arguments: [1, 7, 64, 1 << 20])
  func pieces(chunkBytes: Int) throws {
    let store = MemoryStore()
    let bytes = sampleBytes(1000, seed: 1)
    try store.put("a/b", bytes)
    #expect(try store.contentHash("a/b", chunkBytes: chunkBytes) == ContentHash(of: bytes))
  }

  @Test("An empty file has the hash of no bytes")
  func empty() throws {
    let store = MemoryStore()
    try store.put("empty", [])
    #expect(try store.contentHash("empty") == ContentHash(of: []))
  }

  @Test("A missing file is an error of the store")
  func missing() {
    let error = failure { try MemoryStore().contentHash("none") } as? StorageError
    #expect(error?.code == .notFound)
  }
}
