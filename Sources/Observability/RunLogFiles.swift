import Basics
import Lakehouse
import Storage

/// The logs of a lake's runs.
public struct RunLogFiles: Sendable {
  /// The lake's records and, where those lie elsewhere, what this machine has of them: a run that is at
  /// work is here alone.
  private let places: [any ObjectStore]

  public init(_ lake: Lake) { places = lake.isLocal ? [lake.local] : [lake.local, lake.records] }

  /// The runs that have a log, the newest first.
  public func runs() throws(StorageError) -> [String] {
    var runs: Set<String> = []
    for place in places {
      runs.formUnion(
        try place.list("logs/").map { lastPathComponent($0.path) }.filter { $0.hasSuffix(".jsonl") }
          .map { String($0.dropLast(".jsonl".utf8.count)) })
    }
    return runs.sorted(by: >)
  }

  /// The address of a run's log; nil where it has none.
  public func path(of run: String) -> String? {
    place(of: run)?.address("logs/\(run).jsonl")
  }

  private func place(of run: String) -> (any ObjectStore)? {
    places.first { (try? $0.info("logs/\(run).jsonl")) ?? nil != nil }
  }

  /// The whole lines of a run's log from a byte on, and the byte after them; a line that is being
  /// written is left.
  public func lines(
    of run: String, from offset: Int64
  ) throws(StorageError) -> (lines: [JSON], next: Int64) {
    let place = place(of: run) ?? places[0]
    let bytes = try place.read("logs/\(run).jsonl", range: offset..<Int64.max)
    guard let end = bytes.lastIndex(of: 0x0A) else { return ([], offset) }
    let lines = bytes[...end].split(separator: 0x0A).compactMap { try? JSON(parsing: Array($0)) }
    return (lines, offset + Int64(end) + 1)
  }
}
