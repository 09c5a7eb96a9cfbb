import Basics
import DeltaLake
import Engines
import Lakehouse
import Storage
import TestKit
import Testing

/// A table that programs of their own write, and what it must hold.
struct TableUnderWriters {
  /// The rows of a batch by their numbers.
  typealias Batches = [String: [Int64: Int64]]

  let table: FolderTable

  init() throws {
    table = try FolderTable()
    let metadata = Metadata(
      id: "6f1a2b3c-0000-4000-8000-000000000002",
      schema: Schema([
        StructField("batch", .string), StructField("k", .long), StructField("v", .long),
      ]),
      configuration: [
        "delta.enableDeletionVectors": "true", "delta.enableChangeDataFeed": "true",
        "delta.checkpointInterval": "5",
      ], createdTime: 0)
    _ = try table.table.create(
      metadata, transaction: Transaction("CREATE TABLE", isBlindAppend: true))
  }

  /// Starts a program that does what it is told, one after the other.
  func writer(_ name: String, _ words: [String], tries: Int = 1) throws -> ChildProcess {
    try ChildProcess(
      builtProgram("table-writer"), [table.path, name, "\(tries)"] + words,
      environment: ["PODIUM_THREADS": "1"])
  }

  /// The number of the word that a program's line says is done, and the version; an issue for a line
  /// that says anything else.
  static func done(_ line: some StringProtocol) -> (index: Int, version: Int64)? {
    let parts = line.split(separator: " ")
    guard parts.count == 3, parts[0] == "done", let index = Int(parts[1]),
      let version = Int64(parts[2])
    else {
      Issue.record("\(line)")
      return nil
    }
    return (index, version)
  }

  /// What the table must hold after some words more.
  static func apply(_ words: String, to batches: inout Batches) {
    let parts = words.split(separator: ":").map(String.init)
    let new = Dictionary(uniqueKeysWithValues: (0..<8).map { (Int64($0), Int64(0)) })
    switch parts[0] {
    case "append": batches[parts[1]] = new
    case "merge":
      batches[parts[1]] = batches[parts[1]]?.mapValues { $0 + 1 }
      batches[parts[2]] = new
    case "update": batches[parts[1]] = batches[parts[1]]?.mapValues { $0 + 1 }
    case "delete": batches[parts[1]] = nil
    default: break
    }
  }

  /// The rows of a version, or of the newest one; a row that is there twice is an issue.
  func batches(version: Int64? = nil) throws -> Batches {
    var batches: Batches = [:]
    let rows = try table.connection.query("SELECT batch, k, v FROM \(table.scan(version: version))")
      .rows()
    for row in rows {
      guard let batch = row[0].string, let number = row[1].int, let value = row[2].int else {
        Issue.record("a row without values: \(row)")
        continue
      }
      if batches[batch, default: [:]].updateValue(value, forKey: number) != nil {
        Issue.record("row \(number) of batch \(batch) is there twice")
      }
    }
    return batches
  }

  /// The versions that each writer's commits became; the history must be without a gap.
  func commits() throws -> [String: Int64] {
    var commits: [String: Int64] = [:]
    let history = try table.table.history()
    #expect(history.map(\.version) == Array((0..<Int64(history.count)).reversed()))
    for entry in history {
      guard let writer = entry.info?["writer"]?.string else { continue }
      #expect(commits.updateValue(entry.version, forKey: writer) == nil, "\(writer) is there twice")
    }
    return commits
  }
}
