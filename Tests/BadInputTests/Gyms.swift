import Basics
import CLITestKit
import Podium
import RunnerTestKit
import Storage
import TestKit
import Testing

extension Gym {
  /// A gym of which nothing has been taken in; nobody may change it.
  static let fresh = Result { try Gym.generate(members: 30, days: 2, ends: partEnds) }

  /// A gym with all tables; nobody may change it.
  static let finished = Result { try fresh.get().finished() }

  /// A gym with all tables that got further files in one go.
  static func finished(with files: [(name: String, bytes: [UInt8])]) throws -> Gym {
    let gym = try finished.get().copy()
    for file in files { try gym.lake.land(file.name, bytes: file.bytes) }
    let outcome = try gym.run("--json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    return gym
  }

  /// Runs, and expects what is true of every run, however bad its input: the exit status, one JSON
  /// value on standard output, rows that sum up, and nothing personal in any words.
  @discardableResult
  func run(
    expecting status: Int32, asOf: String? = nil, environment: [String: String] = [:],
    largestFile: Int? = nil, sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws -> Program.Outcome {
    let outcome = try run(
      "--json", asOf: asOf, environment: environment, largestFile: largestFile)
    #expect(outcome.status == status, "\(outcome.errors)", sourceLocation: sourceLocation)
    let json = try outcome.json
    if status == 0 { #expect(json["succeeded"] == .bool(true), sourceLocation: sourceLocation) }
    expectAccounted(json, sourceLocation)
    try expectNothingPersonal(outcome, sourceLocation)
    return outcome
  }

  /// Runs, and expects that it ends well, that the tables are those of another gym, and that
  /// nothing unfinished lies about.
  func recover(
    like other: Gym, sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws {
    try run(expecting: 0, sourceLocation: sourceLocation)
    try expectSame(lake, other.lake, Gym.part.get(), sourceLocation: sourceLocation)
    #expect(unfinished == [], sourceLocation: sourceLocation)
    let idle = try run(expecting: 0, sourceLocation: sourceLocation)
    #expect(Set(try idle.statuses) == ["up to date"], sourceLocation: sourceLocation)
  }

  /// Files of the lake that a process left half done, such as spilled rows and temporary files.
  var unfinished: [String] {
    let marks = [".tmp", "tmp_", "/spill/", "/.publish-", "-wal", "-journal"]
    return Files.all(below: path).map { String($0.dropFirst(path.count)) }
      .filter { name in marks.contains { name.contains($0) } }
      + Files.names("\(path)/.podium/spill")
  }
}

/// Expects that each row that a table read has one fate, and that a table which reads the new rows
/// of one landing folder read as many as were landed.
private func expectAccounted(_ json: JSON, _ sourceLocation: Testing.SourceLocation) {
  let fates = [
    "inserted", "updated", "deleted", "unchanged", "superseded", "deduplicated", "filtered",
    "quarantined",
  ]
  for table in json["tables"]?.array ?? [] where table["status"]?.string == "committed" {
    let name = table["table"]?.string ?? ""
    guard !name.hasPrefix("gold.") else { continue }
    if Gym.tables.first(where: { $0.name.description == name })?.isDerived == true { continue }
    let sum = fates.reduce(0) { $0 + (table[$1]?.int ?? 0) }
    #expect(table["rowsRead"]?.int == sum, "\(name)", sourceLocation: sourceLocation)
  }
}

extension Table {
  fileprivate var isDerived: Bool {
    if case .derived = write { return true }
    return false
  }
}

extension Program.Outcome {
  /// What the run says of a table.
  func table(_ name: String) throws -> JSON {
    try #require(try json["tables"]?.array?.first { $0["table"]?.string == name })
  }

  /// Why files went to quarantine, by the last part of their names.
  func refused(_ table: String) throws -> [String: String] {
    try remarks(table, "quarantined", "reason")
  }

  /// What the run remarks of files that it took, by the last part of their names.
  func notes(_ table: String) throws -> [String: String] { try remarks(table, "notes", "note") }

  private func remarks(_ table: String, _ list: String, _ what: String) throws -> [String: String] {
    var remarks: [String: String] = [:]
    for entry in try self.table(table)["files"]?[list]?.array ?? [] {
      let name = lastPathComponent(entry["file"]?.string ?? "")
      let old = remarks[name].map { $0 + "; " } ?? ""
      remarks[name] = old + (entry[what]?.string ?? "")
    }
    return remarks
  }

  /// A count that the run gives of a table.
  func rows(_ table: String, _ fate: String) throws -> Int64? { try self.table(table)[fate]?.int }
}
