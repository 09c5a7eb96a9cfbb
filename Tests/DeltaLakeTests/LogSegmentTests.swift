import Basics
import Storage
import Testing

@testable import DeltaLake

@Suite("Which files of a log give a version")
struct LogSegmentTests {
  private let log = Log()

  private func find(_ version: Int64? = nil, skipping: Set<Int64> = []) throws -> LogSegment {
    try LogSegment.find(log.store, version: version, skipping: skipping)
  }

  private func numbers(_ segment: LogSegment) -> [String] {
    segment.commits.map { String($0.path.suffix(7).prefix(2)) }
  }

  private func checkpoint(_ version: Int64) throws {
    try log.put(LogFile.checkpointPath(version), "{}")
  }

  private func hint(_ version: Int64) throws {
    try log.put(LogFile.lastCheckpoint, #"{"version":\#(version),"size":1}"#)
  }

  @Test("Without a checkpoint all commits from 0 on are read")
  func commits() throws {
    try log.commits(0...3)
    let newest = try find()
    #expect(newest.version == 3)
    #expect(newest.checkpoint == nil)
    #expect(numbers(newest) == ["00", "01", "02", "03"])
    #expect(numbers(try find(1)) == ["00", "01"])
    #expect(try find(0).version == 0)
  }

  @Test("No log is no table; neither is a folder of other files")
  func notATable() throws {
    #expect(throws: DeltaError.notATable("memory:")) { try find() }
    try log.put("_delta_log/readme.txt", "x")
    try log.put("_delta_log/.00000000000000000000.json.crc", "x")
    try log.put("00000000000000000000.json", "x")
    #expect(throws: DeltaError.notATable("memory:")) { try find() }
    #expect(throws: DeltaError.notATable("memory:")) { try find(0) }
    #expect(try !DeltaTable.exists(in: log.store))
  }

  @Test("A version beyond the log does not exist, and the error says which do")
  func beyond() throws {
    try log.commits(0...3)
    for version: Int64 in [4, -1, .max, .min] {
      #expect(throws: DeltaError.noSuchVersion(version, available: 0...3, table: "memory:")) {
        try find(version)
      }
    }
  }

  @Test("A gap is an error for the versions behind it alone")
  func gap() throws {
    try log.commits(0...5)
    try log.store.delete(LogFile.commitPath(3))
    #expect(throws: DeltaError.missingCommit(3, table: "memory:")) { try find() }
    #expect(throws: DeltaError.missingCommit(3, table: "memory:")) { try find(4) }
    #expect(try find(2).version == 2)
    #expect(throws: DeltaError.noSuchVersion(9, available: 0...2, table: "memory:")) { try find(9) }
  }

  @Test("A gap before a checkpoint hurts only versions before it")
  func gapBeforeCheckpoint() throws {
    try log.commits(0...6)
    try log.store.delete(LogFile.commitPath(2))
    try checkpoint(4)
    #expect(numbers(try find()) == ["05", "06"])
    #expect(throws: DeltaError.missingCommit(2, table: "memory:")) { try find(3) }
    #expect(throws: DeltaError.noSuchVersion(9, available: 4...6, table: "memory:")) { try find(9) }
  }

  @Test("The newest checkpoint at or before the version is used, and the commits after it")
  func checkpoints() throws {
    try log.commits(0...7)
    try checkpoint(2)
    try checkpoint(5)
    #expect(try find().checkpoint?.version == 5)
    #expect(numbers(try find()) == ["06", "07"])
    #expect(try find(5).commits.isEmpty)
    #expect(try find(4).checkpoint?.version == 2)
    #expect(numbers(try find(4)) == ["03", "04"])
    #expect(try find(1).checkpoint == nil)
    #expect(try find(7, skipping: [5]).checkpoint?.version == 2)
    #expect(try find(skipping: [5, 2]).checkpoint == nil)
  }

  @Test("A log may begin after 0, at a checkpoint")
  func laterLog() throws {
    try log.commits(0...7)
    try checkpoint(5)
    for version: Int64 in 0...4 { try log.store.delete(LogFile.commitPath(version)) }
    #expect(numbers(try find()) == ["06", "07"])
    #expect(try find(5).checkpoint?.version == 5)
    #expect(throws: DeltaError.noSuchVersion(4, available: 5...7, table: "memory:")) { try find(4) }
    #expect(throws: DeltaError.noSuchVersion(8, available: 5...7, table: "memory:")) { try find(8) }
    try log.store.delete(LogFile.checkpointPath(5))
    #expect(throws: DeltaError.missingCommit(0, table: "memory:")) { try find() }
    #expect(throws: DeltaError.noSuchVersion(6, available: nil, table: "memory:")) { try find(6) }
  }

  @Test("A checkpoint alone is a version")
  func checkpointAlone() throws {
    try checkpoint(5)
    let segment = try find()
    #expect(segment.version == 5)
    #expect(segment.commits.isEmpty)
    #expect(try DeltaTable.exists(in: log.store))
  }

  @Test("A checkpoint in parts counts only with all of them")
  func parts() throws {
    try log.commits(0...6)
    func part(_ number: Int, of count: Int) -> String {
      "_delta_log/\(LogFile.number(5)).checkpoint.\(padded(number, 10)).\(padded(count, 10)).parquet"
    }
    try log.put(part(1, of: 3), "{}")
    try log.put(part(3, of: 3), "{}")
    try log.put(part(2, of: 4), "{}")
    #expect(try find().checkpoint == nil)
    try hint(5)
    #expect(try find().checkpoint == nil)
    try log.put(part(2, of: 3), "{}")
    #expect(try find().checkpoint?.paths == [part(1, of: 3), part(2, of: 3), part(3, of: 3)])
    try checkpoint(5)
    #expect(try find().checkpoint?.paths == [LogFile.checkpointPath(5)])
  }

  @Test("A checkpoint named by a UUID counts")
  func unique() throws {
    try log.commits(0...6)
    let path = "_delta_log/\(LogFile.number(4)).checkpoint.0f9c-1.json"
    try log.put(path, "{}")
    #expect(try find().checkpoint == .init(version: 4, paths: [path]))
  }

  @Test("A checkpoint of no bytes was never finished")
  func emptyCheckpoint() throws {
    try log.commits(0...3)
    try log.put(LogFile.checkpointPath(2), "")
    #expect(try find().checkpoint == nil)
  }

  @Test(
    "A hint that is garbage, stale or wrong changes nothing",
    arguments: [
      "", "garbage", "{}", "[]", "null", #"{"version":"5"}"#, #"{"version":-5}"#,
      #"{"version":0}"#, #"{"version":3,"size":1}"#, #"{"version":99,"size":1}"#,
      #"{"version":9223372036854775807}"#, #"{"version":-9223372036854775808}"#,
      #"{"version":1e300}"#, #"{"version":2.5}"#, "\u{0}\u{1}",
    ])
  func hints(text: String) throws {
    try log.commits(0...7)
    try checkpoint(3)
    try checkpoint(5)
    try log.put(LogFile.lastCheckpoint, text)
    let segment = try find()
    #expect(segment.version == 7)
    #expect(segment.checkpoint?.version == 5)
    #expect(numbers(segment) == ["06", "07"])
  }

  @Test("A good hint spares the listing of what lies before it")
  func goodHint() throws {
    try log.commits(0...7)
    try checkpoint(5)
    try hint(5)
    try log.put(LogFile.checksumPath(7), "{}")
    #expect(try find().checkpoint?.version == 5)
    #expect(try find().hasChecksum)
    #expect(try find(3).version == 3)
  }

  @Test("A gap behind a hinted checkpoint is not passed over")
  func hintedGap() throws {
    try log.commits(0...7)
    try checkpoint(5)
    try hint(5)
    try log.store.delete(LogFile.commitPath(6))
    #expect(throws: DeltaError.missingCommit(6, table: "memory:")) { try find() }
  }

  @Test("Files in folders of the log, compacted commits and leftovers are passed over")
  func others() throws {
    try log.commits(0...3)
    try log.put("_delta_log/_sidecars/00000000000000000009.json", "{}")
    try log.put("_delta_log/_commits/00000000000000000009.x.json", "{}")
    try log.put("_delta_log/00000000000000000001.00000000000000000003.compacted.json", "{}")
    try log.put("_delta_log/.checkpoint-1.tmp", "{}")
    #expect(try find().version == 3)
    #expect(numbers(try find()).count == 4)
  }

  @Test("A version that no number follows is no version, and no reason to crash")
  func greatest() throws {
    try log.commits(0...1)
    try checkpoint(.max)
    try log.commit(.max, Log.add("x"))
    try log.commit(.max - 1, Log.add("x"))
    #expect(throws: DeltaError.missingCommit(2, table: "memory:")) { try find() }
    try checkpoint(.max - 1)
    #expect(try find().version == .max - 1)
    #expect(
      throws: DeltaError.noSuchVersion(
        .max, available: Int64.max - 1...Int64.max - 1, table: "memory:")
    ) {
      try find(.max)
    }
  }
}
