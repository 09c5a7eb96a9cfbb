import Testing

@testable import DeltaLake

@Suite("Names of log files")
struct LogFileTests {
  private static let uuid = "3a0d65cd-4056-49b8-937b-95f9e3ee90e5"

  @Test(
    "A file of the log is told by its name",
    arguments: [
      ("00000000000000000000.json", LogFile.commit(0)),
      ("00000000000000000012.json", .commit(12)),
      ("00000000000000000012.crc", .checksum(12)),
      ("00000000000000000012.checkpoint.parquet", .checkpoint(12, .single)),
      (
        "00000000000000000012.checkpoint.0000000001.0000000003.parquet",
        .checkpoint(12, .part(1, of: 3))
      ),
      (
        "00000000000000000012.checkpoint.\(uuid).parquet",
        .checkpoint(12, .unique("00000000000000000012.checkpoint.\(uuid).parquet", json: false))
      ),
      (
        "00000000000000000012.checkpoint.\(uuid).json",
        .checkpoint(12, .unique("00000000000000000012.checkpoint.\(uuid).json", json: true))
      ),
      ("00000000000000000001.00000000000000000009.compacted.json", .compacted(1, 9)),
      ("09223372036854775806.json", .commit(.max - 1)),
    ])
  func known(name: String, file: LogFile) {
    #expect(LogFile(name: name) == file)
  }

  @Test(
    "Anything else is another file",
    arguments: [
      "", "_last_checkpoint", ".00000000000000000000.json.crc", "00000000000000000000.json.tmp",
      "0.json", "0000000000000000000a.json", "000000000000000000000.json",
      "-0000000000000000001.json", "+0000000000000000001.json", "00000000000000000000",
      "00000000000000000000.", "99999999999999999999.json", "09223372036854775807.json",
      "00000000000000000012.checkpoint.0000000004.0000000003.parquet",
      "00000000000000000012.checkpoint.0000000000.0000000003.parquet",
      "00000000000000000012.checkpoint.x.0000000003.parquet",
      "00000000000000000012.checkpoint.json", "00000000000000000012.checkpoint",
      "00000000000000000001.0000000000000000000x.compacted.json", ".checkpoint-1.tmp",
    ])
  func other(name: String) {
    #expect(LogFile(name: name) == .other)
  }

  @Test("Paths have twenty digits and are read back")
  func paths() {
    #expect(LogFile.commitPath(7) == "_delta_log/00000000000000000007.json")
    #expect(LogFile.checkpointPath(10) == "_delta_log/00000000000000000010.checkpoint.parquet")
    #expect(LogFile.checksumPath(123) == "_delta_log/00000000000000000123.crc")
    #expect(DeltaTable.commitPath(7) == LogFile.commitPath(7))
    for version: Int64 in [0, 9, 10, 12_345_678_901, .max - 1] {
      let name = String(LogFile.commitPath(version).dropFirst(LogFile.folder.count))
      #expect(LogFile(name: name) == .commit(version))
    }
  }
}
