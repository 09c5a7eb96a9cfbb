import Basics
import Lakehouse
import Podium
import Runner
import Testing

extension TableTest {
  /// The tables that a run works on: the tested one, and those that lead to it from the given ones.
  var path: [Table] {
    let wanted = graph.ancestors(of: table.name)
    var names: Set<TableName> = [table.name]
    for name in given {
      names.formUnion(graph.descendants(of: name).intersection(wanted).subtracting([name]))
      if graph[name]?.landing != nil { names.insert(name) }
    }
    // A table with given rows has these, not those of its query.
    return graph.ordered.filter {
      names.contains($0.name) && ($0.landing != nil || !given.contains($0.name))
    }
  }

  var selectors: String { path.map(\.name.description).joined(separator: " ") }

  /// Fails for rows that were given to a table whose readers were given rows, too: nothing reads them.
  func checkGiven(_ place: Testing.SourceLocation) throws {
    var read: Set<TableName> = [table.name]
    var waiting = [table.name]
    while let name = waiting.popLast() {
      for input in graph.inputs(of: name) where read.insert(input).inserted {
        if !given.contains(input) { waiting.append(input) }
      }
    }
    for name in given.subtracting(read).sorted() {
      let behind = graph.descendants(of: name).subtracting([name]).intersection(given).sorted()
      throw TableTestError.unread(name, behind: behind, place: place.place)
    }
  }

  /// Fails where a full refresh of the table, in a copy of the lake, gives other rows.
  func compareFullRefresh(_ place: Testing.SourceLocation) throws {
    guard comparesFullRefresh, !hasRowsBefore, table.landing == nil else { return }
    let copy = try lake.copy()
    let refreshed = try copy.run([table], table.name.description, asOf: asOf, fullRefresh: true)
    guard refreshed.succeeded else {
      expectSuccess(refreshed, sourceLocation: place)
      return
    }
    try compare(copy, "a full refresh (+) and the run (-) give other rows", place)
  }

  /// Fails where a table that is derived by partition or key comes out otherwise when the rows of
  /// each run come in two halves, with a run after each: most of its rows are then computed by
  /// partition or key, and not whole.
  func compareHalves(_ place: Testing.SourceLocation) throws {
    guard comparesFullRefresh, case .derived(let derivation) = table.write, derivation != .whole
    else { return }
    let other = try TestLake()
    // The first run of a table computes it whole, so it is made before any row is there.
    try other.run([table], table.name.description, asOf: firstDate)
    guard try replay(on: other) else { return }
    try compare(other, "rows that come in two halves (+) and at once (-) give other rows", place)
  }

  private var firstDate: String {
    for step in steps { if case .run(let date) = step { return date } }
    return asOf
  }

  /// Does all steps in another lake, the rows of each in two halves.
  /// - Returns: false where a run of one half alone fails, as rules about numbers of rows may let it.
  private func replay(on other: TestLake) throws -> Bool {
    var number = 0
    var waiting: [TestStep] = []
    for step in steps {
      guard case .run(let date) = step else {
        waiting.append(step)
        continue
      }
      for half in [0, 1] {
        for step in waiting {
          number += 1
          try other.take(step.half(half), number: number)
        }
        guard try other.run(path, selectors, asOf: date).succeeded else { return false }
      }
      waiting = []
    }
    return true
  }

  private func compare(
    _ other: TestLake, _ about: String, _ place: Testing.SourceLocation
  ) throws {
    var lines: [String] = []
    let parts: [(TableLocation, [Column])] = [
      (.of(table), table.columns),
      (
        .quarantine(of: table),
        table.comparableInQuarantine.filter { $0.name.first != "_" || $0.name == "_failed_rules" }
      ),
    ]
    for (location, columns) in parts {
      let (names, types) = (columns.map(\.name), columns.map(\.type))
      let comparison = RowComparison(
        columns: names, key: location == .of(table) ? table.key : [])
      let found = comparison.differences(
        try other.cells(location, names, types), from: try lake.cells(location, names, types))
      if !found.isEmpty { lines += ["\(location.name):"] + found }
    }
    report(lines, "\(table.name): \(about)", place)
  }
}

extension TestStep {
  /// One half of the rows; those that replace a whole input are all there in the second.
  fileprivate func half(_ half: Int) -> TestStep {
    func part(_ text: TableText) -> TableText {
      let middle = text.rows.count / 2
      return text.with(half == 0 ? text.rows[..<middle] : text.rows[middle...])
    }
    switch self {
    case .rows(let input, let text): return .rows(input, part(text))
    case .whole(let input, let text): return .whole(input, half == 0 ? part(text) : text)
    case .run: return self
    }
  }
}
