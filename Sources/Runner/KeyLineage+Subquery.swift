import Basics

extension KeyLineageReader {
  /// In a subquery: what its own rows have in each reading, where a row around it has another value.
  struct Correlation {
    let own: [Int: Expression]
    let outer: Expression
  }

  /// Subqueries in expressions: what they read is known to be read, and linked where an equality in
  /// their WHERE, or an IN, says with which rows they meet.
  /// - Parameter isCondition: true for a condition that has to be true. Elsewhere it makes a difference
  ///   if an IN is false or unknown, which depends on all rows of its subquery.
  mutating func nest(
    _ tree: JSON?, _ known: Known, _ from: inout Relation, isCondition: Bool = false
  ) {
    guard let tree else { return }
    guard tree["class"]?.string == "SUBQUERY", let node = tree["subquery"]?["node"] else {
      let isAnd = isCondition && tree["type"]?.string == "CONJUNCTION_AND"
      for part in isAnd ? tree["children"]?.array ?? [] : Expression.parts(tree) {
        nest(part, known, &from, isCondition: isAnd)
      }
      return
    }
    if let child = tree["child"] { nest(child, known, &from) }
    let first = inputs.count
    let earlier = correlations
    correlations = []
    around = from
    let found = relation(node, known)
    around = nil
    for met in correlations { link(met, &from) }
    correlations = earlier
    if isCondition, tree["subquery_type"]?.string == "ANY",
      tree["comparison_type"]?.string == "COMPARE_EQUAL",
      let child = tree["child"], let outer = expression(child, from), !outer.columns.isEmpty,
      let found, found.columns.count == 1
    {
      link(Correlation(own: found.columns[0].origins, outer: outer), &from)
    }
    from.readings += Array(first..<inputs.count)
  }

  /// Subqueries of which no more is known than that they are read.
  mutating func nested(_ tree: JSON?, _ known: Known) -> [Int] {
    var none = Relation()
    nest(tree, known, &none)
    return none.readings
  }

  /// Notes the equalities between own columns and columns around a subquery.
  mutating func correlate(_ filter: JSON, _ from: Relation, _ around: Relation) {
    for (left, right) in KeyLineageReader.equalities(in: filter) {
      for (own, outer) in [(left, right), (right, left)] {
        // A name is looked for inside first.
        guard let own = expression(own, from), !own.columns.isEmpty,
          !namesAny(outer, from), let outer = expression(outer, around), !outer.columns.isEmpty
        else { continue }
        var origins: [Int: Expression] = [:]
        for reading in from.readings { origins[reading] = origin(of: own, from, reading) }
        correlations.append(Correlation(own: origins, outer: outer))
      }
    }
  }

  private mutating func link(_ met: Correlation, _ from: inout Relation) {
    for (reading, own) in met.own {
      for other in from.readings {
        guard let value = origin(of: met.outer, from, other) else { continue }
        links[reading, default: []].append(
          KeyLineage.Link(to: other, pairs: [(own: own, other: value)]))
      }
      if let index = met.outer.columnIndex, from.columns[index].origins[reading] == nil {
        from.columns[index].origins[reading] = own
      }
    }
  }
}
