import Basics
import Lakehouse
import Storage

/// The logs of a lake's runs.
public struct RunLogFiles: Sendable {
  private let records: LocalStore

  public init(_ lake: Lake) { records = lake.records }

  /// The runs that have a log, the newest first.
  public func runs() throws(StorageError) -> [String] {
    try records.list("logs/").map { lastPathComponent($0.path) }.filter { $0.hasSuffix(".jsonl") }
      .map { String($0.dropLast(".jsonl".utf8.count)) }.sorted(by: >)
  }

  /// The path of a run's log; nil where it has none.
  public func path(of run: String) -> String? {
    let path = records.address("logs/\(run).jsonl")
    return kindOfFile(path) == .file ? path : nil
  }

  /// The whole lines of a run's log from a byte on, and the byte after them; a line that is being
  /// written is left.
  public func lines(
    of run: String, from offset: Int64
  ) throws(StorageError) -> (lines: [JSON], next: Int64) {
    let file = try LocalFile(reading: records.address("logs/\(run).jsonl"))
    defer { file.close() }
    let size = try file.info().size
    guard size > offset else { return ([], offset) }
    let bytes = try file.read(at: offset, count: Int(size - offset))
    guard let end = bytes.lastIndex(of: 0x0A) else { return ([], offset) }
    let lines = bytes[...end].split(separator: 0x0A).compactMap { try? JSON(parsing: Array($0)) }
    return (lines, offset + Int64(end) + 1)
  }
}
