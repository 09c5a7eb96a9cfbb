/// How a column depends on another, by the names of OpenLineage's column lineage facet (1-2-0).
public enum LineageSubtype: String, Hashable, Sendable, CaseIterable, Comparable {
  /// The value is copied.
  case identity = "IDENTITY"
  /// The value is computed from it.
  case transformation = "TRANSFORMATION"
  /// The value is computed from many rows of it.
  case aggregation = "AGGREGATION"
  /// Which rows meet depends on it.
  case join = "JOIN"
  /// Which rows are taken together depends on it.
  case groupBy = "GROUP_BY"
  /// Which rows there are depends on it.
  case filter = "FILTER"
  /// The order of rows depends on it.
  case sort = "SORT"
  /// Which rows a window function sees, and in which order, depends on it.
  case window = "WINDOW"
  /// Which of several values is taken depends on it.
  case conditional = "CONDITIONAL"

  /// True where the value comes from there: OpenLineage's `DIRECT`, otherwise `INDIRECT`.
  public var isDirect: Bool { self <= .aggregation }

  /// In words: `group by`.
  public var words: String { rawValue.lowercased().split(separator: "_").joined(separator: " ") }

  public static func < (a: LineageSubtype, b: LineageSubtype) -> Bool { a.rank < b.rank }

  private var rank: Int { LineageSubtype.allCases.firstIndex(of: self) ?? 0 }
}

/// A column of a query's input on which something depends, and how.
public struct Dependency: Hashable, Sendable {
  /// The name by which the query calls the input, in lower case.
  public let input: String
  /// The input's column, as it is declared.
  public let column: String
  public internal(set) var subtype: LineageSubtype
  /// True where the value is the column's or a part of it, so that a personal one stays personal.
  public internal(set) var keepsValue = true
  /// False where the query has something of which it is not known what it reads.
  public internal(set) var isCertain = true
}

extension Set<Dependency> {
  /// What depends on something that has these dependencies.
  ///
  /// A filter on a computed column is a filter on all that it is computed from.
  func through(_ subtype: LineageSubtype, keepingValue: Bool = false) -> Set<Dependency> {
    Set(
      map { dependency in
        var new = dependency
        if !subtype.isDirect {
          new.subtype = subtype
        } else if dependency.subtype.isDirect {
          new.subtype = Swift.max(subtype, dependency.subtype)
        }
        new.keepsValue = dependency.keepsValue && keepingValue && new.subtype.isDirect
        return new
      })
  }

  /// The same, of which none is certain.
  var uncertain: Set<Dependency> {
    Set(
      map { dependency in
        var new = dependency
        new.isCertain = false
        return new
      })
  }
}
