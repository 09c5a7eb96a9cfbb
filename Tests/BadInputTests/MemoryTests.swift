import Basics
import CLITestKit
import Glibc
import RunnerTestKit
import TestKit
import Testing

@Suite("More bytes than memory")
struct MemoryTests {
  /// Megabytes that the engine may use.
  private static let limit = Nightly.count(192, atNight: 2048)
  /// Megabytes of files, four times that.
  private static let input = limit * 4
  /// Bytes of the files' rows, about.
  private static let rowBytes = 720
  private static let tables = "bronze.daily_activity+"

  @Test(
    "Four times the memory goes through all layers; what was spilled lay in the lake and is gone")
  func fourTimes() throws {
    // Not in memory, as other tests' lakes are.
    let lake = try TestLake(owning: try folder())
    let rows = MemoryTests.input * 1_000_000 / MemoryTests.rowBytes
    let parts = max(4, MemoryTests.input / 256)
    // The last quarter brings other values for some of the keys.
    let first = parts * 3 / 4
    let perPart = rows / parts
    for part in 0..<first { try write(part, perPart, from: part * perPart, in: lake) }
    let loaded = try run(lake)
    for part in first..<parts { try write(part, perPart, from: (part - first) * perPart, in: lake) }
    let updated = try run(lake)

    let (all, keys) = (Int64(perPart * parts), Int64(perPart * first))
    let names = ["bronze.daily_activity", "silver.daily_activity", "gold.fact_daily"]
    let tables = names.map { name in Gym.tables.first { $0.name.description == name } }
    let counts = try tables.map { table in
      try lake.snapshot(.of(#require(table)))?.rowCount
    }
    #expect(counts == [all, keys, keys])
    let bytes = Files.all(below: "\(lake.path)/landing").reduce(0) { $0 + size($1) }
    #expect(bytes > MemoryTests.limit << 20 * 7 / 2, "the files are too small: \(bytes)")
    print("\(bytes >> 20) MB, peak \(loaded.peak >> 20) and \(updated.peak >> 20) MB")
    for run in [loaded, updated] {
      // Beside the engine's memory the process has its code and the buffers of what it reads.
      #expect(run.peak < (MemoryTests.limit + 512) << 20)
    }
    #expect(loaded.spilled > 0, "nothing was spilled")
    #expect(Files.names("\(lake.path)/.podium/spill") == [])
  }

  /// Runs, and looks at the process meanwhile.
  /// - Returns: the most bytes of memory that it had, and of files to which it had spilled.
  private func run(_ lake: TestLake) throws -> (peak: Int, spilled: Int) {
    let run = try Program.start(
      ["run", MemoryTests.tables, "--as-of", "2025-01-31", "--lake", lake.path],
      environment: ["PODIUM_MEMORY_LIMIT": "\(MemoryTests.limit)MB"])
    var (peak, spilled) = (0, 0)
    while run.isRunning {
      peak = max(peak, mostMemory(of: run.process))
      let spill = Files.all(below: "\(lake.path)/.podium/spill")
      spilled = max(spilled, spill.reduce(0) { $0 + size($1) })
      usleep(20_000)
    }
    let outcome = try run.wait()
    #expect(outcome.status == 0, "\(outcome.errors)")
    return (peak, spilled)
  }

  private func mostMemory(of process: pid_t) -> Int {
    let lines = (try? Files.text("/proc/\(process)/status"))?.split(separator: "\n") ?? []
    let line = lines.first { $0.hasPrefix("VmHWM:") }
    return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) << 10
  }

  private func size(_ file: String) -> Int {
    var facts = stat()
    return stat(file, &facts) == 0 ? Int(facts.st_size) : 0
  }

  private func folder() throws -> String {
    var name = Array("/tmp/podium-memory-XXXXXX".utf8CString)
    guard mkdtemp(&name) != nil else { throw TestKitError(call: "mkdtemp") }
    return String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Writes a tracker's export with a free note that makes its rows long.
  private func write(_ part: Int, _ rows: Int, from start: Int, in lake: TestLake) throws {
    let folder = "\(lake.path)/landing/daily_activity"
    try Files.makeFolder(folder)
    let session = try TestLake.engine.session()
    try session.connection.execute(
      """
      COPY (
        SELECT 1000000000 + i // 28 AS "Id", '1/' || (i % 28 + 1) || '/2025' AS "ActivityDate",
          (i * 7919 + \(part)) % 30000 AS "TotalSteps", i % 97 / 7 AS "TotalDistance",
          0 AS "LoggedActivitiesDistance", i % 60 AS "VeryActiveMinutes",
          i % 50 AS "FairlyActiveMinutes", i % 300 AS "LightlyActiveMinutes",
          i % 1000 AS "SedentaryMinutes", i % 3000 AS "Calories",
          repeat(md5(i || ' ' || \(part)), 20) AS "Note"
        FROM range(\(start), \(start + rows)) AS r(i)
      ) TO '\(folder)/part_\(100 + part).csv' (FORMAT csv, HEADER)
      """)
  }
}
