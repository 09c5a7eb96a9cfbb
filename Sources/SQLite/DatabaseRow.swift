import Basics

/// One row of a result, independent of the statement that gave it.
///
/// A column is read by name or by index from 0. Reading a value as something it is not, or NULL as
/// anything, is an error; the `orNil` forms take NULL too.
public struct DatabaseRow: Hashable, Sendable {
  /// The columns' names, in order.
  public let columns: [String]
  public let values: [DatabaseValue]

  /// The value of a column; where names repeat, of the first.
  public func value(_ column: String) throws(SQLiteError) -> DatabaseValue {
    guard let index = columns.firstIndex(of: column) else {
      throw .noColumn(column, near: nearest(column, in: columns))
    }
    return values[index]
  }

  /// The value of a column by index.
  public func value(_ index: Int) throws(SQLiteError) -> DatabaseValue {
    guard values.indices.contains(index) else { throw .noColumn(String(index), near: nil) }
    return values[index]
  }

  public func int(_ column: some ColumnKey) throws(SQLiteError) -> Int {
    try present(column, intOrNil(column), .integer)
  }

  public func intOrNil(_ column: some ColumnKey) throws(SQLiteError) -> Int? {
    switch try column.value(in: self) {
    case .null: return nil
    case .integer(let value): return Int(value)
    case let other: throw wrong(column, .integer, other)
    }
  }

  /// A number; whole numbers are taken too.
  public func double(_ column: some ColumnKey) throws(SQLiteError) -> Double {
    try present(column, doubleOrNil(column), .real)
  }

  /// A number, or nil for NULL; whole numbers are taken too.
  public func doubleOrNil(_ column: some ColumnKey) throws(SQLiteError) -> Double? {
    switch try column.value(in: self) {
    case .null: return nil
    case .real(let value): return value
    case .integer(let value): return Double(value)
    case let other: throw wrong(column, .real, other)
    }
  }

  public func text(_ column: some ColumnKey) throws(SQLiteError) -> String {
    try present(column, textOrNil(column), .text)
  }

  public func textOrNil(_ column: some ColumnKey) throws(SQLiteError) -> String? {
    switch try column.value(in: self) {
    case .null: return nil
    case .text(let value): return value
    case let other: throw wrong(column, .text, other)
    }
  }

  public func blob(_ column: some ColumnKey) throws(SQLiteError) -> [UInt8] {
    try present(column, blobOrNil(column), .blob)
  }

  public func blobOrNil(_ column: some ColumnKey) throws(SQLiteError) -> [UInt8]? {
    switch try column.value(in: self) {
    case .null: return nil
    case .blob(let value): return value
    case let other: throw wrong(column, .blob, other)
    }
  }

  /// True for any whole number but 0.
  public func bool(_ column: some ColumnKey) throws(SQLiteError) -> Bool {
    try int(column) != 0
  }

  private func present<T>(
    _ column: some ColumnKey, _ value: T?, _ expected: DatabaseValue.Kind
  ) throws(SQLiteError) -> T {
    guard let value else { throw wrong(column, expected, .null) }
    return value
  }

  private func wrong(
    _ column: some ColumnKey, _ expected: DatabaseValue.Kind, _ found: DatabaseValue
  ) -> SQLiteError {
    .wrongKind(column: column.name(in: self), expected: expected, found: found.kind)
  }
}

/// By what a column is read: its name, or its index from 0.
public protocol ColumnKey {
  func value(in row: DatabaseRow) throws(SQLiteError) -> DatabaseValue
  func name(in row: DatabaseRow) -> String
}

extension String: ColumnKey {
  public func value(in row: DatabaseRow) throws(SQLiteError) -> DatabaseValue {
    try row.value(self)
  }
  public func name(in row: DatabaseRow) -> String { self }
}

extension Int: ColumnKey {
  public func value(in row: DatabaseRow) throws(SQLiteError) -> DatabaseValue {
    try row.value(self)
  }
  public func name(in row: DatabaseRow) -> String {
    row.columns.indices.contains(self) ? row.columns[self] : String(self)
  }
}
