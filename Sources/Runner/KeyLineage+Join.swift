import Basics

extension KeyLineageReader {
  mutating func join(_ table: JSON, _ known: Known, _ filter: JSON) -> Relation? {
    // A row that a side may lack, or lose, is not what the filter says of that side's rows.
    guard let kind = JoinKind(table),
      let left = source(table["left"], known, kind.keepsLeft ? filter : .null),
      let right = source(table["right"], known, kind.keepsRight ? filter : .null)
    else { return notUnderstood() }
    var both = Relation(
      columns: left.columns + right.columns, readings: left.readings + right.readings)
    both.readings += nested(table["condition"], known)
    let pairs = equalities(
      table, left, right, both, kind.keepsLeft && kind.keepsRight ? filter : .null)
    addLinks(pairs, left, right, kind)
    var joined = both
    let count = left.columns.count
    for index in joined.columns.indices {
      let isKept = index < count ? kind.keepsLeft : kind.keepsRight
      if !isKept { joined.columns[index].origins = [:] }
    }
    for pair in pairs {
      if kind.keepsLeft, let index = pair.left.columnIndex {
        for reading in right.readings where joined.columns[index].origins[reading] == nil {
          joined.columns[index].origins[reading] = origin(of: pair.right, both, reading)
        }
      }
      if kind.keepsRight, let index = pair.right.columnIndex {
        for reading in left.readings where joined.columns[index].origins[reading] == nil {
          joined.columns[index].origins[reading] = origin(of: pair.left, both, reading)
        }
      }
    }
    if kind.isFilter { joined.columns.removeLast(right.columns.count) }
    return joined
  }

  /// The sides of the equalities that rows which meet satisfy, over the columns of both.
  private func equalities(
    _ table: JSON, _ left: Relation, _ right: Relation, _ both: Relation, _ filter: JSON
  ) -> [(left: Expression, right: Expression)] {
    let count = left.columns.count
    var pairs: [(left: Expression, right: Expression)] = []
    for name in table["using_columns"]?.array?.compactMap({ $0.string?.lowercased() }) ?? [] {
      guard let a = left.columns.firstIndex(where: { $0.name == name }),
        let b = right.columns.firstIndex(where: { $0.name == name })
      else { continue }
      pairs.append((.column(a), .column(count + b)))
    }
    for (a, b) in KeyLineageReader.equalities(in: table["condition"] ?? .null)
      + KeyLineageReader.equalities(in: filter)
    {
      guard let a = expression(a, both), let b = expression(b, both), !a.columns.isEmpty,
        !b.columns.isEmpty
      else { continue }
      if a.columns.allSatisfy({ $0 < count }), b.columns.allSatisfy({ $0 >= count }) {
        pairs.append((a, b))
      } else if b.columns.allSatisfy({ $0 < count }), a.columns.allSatisfy({ $0 >= count }) {
        pairs.append((b, a))
      }
    }
    return pairs
  }

  /// The equalities that rows have to satisfy to pass a condition.
  static func equalities(in condition: JSON) -> [(left: JSON, right: JSON)] {
    switch condition["type"]?.string {
    case "CONJUNCTION_AND": return (condition["children"]?.array ?? []).flatMap(equalities)
    case "COMPARE_EQUAL", "COMPARE_NOT_DISTINCT_FROM":
      guard let left = condition["left"], let right = condition["right"] else { return [] }
      return [(left, right)]
    default: return []
    }
  }

  private mutating func addLinks(
    _ pairs: [(left: Expression, right: Expression)], _ left: Relation, _ right: Relation,
    _ kind: JoinKind
  ) {
    let both = Relation(columns: left.columns + right.columns)
    for a in left.readings {
      for b in right.readings {
        let met = pairs.compactMap { pair -> (Expression, Expression)? in
          guard let own = origin(of: pair.left, both, a),
            let other = origin(of: pair.right, both, b)
          else { return nil }
          return (own, other)
        }
        guard !met.isEmpty else { continue }
        if kind.keepsLeft {
          links[b, default: []].append(
            KeyLineage.Link(to: a, pairs: met.map { (own: $0.1, other: $0.0) }))
        }
        if kind.keepsRight {
          links[a, default: []].append(
            KeyLineage.Link(to: b, pairs: met.map { (own: $0.0, other: $0.1) }))
        }
      }
    }
  }
}

/// What a join does with the rows of its sides.
private struct JoinKind {
  /// True if each row of the result is one of the left side, with or without one of the right.
  let keepsLeft: Bool
  let keepsRight: Bool
  /// True for a join that has the left side's columns alone.
  let isFilter: Bool

  init?(_ table: JSON) {
    guard ["REGULAR", "CROSS"].contains(table["ref_type"]?.string ?? "") else { return nil }
    switch table["join_type"]?.string {
    case "INNER": (keepsLeft, keepsRight, isFilter) = (true, true, false)
    case "LEFT": (keepsLeft, keepsRight, isFilter) = (true, false, false)
    case "RIGHT": (keepsLeft, keepsRight, isFilter) = (false, true, false)
    case "SEMI", "ANTI": (keepsLeft, keepsRight, isFilter) = (true, false, true)
    case "OUTER", "FULL": (keepsLeft, keepsRight, isFilter) = (false, false, false)
    default: return nil
    }
  }
}
