import Basics

/// Why a mapping of headers cannot be used.
public struct MappingError: Error, Hashable, Sendable {
  /// The file.
  public let file: String
  public let reason: Reason

  public init(_ file: String, _ reason: Reason) {
    self.file = file
    self.reason = reason
  }

  /// What is wrong, with the facts to mend it.
  public enum Reason: Hashable, Sendable {
    /// The file cannot be read, or is too large.
    case unreadable
    case noJSON(JSONError.Reason, line: Int)
    case noObject
    case unknownMember(String, known: [String])
    case noTable
    case noColumns
    /// What stands behind a header is no text.
    case noColumnName(header: String)
    case repeatedHeader(String)
    case twoHeaders(column: String, [String])
    case otherTable(String, expected: String)
    case unknownColumn(String, header: String, table: String, known: [String])
    /// Columns without which rows of a table are set aside, each with the table.
    case missingColumns([Need])
  }

  /// A column that another table's rows cannot do without.
  public struct Need: Hashable, Sendable {
    public let column: String
    public let table: String
    /// The header that may be it; nil where none is alike.
    public let meant: String?

    public init(_ column: String, for table: String, meant: String?) {
      self.column = column
      self.table = table
      self.meant = meant
    }
  }
}

extension MappingError: CustomStringConvertible {
  public var description: String { "\(printable(file)): \(words)" }

  private var words: String {
    switch reason {
    case .unreadable: "the mapping cannot be read. Make it a file of less than 1 MB, or remove it."
    case .noJSON(let reason, let line): "line \(line): \(reason.rawValue). Mend it, or remove it."
    case .noObject: "the mapping is no JSON object. \(MappingError.form)"
    case .unknownMember(let name, let known):
      "there is no '\(printable(name))' in a mapping.\(didYouMean(name, in: known)) "
        + MappingError.form
    case .noTable: "'table' does not name a table. \(MappingError.form)"
    case .noColumns: "'columns' is no object of headers and columns. \(MappingError.form)"
    case .noColumnName(let header):
      "the header '\(printable(header))' has no column's name. List it under 'unmapped' to leave it "
        + "out."
    case .repeatedHeader(let header):
      "the header '\(printable(header))' stands twice. A header is one column."
    case .twoHeaders(let column, let headers):
      "the headers \(headers.map { "'\(printable($0))'" }.joined(separator: " and ")) are both "
        + "'\(printable(column))'. Leave one, and list the other under 'unmapped'."
    case .otherTable(let table, let expected):
      "it is a mapping for '\(printable(table))', and the folder is \(expected)'s."
    case .unknownColumn(let column, let header, let table, let known):
      "'\(printable(header))' is mapped to '\(printable(column))', which \(table) does not have."
        + didYouMean(column, in: known) + " It has \(known.joined(separator: ", "))."
    case .missingColumns(let needs):
      "no header is "
        + needs.map { need in
          "'\(need.column)', without which rows do not get into \(need.table)"
            + (need.meant.map { " (is it '\(printable($0))'?)" } ?? "")
        }.joined(separator: ", nor ") + ". Add the header to 'columns'."
    }
  }

  private static let form =
    "A mapping is {\"table\": \"bronze.x\", \"columns\": {\"Header\": \"column\"}}."
}
