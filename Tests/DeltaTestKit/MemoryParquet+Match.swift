import Basics
import DeltaLake

extension MemoryParquet {
  private typealias Found = (row: Row, file: Int, position: Int)

  private struct Hit {
    let target: Found
    let source: Int?
    /// The number among all clauses.
    let clause: Int?
  }

  public func match(_ merge: MergeRequest) throws -> MergeMatches {
    let source = try rows(merge.source)
    let hits = try find(merge, source, try read(merge.target))
    let acting = hits.compactMap { hit in
      hit.clause.map { (hit: hit, action: merge.clauses[$0].action) }
    }
    let matchedSources = Set(hits.compactMap(\.source))
    let unmatched = source.indices.filter { !matchedSources.contains($0) }
    let inserts = try unmatched.filter { try holds(merge.insertWhen, source[$0], [:]) }
    var updated: [Hit] = []
    var deleted: [Hit] = []
    var images: [Row] = []
    for (hit, action) in acting {
      switch action {
      case .keep: continue
      case .delete: deleted.append(hit)
      case .update:
        guard let index = hit.source else { continue }
        updated.append(hit)
        images.append(source[index])
      case .set(let values):
        updated.append(hit)
        images.append(try image(values, hit.source.map { source[$0] } ?? [:], hit.target.row))
      }
    }
    let perRow = Dictionary(grouping: updated + deleted) { [$0.target.file, $0.target.position] }
    let counts = merge.clauses.indices.map { clause in
      Int64(hits.count { $0.clause == clause })
    }
    return MergeMatches(
      matched: Array(counts.prefix(merge.whenMatched.count)),
      notMatchedBySource: Array(counts.dropFirst(merge.whenMatched.count)),
      ignored: Int64(unmatched.count - inserts.count),
      ambiguous: Int64(perRow.values.count { $0.count > 1 }),
      changes: RowChanges(
        updated: positions(updated.map(\.target)), deleted: positions(deleted.map(\.target)),
        images: counted(images), inserts: counted(inserts.map { source[$0] })))
  }

  public func update(_ update: UpdateRequest) throws -> RowChanges {
    let found = try read(update.target).filter { try holds(update.condition, [:], $0.row) }
    guard let values = update.assignments else {
      return RowChanges(
        updated: [:], deleted: positions(found), images: counted([]), inserts: counted([]))
    }
    return RowChanges(
      updated: positions(found), deleted: [:],
      images: counted(try found.map { try image(values, [:], $0.row) }), inserts: counted([]))
  }

  public func adding(_ column: String, _ value: String, to relation: Relation) -> Relation {
    self.relation(
      ((try? rows(relation)) ?? []).map { row in
        var row = row
        row[column] = .string(value)
        return row
      })
  }

  public func violations(
    _ conditions: [String], in relation: Relation, of schema: Schema
  ) throws -> [Int64] {
    let rows = try rows(relation)
    return try conditions.map { condition in
      Int64(try rows.count { try !holds(condition, [:], $0) })
    }
  }

  public func missing(_ path: [String], in relation: Relation) throws -> Int64 {
    Int64(
      try rows(relation).count { row in
        var value: JSON? = .object(row.map { JSON.Member($0.key, $0.value) })
        for name in path {
          guard let around = value, !around.isNull else { return false }
          value = around[name]
        }
        return value.map(\.isNull) ?? true
      })
  }

  /// Sorts by the first column alone, which is an order along any curve too.
  public func zOrdered(
    _ relation: Relation, by columns: [String], _ schema: Schema, rowsPerFile: Int64
  ) throws -> Relation {
    self.relation(
      try rows(relation).sorted { a, b in
        let (a, b) = (columns.first.flatMap { a[$0] }, columns.first.flatMap { b[$0] })
        return (a?.text ?? "") < (b?.text ?? "")
      })
  }

  public func count(_ relation: Relation) throws -> Int64 { Int64(try rows(relation).count) }

  /// Every column of the stand-in's files is a number or a text.
  public func inspect(_ addresses: [String]) throws -> [ParquetFile] {
    try addresses.map { address in
      let rows = try storedRows(path(address))
      var fields: [StructField] = []
      for member in rows.flatMap({ $0.sorted { $0.key < $1.key } })
      where !fields.contains(where: { $0.name == member.key }) {
        fields.append(StructField(member.key, member.value.string == nil ? .long : .string))
      }
      return ParquetFile(schema: Schema(fields), rows: Int64(rows.count), columns: [:])
    }
  }

  private func counted(_ rows: [Row]) -> RowChanges.Counted {
    .init(relation(rows), rows: Int64(rows.count))
  }

  private func positions(_ found: [Found]) -> [Int: RoaringBitmap] {
    Dictionary(grouping: found, by: \.file).mapValues { rows in
      RoaringBitmap(rows.map { UInt64($0.position) })
    }
  }

  private func image(_ values: [String: String], _ source: Row, _ target: Row) throws -> Row {
    var row = target
    for (column, text) in values {
      guard let expression = expressions[text] else {
        throw MemoryParquetError.unknownExpression(text)
      }
      row[column] = expression(source, target)
    }
    return row
  }

  private func find(
    _ merge: MergeRequest, _ source: [Row], _ target: [Found]
  ) throws -> [Hit] {
    func key(_ row: Row) -> [JSON] { merge.keys.map { row[$0] ?? .null } }
    let byKey = Dictionary(grouping: target.indices) { key(target[$0].row) }
    var hits: [Hit] = []
    var matched: Set<Int> = []
    for (index, row) in source.enumerated() {
      for place in byKey[key(row)] ?? [] {
        let found = target[place]
        let clause = try merge.whenMatched.firstIndex { try holds($0.condition, row, found.row) }
        matched.insert(place)
        hits.append(Hit(target: found, source: index, clause: clause))
      }
    }
    for place in target.indices where !matched.contains(place) {
      let found = target[place]
      let clause = try merge.whenNotMatchedBySource.firstIndex {
        try holds($0.condition, [:], found.row)
      }
      guard let clause else { continue }
      hits.append(Hit(target: found, source: nil, clause: merge.whenMatched.count + clause))
    }
    return hits
  }

  private func holds(_ text: String?, _ source: Row, _ target: Row) throws -> Bool {
    guard let text else { return true }
    guard let condition = conditions[text] else { throw MemoryParquetError.unknownCondition(text) }
    return condition(source, target) ?? false
  }
}
