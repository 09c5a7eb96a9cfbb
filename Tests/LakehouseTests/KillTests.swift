import Glibc
import TestKit
import Testing

@Suite("A writer that is killed", .serialized)
struct KillTests {
  /// Words for a writer that knows the batches there are, and what the table holds after each.
  private static func words(
    _ round: Int, _ batches: TableUnderWriters.Batches, _ random: inout Seeded
  ) -> [String] {
    var batches = batches
    return (0..<6).map { index in
      let new = "b\(round)-\(index)"
      let old = batches.keys.sorted().randomElement(using: &random) ?? "none"
      let words: String
      switch Int.random(in: 0..<13, using: &random) {
      case 0...2: words = "append:\(new)"
      case 3...5: words = "merge:\(old):\(new)"
      case 6: words = "update:\(old)"
      case 7...8: words = "delete:\(old)"
      case 9: words = "optimize"
      case 10: words = "zorder"
      case 11: words = "checkpoint"
      default: words = "vacuum"
      }
      TableUnderWriters.apply(words, to: &batches)
      return words
    }
  }

  /// True for words that add a version for sure.
  private static func changesRows(_ words: String) -> Bool {
    let parts = words.split(separator: ":")
    return ["append", "merge"].contains(parts[0])
      || ["update", "delete"].contains(parts[0]) && parts[1] != "none"
  }

  /// Kills a writer at some moment.
  /// - Returns: what it had told until then, or a part of it.
  private static func kill(
    _ child: ChildProcess, _ written: TableUnderWriters, _ random: inout Seeded
  ) throws -> [String] {
    let watch = try FolderWatch([written.table.path, written.table.path + "/_delta_log"])
    let lines = (0..<Int.random(in: 0...2, using: &random)).compactMap { _ in child.readLine() }
    if random.once(in: 4) {
      usleep(UInt32.random(in: 0...20_000, using: &random))
    } else {
      // Most of its time a writer computes; what matters is when it writes.
      watch.wait(for: Int.random(in: 1...30, using: &random), quietMilliseconds: 100)
    }
    child.kill()
    return lines
  }

  @Test("Nothing that it told of is lost, what it was doing is done whole or not at all")
  func killed() throws {
    let written = try TableUnderWriters()
    var random = Seeded(1)
    var batches: TableUnderWriters.Batches = [:]
    // The versions that writers told of, and those of them that must be commits of theirs.
    var versions: [String: Int64] = [:]
    var committed: Set<String> = []
    var interrupted = 0
    for round in 1...200 {
      let words = KillTests.words(round, batches, &random)
      // Half of them die at a call of their store, the others at some moment.
      let halfCalls = round % 2 == 0 ? Int.random(in: 0...120, using: &random) : nil
      let child = try written.writer("w\(round)", words, dyingAfter: halfCalls)
      #expect(child.readLine() == "ready", "\(child.errorText)")
      var lines: [String] = []
      if halfCalls == nil { lines = try KillTests.kill(child, written, &random) }
      lines += child.readAll().split(separator: "\n").map(String.init)
      let about = "round \(round), \(words), \(lines)"
      let end = child.wait()
      #expect(end == -SIGKILL || lines.count == words.count && end == 0, "\(end), \(about)")
      for (index, line) in lines.enumerated() {
        let done = try #require(TableUnderWriters.done(line))
        #expect(done.index == index, "\(about)")
        TableUnderWriters.apply(words[index], to: &batches)
        let name = "w\(round)/\(index)"
        versions[name] = done.version
        if KillTests.changesRows(words[index]) { committed.insert(name) }
      }
      let found = try written.batches()
      if found != batches, lines.count < words.count {
        TableUnderWriters.apply(words[lines.count], to: &batches)
        interrupted += 1
      }
      #expect(found == batches, "\(about)")
    }
    // Some writers were killed between their commit and their word on it.
    #expect(interrupted > 5)
    let commits = try written.commits()
    #expect(committed.subtracting(commits.keys).isEmpty)
    for (writer, version) in commits where versions[writer] != nil {
      #expect(versions[writer] == version, "\(writer)")
    }
    #expect(try written.table.append("SELECT 'last' AS batch, 0 AS k, 0 AS v").version > 0)
  }
}
