import Basics
import DeltaLake

extension MemoryParquet {
  private struct Hit {
    let file: Int
    let position: Int
    let source: Int
    let clause: Int?
  }

  public func match(_ merge: MergeRequest) throws -> MergeMatches {
    let target = try read(merge.target)
    let source = try rows(merge.source)
    let hits = try find(merge, source, target)
    let changing = hits.filter { $0.clause.map { merge.whenMatched[$0].action != .keep } ?? false }
    let perRow = Dictionary(grouping: changing) { [$0.file, $0.position] }
    let matchedSources = Set(hits.map(\.source))
    let unmatched = source.indices.filter { !matchedSources.contains($0) }
    let inserts = try unmatched.filter { try holds(merge.insertWhen, source[$0], [:]) }
    let updates = changing.filter {
      $0.clause.map { merge.whenMatched[$0].action == .update } ?? false
    }
    let written = (inserts + updates.map(\.source)).map { source[$0] }
    let changed = Dictionary(grouping: changing, by: \.file).mapValues { hits in
      RoaringBitmap(hits.map { UInt64($0.position) })
    }
    return MergeMatches(
      matched: merge.whenMatched.indices.map { clause in
        Int64(hits.count { $0.clause == clause })
      },
      inserted: Int64(inserts.count), ignored: Int64(unmatched.count - inserts.count),
      ambiguous: Int64(perRow.values.count { $0.count > 1 }), changed: changed,
      written: relation(written), writtenRows: Int64(written.count))
  }

  private func find(
    _ merge: MergeRequest, _ source: [Row], _ target: [(row: Row, file: Int, position: Int)]
  ) throws -> [Hit] {
    func key(_ row: Row) -> [JSON] { merge.keys.map { row[$0] ?? .null } }
    let byKey = Dictionary(grouping: target.indices) { key(target[$0].row) }
    var hits: [Hit] = []
    for (index, row) in source.enumerated() {
      for place in byKey[key(row)] ?? [] {
        let found = target[place]
        let clause = try merge.whenMatched.firstIndex { try holds($0.condition, row, found.row) }
        hits.append(
          Hit(file: found.file, position: found.position, source: index, clause: clause))
      }
    }
    return hits
  }

  private func holds(_ text: String?, _ source: Row, _ target: Row) throws -> Bool {
    guard let text else { return true }
    guard let condition = conditions[text] else { throw MemoryParquetError.unknownCondition(text) }
    return condition(source, target) ?? false
  }
}
