import Landing
import Storage
import Testing

@Suite("Landing files without some of their records")
struct ErasureTests {
  /// Takes the records away whose field `a` is `x`; what is left and its text.
  private func erase(
    _ text: String, _ file: String
  ) throws -> (rows: [Row], text: String, records: Int64)? {
    let store = MemoryStore()
    let packed: [UInt8]
    if file.hasSuffix(".gz") {
      packed = try Gzip.compress(Array(text.utf8))
    } else {
      packed = file.hasSuffix(".lz4") ? try LZ4Frame.compress(Array(text.utf8)) : Array(text.utf8)
    }
    try store.put(file, packed)
    let fields = [LandingField("a"), LandingField("b")]
    guard
      let erasure = try LandingErasure(store, file, fields: fields, where: { $0[0] == "x" })
    else { return nil }
    #expect(erasure.before == ContentHash(of: packed))
    var plain = erasure.bytes
    if file.hasSuffix(".gz") { plain = try Gzip.decompress(plain) }
    if file.hasSuffix(".lz4") { plain = try LZ4Frame.decompress(plain) }
    let rest = String(decoding: plain, as: UTF8.self)
    return (try read(rest, as: plainName(file), ["a", "b"]).rows, rest, erasure.records)
  }

  private func plainName(_ file: String) -> String {
    file.replacing(".gz", with: "").replacing(".lz4", with: "")
  }

  @Test(
    "Lines of others keep their numbers and bytes", arguments: ["f.csv", "f.csv.gz", "f.csv.lz4"])
  func lines(file: String) throws {
    let found = try #require(
      try erase("a,b\nx,1\r\ny,\"2\n2\"\nx,\"3\n\n3\"\nz,4\nx,5", file))
    #expect(found.text == "a,b\n\ny,\"2\n2\"\n\n\n\nz,4\n")
    #expect(found.rows == [Row(["y", "2\n2"], line: 3), Row(["z", "4"], line: 8)])
    #expect(found.records == 3)
  }

  @Test("Objects on lines become empty lines")
  func objects() throws {
    let found = try #require(
      try erase("{\"a\":\"x\"}\n\n{\"a\":\"y\",\"b\":\"{\"}\n {\"a\":\"x\"}\n", "f.ndjson"))
    #expect(found.text == "\n\n{\"a\":\"y\",\"b\":\"{\"}\n\n")
    #expect(found.rows == [Row(["y", "{"], line: 3)])
  }

  @Test(
    "Elements of an array go with one comma each",
    arguments: [
      (#"[{"a":"x"},{"a":"y"},{"a":"x"}]"#, #"[{"a":"y"}]"#),
      (#"[{"a":"y"},{"a":"x"},{"a":"z"}]"#, #"[{"a":"y"},{"a":"z"}]"#),
      (#"[{"a":"x"},{"a":"x"}]"#, "[]"),
      (#"{"a":"x","b":"1"}"#, "[]"),
      (
        "[\n{\"a\":\"x\",\n\"b\":\"],[\"},\n{\"a\":\"y\\\"\",\"b\":[1,{\"c\":2}]}\n]\n",
        "[\n\n\n{\"a\":\"y\\\"\",\"b\":[1,{\"c\":2}]}\n]\n"
      ),
    ] as [(String, String)])
  func elements(text: String, rest: String) throws {
    let found = try #require(try erase(text, "f.json"))
    #expect(found.text == rest)
  }

  @Test("A file without such records is left alone")
  func nothing() throws {
    #expect(try erase("a,b\ny,1\n", "f.csv") == nil)
  }

  @Test("A file that cannot be read is refused")
  func torn() {
    #expect(throws: LandingError.self) { _ = try erase("a,b\nx,1\nx,\"2\n", "f.csv") }
  }
}
