/// One of the three layers a table may lie in.
public enum Layer: String, Hashable, Sendable, CaseIterable, Comparable {
  /// Rows as the sources sent them.
  case bronze
  /// Typed, cleaned and merged rows.
  case silver
  /// Tables that people ask.
  case gold

  /// Bronze comes before silver, silver before gold.
  public static func < (a: Layer, b: Layer) -> Bool { a.rank < b.rank }

  private var rank: Int {
    switch self {
    case .bronze: 0
    case .silver: 1
    case .gold: 2
    }
  }
}

/// A table's full name, such as `silver.members`.
public struct TableName: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The layer; nil where the text before the dot names none.
  public let layer: Layer?
  /// The part after the dot.
  public let base: String
  private let full: String

  /// Takes a name apart; `Table.problems` reports a name without a layer.
  public init(_ full: String) {
    self.full = full
    let parts = full.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    layer = parts.count == 2 ? Layer(rawValue: String(parts[0])) : nil
    base = String(parts.last ?? "")
  }

  /// Names are ordered by layer, then by letters.
  public static func < (a: TableName, b: TableName) -> Bool {
    a.layer == b.layer ? a.full < b.full : (a.layer ?? .gold) < (b.layer ?? .gold)
  }

  /// The name as it is written, `layer.base`.
  public var description: String { full }

  /// The most letters that the part after the dot may have: folders and files are called by it, and
  /// those of a quarantine or a test have longer names.
  public static let longest = 128

  /// Why no table can have the name, as a sentence; nil for one that it can have.
  public var problem: String? {
    guard layer != nil, TableName.isPlain(base) else {
      return
        "a table is called layer.name: bronze, silver or gold, then lower-case letters, digits and "
        + "underscores, the first of them a letter."
    }
    guard base.utf8.count <= TableName.longest else {
      return
        "its name has \(base.utf8.count) letters after the dot; \(TableName.longest) are the most, since "
        + "folders and files are called by it."
    }
    guard layer != .silver || !["files", "dropped"].contains(base) else {
      return "its quarantine would be called quarantine.\(base), which is a table of Podium's own."
    }
    return nil
  }

  /// True for lower-case letters, digits and underscores that begin with a letter.
  public static func isPlain(_ name: String) -> Bool {
    guard let first = name.utf8.first, (0x61...0x7A).contains(first) else { return false }
    return name.utf8.allSatisfy {
      (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
    }
  }
}
