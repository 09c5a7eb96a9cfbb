import Basics
import Glibc
import Landing
import Storage
import Testing

@Suite("Reading one file")
struct FileReaderTests {
  private static let lines = (1...100).map { "{\"a\":\"value \($0)\"}\n" }.joined()

  @Test("A file is read in chunks, one after the other, and hashed as it lies in the store")
  func chunks() throws {
    let ranges = Log<Range<Int64>>()
    let store = ReadStore(ranges)
    let bytes = Array(FileReaderTests.lines.utf8)
    try store.put("x.ndjson", bytes)
    let reading = try read(
      store, "x.ndjson", [LandingField("a")],
      options: LandingOptions(chunkBytes: 500, windowBytes: 64))
    #expect(reading.rows.count == 100)
    let starts: [Int64] = (0...bytes.count / 500).map { Int64($0) * 500 }
    #expect(ranges.all.map(\.lowerBound) == starts)
    #expect(ranges.all.allSatisfy { $0.count == 500 })
    #expect(reading.summary.content == ContentHash(of: bytes))
    let before = try store.contentHash("x.ndjson")
    #expect(reading.summary.content == before)
  }

  @Test("The hash is that of the compressed bytes", arguments: ["x.ndjson.gz", "x.ndjson.lz4"])
  func compressedHash(name: String) throws {
    let bytes = try compressed(FileReaderTests.lines, as: name)
    let reading = try read(bytes, as: name, ["a"])
    #expect(reading.summary.content == ContentHash(of: bytes))
    #expect(reading.values.last == ["value 100"])
  }

  @Test("A file that changes while it is read has another hash than before and after")
  func changes() throws {
    let old = Array(FileReaderTests.lines.utf8)
    let new = Array(FileReaderTests.lines.replacing("value", with: "other").utf8)
    let store = ReadStore { path, range, base throws(StorageError) in
      let bytes = try base.read(path, range: range)
      if range.lowerBound == 0 { try base.put(path, new) }
      return bytes
    }
    try store.put("x.ndjson", old)
    let reading = try read(
      store, "x.ndjson", [LandingField("a")], options: LandingOptions(chunkBytes: 1000))
    #expect(reading.summary.content.size == Int64(old.count))
    #expect(reading.summary.content != ContentHash(of: old))
    #expect(reading.summary.content != ContentHash(of: new))
  }

  @Test("Batches end after a number of rows, or of bytes")
  func batches() throws {
    let byRows = try read(
      FileReaderTests.lines, as: "x.ndjson", ["a"], options: LandingOptions(batchRows: 30))
    #expect(byRows.batches == [30, 30, 30, 10])
    let whole = try read(
      FileReaderTests.lines, as: "x.ndjson", ["a"], options: LandingOptions(batchRows: 100))
    #expect(whole.batches == [100])
    let byBytes = try read(
      FileReaderTests.lines, as: "x.ndjson", ["a"],
      options: LandingOptions(windowBytes: 64, batchBytes: 300))
    #expect(byBytes.batches.count > 5)
    #expect(byBytes.rows == whole.rows)
  }

  @Test("Names of rescued columns and paths count as bytes of a batch")
  func rescuedBytes() throws {
    let name = String(repeating: "n", count: 1000)
    let text = "a,\(name)\n" + String(repeating: "1,2\n", count: 20_000)
    let reading = try read(
      text, as: "x.csv", ["a"], options: LandingOptions(batchBytes: 5 << 20))
    #expect(reading.rows.count == 20_000)
    #expect(reading.batches.count >= 3)
  }

  @Test("After an error a reader throws the same again")
  func again() throws {
    let store = MemoryStore()
    try store.put("x.csv", Array("a,b\n1,2\n3\n".utf8))
    let reader = LandingFileReader(
      store: store, file: "x.csv", fields: [LandingField("a")],
      options: LandingOptions(batchRows: 1))
    #expect(try reader.next()?.rows == 1)
    let error = LandingError("x.csv", .ragged(line: 3, expected: 2, found: 1))
    #expect(throws: error) { try reader.next() }
    #expect(throws: error) { try reader.next() }
    #expect(reader.summary == nil)
  }

  @Test("A record of ten megabytes is read", arguments: ["x.ndjson", "x.json", "x.csv"])
  func longRecord(name: String) throws {
    let long = String(repeating: "0123456789abcdef", count: 10 << 16)
    let text =
      name == "x.csv"
      ? "a,b\n1,2\n\"\(long)\"\"\",3\n"
      : "\(name == "x.json" ? "[" : ""){\"a\":\"1\"}\(name == "x.json" ? "," : "")\n"
        + "{\"a\":\"\(long)\\\"\"}\(name == "x.json" ? "]" : "")"
    let reading = try read(text, as: name, ["a"])
    #expect(reading.rows.count == 2)
    #expect(reading.values.last == [long + "\""])
  }

  @Test("A record longer than the limit refuses the file, with its line")
  func tooLong() throws {
    let limits = [16, 64, 1 << 18].map {
      LandingOptions(chunkBytes: 7, windowBytes: $0, recordLimit: 100)
    }
    let fits = String(repeating: "x", count: 91)
    for options in limits {
      #expect(
        try read("{}\n{\"a\":\"\(fits)\"}\n", as: "x.ndjson", ["a"], options: options).rows.count
          == 2)
      let files = [
        ("x.ndjson", "{}\n{\"a\":\"\(fits)y\"}\n{}\n"), ("x.json", "[{},\n{\"a\":\"\(fits)yz\"}]"),
        ("x.csv", "a,b\n\(fits),\"123456\"\n"), ("x.csv", "a,b\n1,\"\(fits)\n1,2\n1,2\n"),
        ("x.csv", "a\n" + fits + "1234567890"),
      ]
      for (name, text) in files {
        #expect(
          refusal(Array(text.utf8), as: name, ["a"], options: options)?.reason
            == .recordTooLong(line: 2, limit: 100), "\(name) \(options.windowBytes)")
      }
      #expect(
        refusal(Array("a\(fits)\(fits)\n".utf8), as: "x.csv", ["a"], options: options)?.reason
          == .recordTooLong(line: 1, limit: 100))
    }
    #expect(LandingOptions().recordLimit == 64 << 20)
  }

  @Test("A record longer than 64 MB refuses the file by default")
  func tooLongByDefault() throws {
    let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
    let store = ReadStore { _, range, _ throws(StorageError) in
      range.lowerBound == 0 ? Array("a,b\n1,\"".utf8) + piece.dropFirst(7) : piece
    }
    let reader = LandingFileReader(
      store: store, file: "x.csv", fields: [LandingField("a")],
      options: LandingOptions(chunkBytes: 1 << 20))
    #expect(throws: LandingError("x.csv", .recordTooLong(line: 2, limit: 64 << 20))) {
      try reader.next()
    }
  }

  @Test("A folder, a missing file and a closed one are errors of the store")
  func unreadable() throws {
    let folder = "/tmp/landing-\(uniqueName())"
    defer {
      unlink(folder + "/closed.csv")
      rmdir(folder + "/folder.csv")
      rmdir(folder)
    }
    let store = LocalStore(root: folder)
    try store.createFolder("folder.csv")
    try store.put("closed.csv", Array("a\n1\n".utf8))
    func code(_ name: String) -> StorageError.Code? {
      let reader = LandingFileReader(store: store, file: name, fields: [LandingField("a")])
      do throws(LandingError) {
        _ = try reader.next()
        return nil
      } catch {
        guard case .unreadable(let cause) = error.reason else { return nil }
        #expect(error.code == .unreadable)
        #expect(cause.address == folder + "/" + name)
        return cause.code
      }
    }
    #expect(code("folder.csv") == .isAFolder)
    #expect(code("none.csv") == .notFound)
    #expect(code("closed.csv/x.csv") == .notAFolder)
    chmod(folder + "/closed.csv", 0)
    // Root may read what is closed.
    if geteuid() != 0 { #expect(code("closed.csv") == .permissionDenied) }
  }

  @Test("A file that vanishes while it is read is an error of the store")
  func vanishes() throws {
    let store = ReadStore { path, range, base throws(StorageError) in
      let bytes = try base.read(path, range: range)
      try base.delete(path)
      return bytes
    }
    try store.put("x.ndjson", Array(FileReaderTests.lines.utf8))
    let reader = LandingFileReader(
      store: store, file: "x.ndjson", fields: [LandingField("a")],
      options: LandingOptions(chunkBytes: 100))
    #expect(
      throws: LandingError(
        "x.ndjson", .unreadable(StorageError(.notFound, .read, "memory:x.ndjson")))
    ) {
      try reader.next()
    }
  }

  @Test("The columns of a batch are known beforehand")
  func columns() {
    let columns = LandingColumns.all(for: [LandingField("a"), LandingField("b", source: "B")])
    #expect(columns.map(\.name) == ["a", "b", "_rescued", "_file_number", "_line"])
    #expect(columns.map(\.kind) == [.text, .text, .text, .int64, .int64])
  }
}

/// A text as the bytes of a file of that name.
func compressed(_ text: String, as name: String) throws -> [UInt8] {
  let bytes = Array(text.utf8)
  if name.hasSuffix(".gz") { return try Gzip.compress(bytes) }
  if name.hasSuffix(".lz4") { return try LZ4Frame.compress(bytes) }
  return bytes
}
