import Basics
import DeltaLake

/// Looks at the table and says what differs from what it must hold.
extension TableModel {
  /// Opens the newest state and compares it with what a step returned.
  mutating func compare(_ outcome: Outcome) throws -> String? {
    let before = opened
    opened = try table.snapshot()
    var told = before
    if case .committed(let after) = outcome { told = after }
    guard opened.isSame(as: told) else {
      return "the log gives another state than the write returned"
    }
    guard progress == opened.transactions["model"]?.version ?? 0 else {
      return "progress \(opened.transactions["model"]?.version ?? 0) instead of \(progress)"
    }
    if random.once(in: 4) {
      guard try table.state() == TableState(opened) else { return "the checksum tells otherwise" }
      if let difference = try pruningDifference() { return difference }
    }
    return try difference(opened, state)
  }

  /// Compares all versions whose files are there, and what the change feed tells of them.
  public mutating func compareAll() throws -> String? {
    if let difference = try tellFeed() { return difference }
    for (version, state) in history.states.sorted(by: { $0.key < $1.key }) {
      if let difference = try difference(table.snapshot(version: version), state) {
        return "version \(version): \(difference)"
      }
    }
    return nil
  }

  private func difference(_ snapshot: Snapshot, _ state: State) throws -> String? {
    let (columns, wanted) = (snapshot.schema.fields, state.schema.fields)
    guard columns.count == wanted.count,
      zip(columns, wanted).allSatisfy({ $0.name == $1.name && $0.type == $1.type })
    else { return "columns \(columns) instead of \(wanted)" }
    if let count = snapshot.rowCount, count != Int64(state.rows.count) {
      return "statistics count \(count) rows instead of \(state.rows.count)"
    }
    let found = try subject.rows(of: snapshot)
    var ids: Set<Int64> = []
    let isSame = found.allSatisfy { row in
      ids.insert(row.id).inserted && state.rows[row.id] == row
    }
    return isSame && found.count == state.rows.count
      ? nil : differences(found, Array(state.rows.values))
  }

  /// Files that are passed over must hold no row that a condition asks for.
  private mutating func pruningDifference() throws -> String? {
    let least = Int64.random(in: 0...nextID, using: &random)
    let kept = opened.files(
      matching: .compare("id", .greaterOrEqual, .integer(least))
    ).files
    let found = try subject.rows(of: table.scan(kept, opened)).filter { $0.id >= least }
    return differences(found, state.rows.values.filter { $0.id >= least })
      .map { "rows from id \(least) on: \($0)" }
  }

  /// Looks at the feed before a step after which it can no longer be compared.
  mutating func tellFeed(before step: Step) throws -> String? {
    let forgets = forgetsCommits && (opened.version + 1) % checkpointInterval == 0
    guard forgets || step.next.schema != state.schema else { return nil }
    return try tellFeed()
  }

  /// Compares what the change feed tells of the versions since the last time.
  mutating func tellFeed() throws -> String? {
    let versions = history.feeds.keys.filter { history.states[$0 - 1] != nil }.sorted()
    let feeds = history.feeds
    history.feeds = [:]
    // A restore may bring back other columns; a feed has the last ones.
    guard let last = versions.last,
      let first = versions.last(where: { version in
        history.states[version - 1]?.schema != history.states[last]?.schema
      }).map({ $0 + 1 }) ?? versions.first, first <= last
    else { return nil }
    var rows = (history.states[first - 1] ?? state).rows
    let changes = Dictionary(
      grouping: try subject.rows(of: table.changeFeed(from: first, through: last)), by: \.version)
    for version in first...last {
      let told = (changes[version] ?? []).map(\.change)
      if let wanted = feeds[version] ?? nil, let difference = differences(told, wanted) {
        return "change feed of version \(version): \(difference)"
      }
      for change in told where change.isBefore {
        guard rows.removeValue(forKey: change.row.id) == change.row else {
          return "the change feed of version \(version) takes a row that was not there: "
            + "\(change.row)"
        }
      }
      for change in told where !change.isBefore {
        guard rows.updateValue(change.row, forKey: change.row.id) == nil else {
          return "the change feed of version \(version) doubles a row: \(change.row)"
        }
      }
      if rows != history.states[version]?.rows {
        return "the change feed of version \(version) leads to other rows"
      }
    }
    return nil
  }

  /// What one list has and the other lacks; nil where both hold the same, in any order.
  private func differences<T: Hashable>(_ found: [T], _ wanted: [T]) -> String? {
    var counts: [T: Int] = [:]
    for value in wanted { counts[value, default: 0] += 1 }
    for value in found { counts[value, default: 0] -= 1 }
    let missing = counts.filter { $0.value > 0 }.keys.prefix(3)
    let extra = counts.filter { $0.value < 0 }.keys.prefix(3)
    guard !missing.isEmpty || !extra.isEmpty else { return nil }
    return "\(found.count) instead of \(wanted.count); missing \(missing), too many \(extra)"
  }
}

extension Snapshot {
  /// True if both are one state; a checkpoint is not told why files came.
  fileprivate func isSame(as other: Snapshot) -> Bool {
    guard version == other.version, metadata == other.metadata,
      tableProtocol == other.tableProtocol, transactions == other.transactions,
      files.count == other.files.count
    else { return false }
    return files.allSatisfy { key, file in
      guard var same = other.files[key] else { return false }
      same.dataChange = file.dataChange
      return same == file
    }
  }
}
