import Landing
import Storage
import Testing

@Suite("Compressed landing files")
struct CompressedTests {
  private static let csv = "a,b\n1,x\n2,\"y\nz\"\n"
  private static let rows = [Row(["1", "x"], line: 2), Row(["2", "y\nz"], line: 3)]

  @Test("The rows are those of the plain file", arguments: ["x.csv", "x.csv.gz", "x.CSV.LZ4"])
  func same(name: String) throws {
    let bytes = try compressed(CompressedTests.csv, as: name.lowercased())
    for options in [LandingOptions(), tiny] {
      #expect(
        try read(bytes, as: name, ["a", "b"], options: options).rows == CompressedTests.rows)
    }
  }

  @Test(
    "Several members or frames are one file, cut anywhere", arguments: ["x.csv.gz", "x.csv.lz4"])
  func several(name: String) throws {
    let text = CompressedTests.csv
    for cut in [0, 3, 7, 13, text.utf8.count] {
      let bytes =
        try compressed(String(text.prefix(cut)), as: name)
        + compressed(String(text.dropFirst(cut)), as: name)
      #expect(try read(bytes, as: name, ["a", "b"], options: tiny).rows == CompressedTests.rows)
    }
  }

  @Test("An empty file inside the compression is empty", arguments: ["x.csv.gz", "x.ndjson.lz4"])
  func emptyInside(name: String) throws {
    #expect(try read(try compressed("", as: name), as: name, ["a"]).rows == [])
  }

  @Test(
    "A file of 0 bytes is torn", arguments: [("x.csv.gz", Compression.gzip), ("x.csv.lz4", .lz4)])
  func empty(name: String, format: Compression) {
    let error = refusal([], as: name, ["a"])
    #expect(error == LandingError(name, .badCompression(CompressionError(.empty, format))))
    #expect(error?.code == .torn)
  }

  @Test(
    "A file cut at any byte is torn, and its rows do not count",
    arguments: ["x.csv.gz", "x.csv.lz4", "x.ndjson.lz4"])
  func torn(name: String) throws {
    let text = name.hasPrefix("x.csv") ? CompressedTests.csv : "{\"a\":1}\n{\"a\":2}\n"
    let bytes = try compressed(text, as: name)
    for count in 0..<bytes.count {
      let cut = Array(bytes[..<count])
      #expect(refusal(cut, as: name, ["a", "b"])?.code == .torn, "\(count) bytes")
      #expect(refusal(cut, as: name, ["a", "b"], options: tiny)?.code == .torn, "\(count) bytes")
    }
  }

  @Test(
    "A wrong checksum and bytes after the end are told from a torn file",
    arguments: ["x.csv.gz", "x.csv.lz4"])
  func corrupt(name: String) throws {
    var bytes = try compressed(CompressedTests.csv, as: name)
    let trailing = refusal(bytes + [0x0A], as: name, ["a"])
    #expect(trailing?.code == .corrupt)
    // The last checksum: of gzip before four bytes of size, of LZ4 at the end.
    bytes[bytes.count - (name.hasSuffix("gz") ? 5 : 1)] ^= 1
    let damaged = refusal(bytes, as: name, ["a"])
    #expect(damaged?.code == .corrupt)
    for (error, code) in [(trailing, CompressionError.Code.trailingBytes), (damaged, .corrupt)] {
      guard case .badCompression(let cause) = error?.reason else {
        Issue.record("not an error of the compression")
        continue
      }
      #expect(cause.code == code)
    }
  }

  @Test(
    "A plain file with the name of a compressed one is refused",
    arguments: ["x.csv.gz", "x.csv.lz4"])
  func plain(name: String) {
    guard
      case .badCompression(let cause) = refusal(Array("a,b\n1,2\n".utf8), as: name, ["a"])?.reason
    else {
      Issue.record("not an error of the compression")
      return
    }
    #expect(cause.code == .wrongFormat)
  }
}
