import Basics
import Podium

/// What is wrong with a table that is written in a test; lines are those of its text, from 1.
enum TableTextError: Error, Hashable, Sendable {
  case noColumns
  case namelessColumn(line: Int)
  case repeatedColumn(String, line: Int)
  case cells(Int, columns: Int, line: Int)
  case openQuote(line: Int)
  case afterQuote(line: Int)
  case unknownColumn(String, known: [String])
  case value(String, column: String, type: ColumnType, line: Int)
  case missingKey([String], of: TableName)
  case repeatedKey([String], line: Int, first: Int)
}

extension TableTextError: CustomStringConvertible {
  var description: String {
    switch self {
    case .noColumns:
      "it is empty: write a line of column names, apart by ' | ', and a line for each row"
    case .namelessColumn(let line):
      "line \(line): a column has no name; '|' stands between columns, not around them"
    case .repeatedColumn(let name, let line):
      "line \(line): the column '\(name)' stands there twice"
    case .cells(let cells, let columns, let line):
      "line \(line): \(counted(cells, "cell")) for \(counted(columns, "column")); a text with a '|' "
        + "needs quotes, and a cell without a value is NULL"
    case .openQuote(let line):
      "line \(line): a text that begins with '\"' does not end; a '\"' inside quotes is written twice"
    case .afterQuote(let line):
      "line \(line): after a text in quotes only '|' or the end can follow"
    case .unknownColumn(let name, let known):
      "there is no column '\(name)'." + didYouMean(name, in: known)
        + " It has \(known.joined(separator: ", "))"
    case .value(let text, let column, let type, let line):
      "line \(line): '\(text)' is no \(type.sql) (column '\(column)'); \(type.spelling)"
    case .missingKey(let columns, let table):
      "rows of \(table) are merged by key, so name \(columns.joined(separator: ", ")) too"
    case .repeatedKey(let columns, let line, let first):
      "line \(line): \(columns.joined(separator: ", ")) as on line \(first), and rows are merged by "
        + "key; give a later state of a row by a 'given' of its own"
    }
  }
}

extension ColumnType {
  /// How values of the type are written in a test.
  fileprivate var spelling: String {
    switch self {
    case .string: "write any text"
    case .int: "write whole numbers such as 12"
    case .double: "write numbers such as 1.5"
    case .decimal(let precision, let scale):
      "write up to \(precision - scale) digits and up to \(scale) after the point"
    case .bool: "write true or false"
    case .date: "write dates such as 2025-01-31"
    case .timestamp: "write times such as 2025-01-31T18:00:00Z"
    }
  }
}

/// What cannot be tested as it was asked for.
enum TableTestError: Error, Sendable {
  case text(TableTextError, about: String, place: String)
  case notAnInput(TableName, of: TableName, known: [TableName], place: String)
  case bronzeOnlyGrows(TableName, place: String)
  case noRowsBefore(TableName, write: String, place: String)
  case lateBefore(place: String)
  case date(String, place: String)
  /// Rows that nothing reads, since the tables behind have rows of their own.
  case unread(TableName, behind: [TableName], place: String)
  /// Rows of which nothing says when they became known.
  case unknownTime(TableName, place: String)
}

extension TableTestError: CustomStringConvertible {
  /// On lines of its own, since the test's name stands in front of it.
  var description: String { "\n" + folded(sentence) }

  private var sentence: String {
    switch self {
    case .text(let error, let about, let place): "\(place): \(about): \(error)."
    case .notAnInput(let name, let table, let known, let place):
      "\(place): \(table) does not read \(name), directly or by way of others. It reads "
        + known.map(\.description).joined(separator: ", ") + "."
    case .bronzeOnlyGrows(let name, let place):
      "\(place): \(name) is bronze, which only grows: give it new rows, without 'whole:'."
    case .noRowsBefore(let name, let write, let place):
      "\(place): \(name) is \(write), which is computed from all rows of its inputs: give the earlier "
        + "rows to its inputs and 'run()', then the new ones."
    case .lateBefore(let place): "\(place): 'before' comes first, ahead of rows of inputs and runs."
    case .unread(let name, let behind, let place):
      "\(place): nothing reads the rows of \(name), since "
        + "\(behind.map(\.description).joined(separator: " and ")) got rows, too. Give rows to one "
        + "of them."
    case .unknownTime(let name, let place):
      "\(place): 'knownOn' does not say when rows of \(name) became known: name a column of days or "
        + "instants for it."
    case .date(let text, let place): "\(place): '\(text)' is no date; write it as 2025-01-31."
    }
  }
}
