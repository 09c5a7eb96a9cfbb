import Basics
import DeltaLake

/// Steps that leave rows as they are, or give back what they were.
extension TableModel {
  mutating func optimize(_ state: State) -> Step {
    let order = Bool.random(using: &random) ? pick([["id"], ["v"], ["v", "id"]]) : []
    let size = pick([Int64(128 << 20), 200, nil])
    let table = table
    return Step(
      words: "optimize by \(order) to \(size.map { "\($0) B" } ?? "any size")", reads: .files,
      next: state, feed: []
    ) {
      base in
      try table.optimize(
        OptimizeRequest(targetSize: size, zOrderBy: order), base,
        transaction: Transaction("OPTIMIZE", isBlindAppend: false)
      ).snapshot
    }
  }

  mutating func restore(_ state: State) throws -> Step {
    let versions = history.states.keys.sorted()
    let version = pick(versions)
    let table = table
    return Step(words: "restore \(version)", next: history.states[version] ?? state) { base in
      try table.restore(
        to: table.snapshot(version: version), base,
        transaction: Transaction("RESTORE", isBlindAppend: false)
      ).snapshot
    }
  }

  mutating func setProperty(_ state: State) -> Step {
    let name = pick(["delta.enableDeletionVectors", "delta.enableChangeDataFeed"])
    let value = pick(["true", "true", "false"])
    let table = table
    return Step(words: "set \(name) = \(value)", next: state, feed: []) { base in
      try table.setProperties(
        [name: value], base, transaction: Transaction("SET TBLPROPERTIES", isBlindAppend: false))
    }
  }

  mutating func alter(_ base: Snapshot, _ state: State) -> Step {
    names += 1
    let name = "c\(names)"
    var next = state
    let change: SchemaChange
    let extra = state.schema.names.filter { ![state.place, "id", "v"].contains($0) }
    switch (Int.random(in: 0..<6, using: &random), extra.randomElement(using: &random)) {
    case (0, _):
      change = .rename(state.place, to: name)
      next.place = name
      next.rename(state.place, to: name)
    case (1, let old?):
      change = .rename(old, to: name)
      next.rename(old, to: name)
    case (2, let old?):
      change = .drop(old)
      next.schema.fields.removeAll { $0.name == old }
      next.rows = state.rows.mapValues { $0.setting(old, .null) }
    case (3, let old?) where state.schema[old]?.type == .short:
      change = next.widen(old, to: .integer)
    case (3, let old?) where state.schema[old]?.type == .integer,
      (4, let old?) where state.schema[old]?.type == .short:
      change = next.widen(old, to: .long)
    default:
      let field = StructField(name, pick([.string, .short, .integer]))
      change = .addColumn(field)
      next.schema.fields.append(field)
    }
    let table = table
    return Step(words: "\(change)", next: next, feed: []) { base in
      try table.alter(
        [change], base, transaction: Transaction("ALTER TABLE", isBlindAppend: false))
    }
  }

  /// Removes all that the newest version does not need.
  mutating func vacuum() throws -> String? {
    let found = try table.vacuum(opened, retention: 0, dryRun: true, force: true)
    let result = try table.vacuum(opened, retention: 0, dryRun: false, force: true)
    // The clock went on between the two.
    guard Set(found.files.map(\.path)).isSubset(of: result.files.map(\.path)) else {
      return "vacuum left files that its dry run told of"
    }
    if !result.files.isEmpty {
      history.states = history.states.filter { $0.key == opened.version }
      held = nil
    }
    return nil
  }
}

extension State {
  fileprivate mutating func rename(_ old: String, to new: String) {
    schema.fields = schema.fields.map { field in
      var field = field
      if field.name == old { field.name = new }
      return field
    }
    rows = rows.mapValues { row in
      var row = row
      row[new] = row.removeValue(forKey: old)
      return row
    }
  }

  fileprivate mutating func widen(_ name: String, to type: DeltaType) -> SchemaChange {
    schema.fields = schema.fields.map { field in
      var field = field
      if field.name == name { field.type = type }
      return field
    }
    return .widen(name, to: type)
  }
}
