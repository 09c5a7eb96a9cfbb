import Basics
import Glibc
import Lakehouse
import Podium
import Runner
import Storage
import Synchronization

/// Writes what happens in a run as JSON lines to `.podium/logs/<run>.jsonl`; for any number of threads.
///
/// No line has a value of a row. A log that cannot be written does not stop the run. Where the lake lies
/// elsewhere, the file is on this machine until `save` puts it there.
public final class RunLog: Sendable {
  private struct State: Sendable {
    var file: LocalFile?
    var run = ""
    var failure: String?
    /// The tables' versions before the run.
    var versions: [String: Int64] = [:]
    /// Bytes that the run added to tables.
    var bytes: [String: Int64] = [:]
  }

  private let lake: Lake
  private let days: Int
  private let state = Mutex(State())

  /// - Parameter days: logs that were last written longer ago are removed; 0 writes none.
  public init(_ lake: Lake, days: Int) {
    self.lake = lake
    self.days = days
  }

  /// Why the log is not whole; nil where it is.
  public var failure: String? { state.withLock(\.failure) }

  /// Bytes that the run added to each table so far.
  public var addedBytes: [String: Int64] { state.withLock(\.bytes) }

  /// Writes an event down.
  public func record(_ event: RunEvent) {
    if days > 0, case .began(let start) = event { open(start) }
    let now = lake.clock.now()
    state.withLock { state in
      if case .committed(let commit) = event {
        let before = commit.versionBefore ?? -1
        if state.versions[commit.table] == nil { state.versions[commit.table] = before }
        state.bytes[commit.table, default: 0] &+= commit.addedBytes
      }
      write(RunLog.facts(of: event, state.versions, state.bytes), now, &state)
    }
  }

  /// Writes the run's end down.
  public func record(_ report: RunReport) {
    guard days > 0 else { return }
    let now = lake.clock.now()
    state.withLock { write(RunLog.facts(of: report), now, &$0) }
  }

  /// Writes down anything else that belongs to the run, such as a message that was not sent.
  public func record(_ event: String, level: LogLevel, _ facts: [JSON.Member]) {
    guard days > 0 else { return }
    let now = lake.clock.now()
    state.withLock { write(LogFacts(level, event, facts), now, &$0) }
  }

  private func open(_ start: RunStart) {
    let now = lake.clock.now()
    removeOld(now, lake.records)
    if !lake.isLocal { removeOld(now, lake.local) }
    state.withLock { state in
      state.run = start.run
      do {
        try lake.local.createFolder("logs")
        state.file = try LocalFile(
          creating: lake.local.address("logs/\(start.run).jsonl"), mode: 0o600)
      } catch { state.failure = "\(error)" }
    }
  }

  private func removeOld(_ now: Timestamp, _ records: any ObjectStore) {
    let oldest = now.microseconds - Int64(days) * 86_400_000_000
    for file in (try? records.list("logs/")) ?? []
    where file.path.hasSuffix(".jsonl") && file.modified.microseconds < oldest {
      try? records.delete(file.path)
    }
  }

  /// Puts the log to the lake's records, where those lie elsewhere; the last that is done with it.
  public func save() {
    guard !lake.isLocal else { return }
    state.withLock { state in
      guard state.file != nil else { return }
      do {
        let path = "logs/\(state.run).jsonl"
        let file = try LocalFile(reading: lake.local.address(path))
        defer { file.close() }
        try lake.records.put(path, file: file)
      } catch { state.failure = state.failure ?? "\(error)" }
    }
  }

  private func write(_ facts: LogFacts, _ now: Timestamp, _ state: inout State) {
    guard let file = state.file else { return }
    var line = JSON.object(
      [
        .init("time", .string(now.text(decimals: 3))),
        .init("level", .string(facts.level.rawValue)),
        .init("event", .string(facts.event)), .init("run", .string(state.run)),
      ] + facts.members
    ).text
    line += "\n"
    do { try file.write(Array(line.utf8)) } catch {
      state.failure = state.failure ?? "\(error)"
      state.file = nil
    }
  }
}

/// How much a line of a log matters.
public enum LogLevel: String, Sendable {
  case info
  case warning
  case error
}

/// What a line of a log says.
struct LogFacts {
  let level: LogLevel
  let event: String
  let members: [JSON.Member]

  init(_ level: LogLevel, _ event: String, _ members: [JSON.Member]) {
    self.level = level
    self.event = event
    self.members = members
  }
}
