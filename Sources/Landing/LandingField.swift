import Basics

/// One declared field of a landing source: a text column of the bronze table.
public struct LandingField: Hashable, Sendable {
  /// The column's name in bronze.
  public let name: String
  /// The CSV header or JSON member that it is read from.
  public let source: String
  /// The header or member that it is read from where a file does not have that one.
  public let otherwise: String?

  /// A column and where it is read from, by default a header or member of the same name.
  public init(_ name: String, source: String? = nil, otherwise: String? = nil) {
    self.name = name
    self.source = source ?? name
    self.otherwise = otherwise
  }
}

/// The columns of landing batches: the declared fields in their order, then three of our own.
public enum LandingColumns {
  /// A JSON object of what the file holds and no field declares; NULL where there is nothing.
  public static let rescued = "_rescued"
  /// Which file the row is from: its place in the reader's list, counted from 0.
  public static let file = "_file_number"
  /// The physical line, counted from 1, on which the record begins.
  public static let line = "_line"

  /// Names and kinds of all columns of a batch.
  public static func all(
    for fields: [LandingField]
  ) -> [(name: String, kind: ColumnBuffer.Kind)] {
    fields.map { ($0.name, .text) } + [(rescued, .text), (file, .int64), (line, .int64)]
  }
}
