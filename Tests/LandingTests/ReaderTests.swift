import Basics
import Dispatch
import Glibc
import Landing
import Storage
import Synchronization
import Testing

@Suite("Reading many files")
struct ReaderTests {
  private static let fields = [LandingField("a"), LandingField("b")]

  private static func csv(_ file: Int, rows: Int) -> String {
    "a,b\n" + (0..<rows).map { "\(file),\($0)\n" }.joined()
  }

  /// Reads everything and answers the rows of each file in the order in which they came.
  private func collect(_ reader: LandingReader, _ files: [String]) throws -> [String: [Row]] {
    var rows: [String: [Row]] = [:]
    while let batch = reader.next() {
      let number = Int(try #require(batch.columns[3].integer(0)))
      rows[files[number], default: []] += try rowsOf(batch, number: number)
    }
    return rows
  }

  @Test("Every file gives its rows in order, whatever the number of workers", arguments: [1, 2, 5])
  func all(workers: Int) throws {
    let store = MemoryStore()
    var files: [String] = []
    for file in 0..<30 {
      let name = "in/\(file).csv" + ["", ".gz", ".lz4"][file % 3]
      try store.put(name, try compressed(ReaderTests.csv(file, rows: file * 7), as: name))
      files.append(name)
    }
    let reader = LandingReader(
      store: store, files: files, fields: ReaderTests.fields, workers: workers, queued: 2,
      options: LandingOptions(chunkBytes: 64, windowBytes: 128, batchRows: 20))
    let rows = try collect(reader, files)
    #expect(reader.outcomes.map(\.file) == files)
    for (file, name) in files.enumerated() {
      let expected = (0..<file * 7).map { Row(["\(file)", "\($0)"], line: Int64($0) + 2) }
      #expect(rows[name] ?? [] == expected)
      let summary = try reader.outcomes[file].result.get()
      #expect(summary.records == Int64(file * 7))
      let hash = try store.contentHash(name)
      #expect(summary.content == hash)
    }
  }

  @Test("A file that is refused does not stop the others")
  func refused() throws {
    let store = MemoryStore()
    try store.put("1.csv", Array("a,b\n1,2\n".utf8))
    try store.put("2.csv", Array("a,b\n1,2\n3\n".utf8))
    try store.put("4.json.gz", [])
    try store.put("5.txt", [])
    try store.put("6.jsonl", Array("{\"a\":6}".utf8))
    let files = ["1.csv", "2.csv", "3.csv", "4.json.gz", "5.txt", "6.jsonl"]
    let reader = LandingReader(
      store: store, files: files, fields: ReaderTests.fields, options: LandingOptions(batchRows: 1))
    let rows = try collect(reader, files)
    #expect(rows["1.csv"] == [Row(["1", "2"], line: 2)])
    #expect(rows["2.csv"] == [Row(["1", "2"], line: 2)])
    #expect(rows["6.jsonl"] == [Row(["6", nil], line: 1)])
    let codes = reader.outcomes.map { outcome -> LandingError.Code? in
      guard case .failure(let error) = outcome.result else { return nil }
      #expect(error.file == outcome.file)
      return error.code
    }
    #expect(codes == [nil, .malformed, .unreadable, .torn, .unknownFormat, nil])
    let last = try reader.outcomes[5].result.get()
    #expect(last.notes == [.missingColumn("b", meant: nil)])
  }

  @Test("Without files there is nothing to wait for")
  func none() {
    let reader = LandingReader(store: MemoryStore(), files: [], fields: [])
    #expect(reader.next() == nil)
    #expect(reader.outcomes == [])
  }

  @Test("A reader that is dropped early leaves no thread and no memory behind")
  func dropped() throws {
    weak var leaked: ReadStore?
    do {
      let store = ReadStore { path, range, base throws(StorageError) in
        try base.read(path, range: range)
      }
      leaked = store
      var files: [String] = []
      for file in 0..<10 {
        try store.put("\(file).csv", Array(ReaderTests.csv(file, rows: 100).utf8))
        files.append("\(file).csv")
      }
      let reader = LandingReader(
        store: store, files: files, fields: ReaderTests.fields, workers: 3, queued: 1,
        options: LandingOptions(batchRows: 1))
      #expect(reader.next() != nil)
      #expect(reader.next() != nil)
    }
    #expect(leaked == nil)
  }

  @Test("The queue keeps workers from reading further than the consumer needs")
  func bounded() throws {
    let reads = Log<Range<Int64>>()
    let store = ReadStore(reads)
    // Each chunk is one record, and each record a batch.
    let record = "{\"a\":\"x\"}\n"
    try store.put("x.ndjson", Array(String(repeating: record, count: 1000).utf8))
    let reader = LandingReader(
      store: store, files: ["x.ndjson"], fields: ReaderTests.fields, workers: 1, queued: 2,
      options: LandingOptions(chunkBytes: record.utf8.count, windowBytes: 16, batchRows: 1))
    for _ in 0..<10 { #expect(reader.next() != nil) }
    // A worker that did not wait would run on meanwhile.
    for _ in 0..<10_000 { sched_yield() }
    reader.stop()
    // Taken, in the queue, in the worker's hand, and what its window of 16 bytes holds beyond.
    #expect(reads.all.count <= 10 + 2 + 1 + 3)
  }

  @Test("Stopping wakes a consumer that waits, and waits for a worker that reads")
  func stopWhileWaiting() {
    let entered = DispatchSemaphore(value: 0)
    let gate = DispatchSemaphore(value: 0)
    let events = Log<String>()
    let store = ReadStore { _, _, _ throws(StorageError) in
      entered.signal()
      gate.wait()
      events.add("read")
      return []
    }
    let reader = LandingReader(
      store: store, files: ["x.csv", "y.csv"], fields: ReaderTests.fields, workers: 1)
    entered.wait()
    let consumer = WorkerThread {
      #expect(reader.next() == nil)
      events.add("consumer")
    }
    let stopper = WorkerThread {
      reader.stop()
      events.add("stopped")
    }
    consumer?.join()
    gate.signal()
    stopper?.join()
    #expect(events.all == ["consumer", "read", "stopped"])
    #expect(reader.next() == nil)
    #expect(reader.outcomes.count <= 1)
    reader.stop()
  }
}
