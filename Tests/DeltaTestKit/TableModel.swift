import Basics
import DeltaLake
import TestKit

/// A random history of one table, and beside it what each version must hold.
public struct TableModel<Subject: TableSubject> {
  /// What the table must be at a version.
  struct State {
    var rows: [Row] = []
    var schema: Schema
  }

  let subject: Subject
  private var random: Seeded
  private var state: State
  /// The versions whose files are all there.
  private var versions: [Int64: State] = [:]
  private var nextID = 0
  private var names = 0
  /// The steps so far, for messages.
  public private(set) var log: [String] = []

  private var table: DeltaTable { subject.table }

  static var base: [StructField] {
    [
      StructField("p", .string), StructField("id", .long, nullable: false),
      StructField("v", .string),
    ]
  }

  /// Creates the table; whether it has partitions, deletion vectors and a change feed the seed says.
  public init(_ subject: Subject, seed: UInt64) throws {
    self.subject = subject
    random = Seeded(seed)
    state = State(schema: Schema(Self.base))
    var configuration = ["delta.checkpointInterval": String(Int.random(in: 2...12, using: &random))]
    if Bool.random(using: &random) { configuration["delta.enableDeletionVectors"] = "true" }
    if Bool.random(using: &random) { configuration["delta.enableChangeDataFeed"] = "true" }
    let partitions = Bool.random(using: &random) ? ["p"] : []
    _ = try subject.table.create(
      Metadata(
        id: "00000000-0000-4000-8000-000000000001", schema: state.schema,
        partitionColumns: partitions, configuration: configuration, createdTime: 0),
      transaction: Transaction("CREATE TABLE", isBlindAppend: true))
    versions[0] = state
    log.append("create partitioned by \(partitions), \(configuration)")
  }

  /// Does one random step and compares the table with what it must hold.
  /// - Returns: what differs; nil where nothing does.
  public mutating func step() throws -> String? {
    let before = try table.snapshot()
    let after = try act(before)
    if after.version > before.version { versions[after.version] = state }
    let opened = try table.snapshot()
    guard opened.version == after.version, Self.settled(opened) == Self.settled(after),
      opened.metadata == after.metadata, opened.tableProtocol == after.tableProtocol
    else { return "the log gives another state than the write returned" }
    if let difference = try difference(after, state) { return difference }
    guard after.version == before.version + 1, versions[before.version] != nil else { return nil }
    return try feedDifference(before, after)
  }

  /// The files as a checkpoint holds them, which is not told why they came.
  private static func settled(_ snapshot: Snapshot) -> [AddFile] {
    snapshot.orderedFiles.map { file in
      var file = file
      file.dataChange = false
      return file
    }
  }

  /// Compares all versions whose files are there.
  public func compareAll() throws -> String? {
    for (version, state) in versions.sorted(by: { $0.key < $1.key }) {
      if let difference = try difference(table.snapshot(version: version), state) {
        return "version \(version): \(difference)"
      }
    }
    return nil
  }

  private func difference(_ snapshot: Snapshot, _ state: State) throws -> String? {
    guard snapshot.schema.names == state.schema.names else {
      return "columns \(snapshot.schema.names) instead of \(state.schema.names)"
    }
    let found = try subject.rows(of: snapshot).ordered
    let wanted = state.rows.ordered
    if let count = snapshot.rowCount, count != Int64(wanted.count) {
      return "statistics count \(count) rows instead of \(wanted.count)"
    }
    return found == wanted ? nil : Self.words(found, wanted)
  }

  /// What a version's change feed makes of the rows before it must be the rows after it.
  private func feedDifference(_ before: Snapshot, _ after: Snapshot) throws -> String? {
    guard before.schema == after.schema else { return nil }
    var rows = try subject.rows(of: before)
    let feed = try table.changeFeed(from: after.version, through: after.version)
    let changes = try subject.rows(of: feed)
    for change in changes where ["delete", "update_preimage"].contains(change.kind) {
      guard let index = rows.firstIndex(of: change.row) else {
        return "the change feed takes a row that was not there: \(change.row)"
      }
      rows.remove(at: index)
    }
    rows += changes.filter { ["insert", "update_postimage"].contains($0.kind) }.map(\.row)
    let wanted = try subject.rows(of: after)
    return rows.ordered == wanted.ordered
      ? nil : "change feed: " + Self.words(rows.ordered, wanted.ordered)
  }

  private static func words(_ found: [Row], _ wanted: [Row]) -> String {
    let missing = wanted.filter { !found.contains($0) }.prefix(3)
    let extra = found.filter { !wanted.contains($0) }.prefix(3)
    return "\(found.count) rows instead of \(wanted.count); missing \(missing), too many \(extra)"
  }
}

extension TableModel {
  private mutating func act(_ base: Snapshot) throws -> Snapshot {
    let last = state
    switch Int.random(in: 0..<20, using: &random) {
    case 0...3: return try append(base)
    case 4: return try overwrite(base)
    case 5...8: return try merge(base)
    case 9, 10: return try delete(base)
    case 11, 12: return try update(base)
    case 13, 14: return try optimize(base)
    case 15: return try vacuum(base)
    case 16:
      log.append("checkpoint")
      try table.writeCheckpoint(base)
      return base
    case 17: return try restore(base)
    case 18: return try setProperty(base)
    default:
      log.append("alter")
      let changed = try alter(base)
      if changed.version == base.version { state = last }
      return changed
    }
  }

  private mutating func pick<T>(_ values: [T]) -> T {
    values[Int.random(in: values.indices, using: &random)]
  }

  private mutating func row(_ id: Int) -> Row {
    var row: Row = ["id": .int(id)]
    if let p = pick([nil, "a", "b c", "ü/%41"]) { row["p"] = .string(p) }
    for name in state.schema.names where name != "p" && name != "id" {
      if Int.random(in: 0..<5, using: &random) > 0 { row[name] = .string("\(name)\(names)") }
    }
    names += 1
    return row
  }

  private mutating func freshRows(_ most: Int) -> [Row] {
    (0..<Int.random(in: 0...most, using: &random)).map { _ in
      nextID += 1
      return row(nextID)
    }
  }

  private mutating func append(_ base: Snapshot) throws -> Snapshot {
    let rows = freshRows(12)
    log.append("append \(rows.count)")
    state.rows += rows
    return try table.append(
      subject.relation(rows, state.schema), base,
      transaction: Transaction("WRITE", isBlindAppend: true)
    ).snapshot
  }

  private mutating func overwrite(_ base: Snapshot) throws -> Snapshot {
    let rows = freshRows(20)
    log.append("overwrite \(rows.count)")
    state.rows = rows
    return try table.overwrite(
      subject.relation(rows, state.schema), base,
      transaction: Transaction("WRITE", isBlindAppend: false)
    ).snapshot
  }

  private mutating func merge(_ base: Snapshot) throws -> Snapshot {
    let known = state.rows.shuffled(using: &random).prefix(Int.random(in: 0...8, using: &random))
    let ids = known.compactMap { $0["id"]?.int }.map { Int($0) }
    let source = ids.map { row($0) } + freshRows(5)
    let byID = Dictionary(source.map { ($0["id"] ?? .null, $0) }) { first, _ in first }
    let kind = Int.random(in: 0..<4, using: &random)
    log.append("merge \(kind) \(source.count)")
    var matched: [MergeRequest.Clause] = [.init(.update)]
    var unmatched: [MergeRequest.Clause] = []
    var insertWhen: String?
    func even(_ row: Row) -> Bool { (row["id"]?.int ?? 0) % 2 == 0 }
    var next: [Row] = []
    let targets = Set(state.rows.compactMap { $0["id"] })
    for old in state.rows {
      let new = old["id"].flatMap { byID[$0] }
      switch (kind, new) {
      case (0, let new?), (3, let new?): next.append(new)
      case (1, let new?): if !even(new) { next.append(new) }
      case (2, _?): next.append(Self.setting("v", ModelSQL.append("!", to: old["v"]), old))
      case (3, nil):
        if (old["id"]?.int ?? 0) % 3 != 0 { next.append(Self.setting("v", "gone", old)) }
      default: next.append(old)
      }
    }
    if kind == 1 {
      matched = [.init(.delete, when: ModelSQL.modulo(2, 0, of: "source.")), .init(.update)]
    }
    if kind == 2 {
      matched = [.init(.set(["v": ModelSQL.marked]))]
      insertWhen = ModelSQL.never
    } else {
      next += source.filter { !targets.contains($0["id"] ?? .null) }
    }
    if kind == 3 {
      unmatched = [
        .init(.delete, when: ModelSQL.modulo(3, 0, of: "target.")),
        .init(.set(["v": ModelSQL.gone])),
      ]
    }
    state.rows = next
    return try table.merge(
      subject.relation(source, state.schema), base, keys: ["id"], whenMatched: matched,
      insertWhen: insertWhen, whenNotMatchedBySource: unmatched
    ) { _ in Transaction("MERGE", isBlindAppend: false) }.snapshot
  }

  private static func setting(_ column: String, _ value: JSON, _ row: Row) -> Row {
    var row = row
    row[column] = value.isNull ? nil : value
    return row
  }

  private mutating func condition() -> (sql: String, holds: (Row) -> Bool) {
    let divisor = pick(ModelSQL.divisors)
    let rest = Int.random(in: 0..<divisor, using: &random)
    return (
      ModelSQL.modulo(divisor, rest), { ($0["id"]?.int ?? 0) % Int64(divisor) == Int64(rest) }
    )
  }

  private mutating func delete(_ base: Snapshot) throws -> Snapshot {
    let condition = condition()
    log.append("delete \(condition.sql)")
    state.rows.removeAll(where: condition.holds)
    return try table.delete(
      where: condition.sql, base, transaction: Transaction("DELETE", isBlindAppend: false)
    ).snapshot
  }

  private mutating func update(_ base: Snapshot) throws -> Snapshot {
    let condition = condition()
    log.append("update \(condition.sql)")
    state.rows = state.rows.map { row in
      condition.holds(row) ? Self.setting("v", ModelSQL.append("?", to: row["v"]), row) : row
    }
    return try table.update(
      ["v": ModelSQL.mark], where: condition.sql, base,
      transaction: Transaction("UPDATE", isBlindAppend: false)
    ).snapshot
  }

  private mutating func optimize(_ base: Snapshot) throws -> Snapshot {
    let order = Bool.random(using: &random) ? ["id"] : []
    log.append("optimize \(order)")
    return try table.optimize(
      OptimizeRequest(zOrderBy: order), base,
      transaction: Transaction("OPTIMIZE", isBlindAppend: false)
    ).snapshot
  }

  private mutating func vacuum(_ base: Snapshot) throws -> Snapshot {
    log.append("vacuum")
    let found = try table.vacuum(base, retention: 0, dryRun: true, force: true)
    let result = try table.vacuum(base, retention: 0, dryRun: false, force: true)
    // The clock went on between the two.
    guard Set(found.files.map(\.path)).isSubset(of: result.files.map(\.path)) else {
      throw ModelError("vacuum left files that its dry run told of")
    }
    if !result.files.isEmpty { versions = versions.filter { $0.key == base.version } }
    return base
  }

  private mutating func restore(_ base: Snapshot) throws -> Snapshot {
    guard let version = versions.keys.sorted().randomElement(using: &random),
      let old = versions[version]
    else { return base }
    log.append("restore \(version)")
    state = old
    return try table.restore(
      to: table.snapshot(version: version), base,
      transaction: Transaction("RESTORE", isBlindAppend: false)
    ).snapshot
  }

  private mutating func setProperty(_ base: Snapshot) throws -> Snapshot {
    let name = pick(["delta.enableDeletionVectors", "delta.enableChangeDataFeed"])
    let value = pick(["true", "false"])
    log.append("set \(name) = \(value)")
    return try table.setProperties(
      [name: value], base, transaction: Transaction("SET TBLPROPERTIES", isBlindAppend: false))
  }

  private mutating func alter(_ base: Snapshot) throws -> Snapshot {
    let extra = state.schema.names.filter { !["p", "id", "v"].contains($0) }
    names += 1
    let change: SchemaChange
    switch (Int.random(in: 0..<3, using: &random), extra.randomElement(using: &random)) {
    case (1, let old?):
      change = .rename(old, to: "c\(names)")
      state.rows = state.rows.map { row in
        var row = row
        row["c\(names)"] = row.removeValue(forKey: old)
        return row
      }
    case (2, let old?):
      change = .drop(old)
      state.rows = state.rows.map { $0.filter { $0.key != old } }
    default: change = .addColumn(StructField("c\(names)", .string))
    }
    log.append("\(change)")
    let after = try table.alter(
      [change], base, transaction: Transaction("ALTER TABLE", isBlindAppend: false))
    state.schema = after.schema
    return after
  }
}

/// What a table did that it should not.
struct ModelError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
