import Basics
import DeltaLake
import Lakehouse
import Podium
import Runner
import Storage

/// What the tables that read a table still need of its past.
struct Needs {
  /// The lowest version that must stay readable.
  var floor: Int64 = .max
  /// Files that must stay.
  var files: Set<String> = []
  var unread: [UnreadVersions] = []
}

extension LakeCare {
  /// Finds what is still needed of a place's past.
  func needs(of place: Place, _ delta: DeltaTable, _ state: Snapshot) throws -> Needs {
    guard let table = place.table else { return Needs() }
    if place.isTable { return try needs(of: table, delta, state) }
    guard place.location == .quarantine(of: table) else { return Needs() }
    return try needs(ofQuarantineOf: table, delta, state)
  }

  /// Finds what is still needed of a table's past.
  ///
  /// A progress mark of a reader names the version that it has consumed. It goes on from there by the
  /// commits that follow and by the files that these name, also where they took files out. Past the
  /// log's own retention nobody waits for it: then it is computed whole.
  func needs(of table: Table, _ delta: DeltaTable, _ state: Snapshot) throws -> Needs {
    var needs = Needs()
    try add(readersIn: lake, of: table, delta, state, to: &needs)
    guard lake.environment == nil else { return needs }
    for name in try lake.environments() {
      let environment = lake.within(LakeEnvironment(name))
      try add(readersIn: environment, of: table, delta, state, to: &needs)
    }
    return needs
  }

  /// Finds what is still needed of a quarantine's past: the state before a batch that is open.
  func needs(
    ofQuarantineOf table: Table, _ delta: DeltaTable, _ state: Snapshot
  ) throws -> Needs {
    var needs = Needs()
    guard let version = try TableProgress.pinnedQuarantine(table, lake), version < state.version,
      let pinned = try? delta.snapshot(version: version)
    else { return needs }
    needs.floor = version
    needs.files = try delta.files(of: pinned)
      .union(delta.filesNamed(after: version, through: state.version))
    return needs
  }

  private func add(
    readersIn lake: Lake, of table: Table, _ delta: DeltaTable, _ state: Snapshot,
    to needs: inout Needs
  ) throws {
    for name in graph.dependents(of: table.name) {
      guard let reader = graph[name] else { continue }
      let mark = TableProgress.mark(table.name, state.metadata.id)
      let progress = try lake.table(.of(reader)) { [engine] in
        DuckDBParquet(try engine.session())
      }.state()
      if let consumed = progress?.transactions[mark]?.version, consumed < state.version,
        consumed >= 0
      {
        try add(consumed, of: table, lake.name(.of(reader)), delta, state, to: &needs)
      }
      for input in try TableProgress.openBatch(reader, lake)
      where input.name == table.name && input.identity == state.metadata.id {
        guard input.to <= state.version,
          let pinned = try? delta.snapshot(version: input.to)
        else { continue }
        needs.floor = min(needs.floor, input.to, input.from ?? .max)
        needs.files.formUnion(try delta.files(of: pinned))
        needs.files.formUnion(
          try delta.filesNamed(after: input.from ?? input.to, through: input.to))
      }
    }
  }

  private func add(
    _ consumed: Int64, of table: Table, _ reader: String, _ delta: DeltaTable,
    _ state: Snapshot, to needs: inout Needs
  ) throws {
    let first = try DeltaTable.firstChange(
      after: consumed, through: state.version, in: delta.store)
    guard let first else {
      // What comes next is read from the commits after the mark; the files since are the table's.
      needs.floor = min(needs.floor, consumed + 1)
      return
    }
    let oldest = lake.clock.now().milliseconds - state.logRetention
    let time = DeltaTable.commitTime(first, in: delta.store)
    let isKept = (time ?? .min) >= oldest
    needs.unread.append(
      UnreadVersions(
        table: table.name, reader: reader, consumed: consumed, newest: state.version,
        isKept: isKept))
    guard isKept else { return }
    needs.floor = min(needs.floor, consumed)
    needs.files.formUnion(try delta.filesNamed(after: consumed, through: state.version))
  }
}
