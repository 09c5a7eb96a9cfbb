import Basics
import DeltaLake

/// Steps that change rows.
extension TableModel {
  private mutating func row(_ id: Int64, _ state: State) -> Row {
    var row: Row = ["id": .int(id)]
    if let place = pick([nil, "a", "b c", "ü/%41"]) { row[state.place] = .string(place) }
    for field in state.schema.fields where field.name != state.place && field.name != "id" {
      guard !random.once(in: 5) else { continue }
      row[field.name] =
        field.type == .string
        ? .string("\(field.name)\(names)") : .int(Int.random(in: -99...99, using: &random))
    }
    names += 1
    return row
  }

  /// Rows that the table never had.
  private mutating func freshRows(_ most: Int, _ state: State) -> [Row] {
    (0..<Int.random(in: 0...most, using: &random)).map { _ in
      nextID += 1
      return row(nextID, state)
    }
  }

  mutating func append(_ state: State) -> Step {
    let rows = freshRows(12, state)
    let recorded = random.once(in: 4) ? progress + 1 : nil
    var next = state
    for row in rows { next.add(row) }
    let (table, subject) = (table, subject)
    return Step(
      words: "append \(rows.count)" + (recorded.map { " with progress \($0)" } ?? ""),
      reads: .nothing, next: next, feed: rows.map(Change.insert), progress: recorded
    ) { base in
      var transaction = Transaction("WRITE", isBlindAppend: true)
      if let recorded {
        transaction.actions = [.txn(SetTransaction(appId: "model", version: recorded))]
      }
      return try subject.with(rows, state.schema) {
        try table.append($0, base, transaction: transaction).snapshot
      }
    }
  }

  mutating func overwrite(_ state: State) -> Step {
    overwrite(.table, state, by: freshRows(16, state)) { _ in true }
  }

  /// Replaces the partitions that the new rows are in.
  mutating func overwritePartitions(_ state: State) -> Step {
    let rows = freshRows(3, state)
    let places = Set(rows.map { $0[state.place] })
    return overwrite(.partitions, state, by: rows) { places.contains($0[state.place]) }
  }

  /// Replaces the rows that satisfy a condition.
  mutating func overwriteSome(_ base: Snapshot, _ state: State) -> Step {
    let condition = condition()
    let rows = freshRows(12, state).filter(condition.holds)
    var step = overwrite(.rows(where: condition.sql), state, by: rows, condition.holds)
    step.reads = .rows
    step.effect = { replaced($0, by: rows, condition.holds) }
    return step.told(byRows: base.hasChangeFeed)
  }

  private func overwrite(
    _ scope: OverwriteScope, _ state: State, by rows: [Row], _ goes: (Row) -> Bool
  ) -> Step {
    let result = replaced(state, by: rows, goes)
    let (table, subject) = (table, subject)
    return Step(
      words: "overwrite \(scope) by \(rows.count)", next: result.next, feed: result.feed
    ) { base in
      try subject.with(rows, state.schema) {
        try table.overwrite(
          scope, by: $0, base, transaction: Transaction("WRITE", isBlindAppend: false)
        ).snapshot
      }
    }
  }

  private mutating func condition() -> (sql: String, holds: (Row) -> Bool) {
    let condition = ModelCondition(&random)
    return (condition.sql(of: ""), { condition.holds($0) })
  }

  mutating func delete(_ base: Snapshot, _ state: State) -> Step {
    let condition = random.once(in: 8) ? nil : condition()
    let table = table
    return Step(
      words: "delete where \(condition?.sql ?? "true")", on: state,
      effect: { replaced($0, by: []) { condition?.holds($0) ?? true } }
    ) { base in
      try table.delete(
        where: condition?.sql, base, transaction: Transaction("DELETE", isBlindAppend: false)
      ).snapshot
    }.told(byRows: base.hasChangeFeed)
  }

  mutating func update(_ base: Snapshot, _ state: State) -> Step {
    let condition = random.once(in: 8) ? nil : condition()
    let moves = random.once(in: 3)
    func updated(_ state: State) -> (next: State, feed: [Change]) {
      var next = state
      var feed: [Change] = []
      for (id, row) in state.rows where condition?.holds(row) ?? true {
        let new =
          moves
          ? row.setting(state.place, "b c")
          : row.setting("v", ModelSQL.append("?", to: row["v"]))
        next.rows[id] = new
        feed += Change.update(row, new)
      }
      return (next, feed)
    }
    let values = moves ? [state.place: ModelSQL.place] : ["v": ModelSQL.mark]
    let table = table
    return Step(
      words: "update \(values) where \(condition?.sql ?? "true")", on: state, effect: updated
    ) { base in
      try table.update(
        values, where: condition?.sql, base,
        transaction: Transaction("UPDATE", isBlindAppend: false)
      ).snapshot
    }.told(byRows: base.hasChangeFeed)
  }

  mutating func merge(_ base: Snapshot, _ state: State) -> Step {
    var merge = ModelMerge(&random, state)
    let targets = state.rows.keys.sorted().shuffled(using: &random)
      .prefix(Int.random(in: 0...8, using: &random))
    for id in targets {
      var new = row(id, state)
      // With the place among the keys it must be the same for the rows to match.
      if merge.keys.count > 1 { new[state.place] = state.rows[id]?[state.place] }
      merge.source.append(new)
    }
    merge.source += freshRows(5, state)
    if random.once(in: 12), let first = merge.source.first, state.rows[first.id] != nil {
      merge.source.append(first)
    }
    let (table, subject) = (table, subject)
    let plan = merge
    return Step(
      words: plan.words, on: state, isAmbiguous: plan.result(on: state).isAmbiguous,
      effect: {
        let result = plan.result(on: $0)
        return (result.next, result.feed)
      }
    ) { base in
      try subject.with(plan.source, state.schema) {
        try table.merge(
          $0, base, keys: plan.keys, whenMatched: plan.matched.map(\.clause),
          insertWhen: plan.insertWhen?.sql(of: "source."),
          whenNotMatchedBySource: plan.unmatched.map(\.clause)
        ) { _ in Transaction("MERGE", isBlindAppend: false) }.snapshot
      }
    }.told(byRows: base.hasChangeFeed)
  }
}

/// A state of which some rows were replaced by others.
private func replaced(
  _ state: State, by rows: [Row], _ goes: (Row) -> Bool
) -> (next: State, feed: [Change]) {
  var next = state
  next.rows = state.rows.filter { !goes($0.value) }
  for row in rows { next.add(row) }
  return (next, state.rows.values.filter(goes).map(Change.delete) + rows.map(Change.insert))
}

extension Step {
  /// The step, of which the feed tells by rows or, without a change feed, by whole files.
  func told(byRows: Bool) -> Step {
    var step = self
    if !byRows { step.feed = nil }
    return step
  }
}
