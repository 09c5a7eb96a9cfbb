import Engines

/// A column of a result, with what a table must know about its type.
public struct ResultColumn: Hashable, Sendable {
  /// How a table treats the column's values.
  public enum Kind: Hashable, Sendable {
    /// Stands at the right, and is never cut: a cut number would be another number.
    case number
    /// Stands at the left, and is never cut: dates, times, truth values.
    case fixed
    /// Stands at the left, and is cut where room is short.
    case text
    /// Stands at the left, and goes on in further lines where room is short: sentences.
    case prose
  }

  public let name: String
  public let kind: Kind

  public init(_ name: String, _ kind: Kind) {
    self.name = name
    self.kind = kind
  }

  public init(_ name: String, _ type: EngineType) {
    self.init(name, Kind(type))
  }

  public init(_ field: EngineField) {
    self.init(field.name, field.type)
  }
}

extension ResultColumn.Kind {
  init(_ type: EngineType) {
    switch type {
    case .int, .float, .double, .decimal: self = .number
    case .bool, .date, .timestamp, .time: self = .fixed
    case .dictionary(_, let values): self.init(values.type)
    case .null, .text, .binary, .fixedBinary, .interval, .list, .fixedList, .structure, .map:
      self = .text
    }
  }
}
