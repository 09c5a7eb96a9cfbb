import Podium

/// What a value comes from: a table, or a folder of the landing zone.
public enum LineageDataset: Hashable, Sendable, Comparable, CustomStringConvertible {
  case landing(folder: String)
  case table(TableName)

  /// `silver.members` or `landing/members`.
  public var description: String {
    switch self {
    case .landing(let folder): "landing/\(folder)"
    case .table(let name): name.description
    }
  }

  public static func < (a: LineageDataset, b: LineageDataset) -> Bool {
    switch (a, b) {
    case (.landing(let a), .landing(let b)): a < b
    case (.landing, .table): true
    case (.table, .landing): false
    case (.table(let a), .table(let b)): a < b
    }
  }
}

/// A column of a table or a field of a source.
public struct LineageField: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let dataset: LineageDataset
  public let name: String

  public init(_ dataset: LineageDataset, _ name: String) {
    self.dataset = dataset
    self.name = name
  }

  /// `silver.members.city`, `landing/members: city`.
  public var description: String {
    switch dataset {
    case .landing: "\(dataset): \(name)"
    case .table: "\(dataset).\(name)"
    }
  }

  public static func < (a: LineageField, b: LineageField) -> Bool {
    (a.dataset, a.name) < (b.dataset, b.name)
  }
}

/// What depends on a field, how, and by which part of the declaration.
public struct LineageEdge: Hashable, Sendable, Comparable {
  /// The part of a declaration that makes an edge.
  public enum Cause: Hashable, Sendable, Comparable {
    case query
    /// How rows get into the table: which row of a key wins, which rows repeat others.
    case write
    /// A rule, by its name.
    case rule(String)
    /// How long rows are kept.
    case retention
  }

  public let source: LineageField
  public let subtype: LineageSubtype
  public let cause: Cause
  /// True where the value is the source's or a part of it.
  public let keepsValue: Bool
  /// False where it is not known whether there is such a dependency.
  public let isCertain: Bool

  public static func < (a: LineageEdge, b: LineageEdge) -> Bool {
    (a.subtype, a.source, a.cause) < (b.subtype, b.source, b.cause)
  }
}

/// Where a table's columns come from, one step back.
public struct TableLineage: Sendable {
  /// A column and what decides on it.
  public struct Column: Sendable {
    public let name: String
    public let isPersonal: Bool
    /// How the query computes it, in short; nil for a column that is copied or that Podium adds.
    public let expression: String?
    /// Where it stands in the source; the table's declaration where that is not known.
    public let location: SourceLocation
    /// Where its value comes from, and what decides on it alone; sorted.
    public let edges: [LineageEdge]
  }

  public let table: TableName
  public let location: SourceLocation
  /// In the order of the stored columns.
  public let columns: [Column]
  /// What decides on which rows there are: edges to all columns; sorted.
  public let rows: [LineageEdge]

  /// The column of a name in any case.
  public func column(_ name: String) -> Column? {
    columns.first { $0.name.lowercased() == name.lowercased() }
  }

  /// The datasets that it reads.
  public var sources: Set<LineageDataset> {
    Set((rows + columns.flatMap(\.edges)).map(\.source.dataset))
  }
}
