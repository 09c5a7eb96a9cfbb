import Basics

/// Something about a file that did not hinder reading it and that somebody may want to know.
public enum LandingNote: Hashable, Sendable {
  /// The fields of a CSV file are not separated by commas.
  case delimiter(Character)
  /// A declared header or member that the file does not have: its column is NULL in all rows.
  case missingColumn(String, meant: String?)
  /// A header or member that is not declared, kept in `_rescued`, and in how many records it had
  /// a value.
  case unknownColumn(String, records: Int64, meant: String?)
  /// Further names that are not declared.
  case moreUnknownColumns(Int)
  /// A header or member that is the declared one but for case and surrounding spaces.
  case looseMatch(declared: String, header: String)
  /// A declared header or member that fits several of the file, or of a record, but for case and
  /// spaces, so none was taken.
  case ambiguousColumn(String)
  /// The last line of a CSV file has no newline at its end: the file may have been cut there.
  case noFinalNewline
  /// The file has no byte; it may be one that is only begun.
  case noBytes
}

extension LandingNote: CustomStringConvertible {
  public var description: String {
    switch self {
    case .delimiter(let character):
      return "fields are separated by \(character == "\t" ? "a tab" : "'\(character)'")"
    case .missingColumn(let name, let meant):
      return "there is no column '\(shortened(name))'"
        + (meant.map { "; is it '\(shortened($0))'?" } ?? "")
    case .unknownColumn(let name, let records, let meant):
      return
        "column '\(shortened(name))' is not declared, \(counted(Int(records), "value")) rescued"
        + (meant.map { ". Did you mean '\(shortened($0))'?" } ?? "")
    case .moreUnknownColumns(let count):
      return "\(counted(count, "further column")) not declared"
    case .looseMatch(let declared, let header):
      return "column '\(shortened(header))' was read as '\(shortened(declared))'"
    case .ambiguousColumn(let name):
      return "several columns could be '\(shortened(name))', so none was taken"
    case .noFinalNewline:
      return "the last line has no newline at its end"
    case .noBytes:
      return "the file has 0 bytes; what comes into it later is taken"
    }
  }
}

extension LandingNote {
  private static let mostUnknown = 20

  /// Notes on columns that a file lacks or that are not declared, each with the other column that
  /// it may have been meant to be.
  static func columns(
    missing: [String], unknown: [(name: String, records: Int64)]
  ) -> [LandingNote] {
    // Comparing costs the product of the lengths: only names of a usual length, and not too many.
    let unknownNames = unknown.prefix(200).map(\.name).filter { $0.utf8.count <= 64 }
    let missingNames = missing.prefix(200).filter { $0.utf8.count <= 64 }
    func near(_ name: String, _ others: [String]) -> String? {
      name.utf8.count <= 64 ? nearest(name, in: others) : nil
    }
    var notes: [LandingNote] = missing.map { name in
      .missingColumn(name, meant: near(name, unknownNames))
    }
    notes += unknown.prefix(mostUnknown).map { column in
      .unknownColumn(column.name, records: column.records, meant: near(column.name, missingNames))
    }
    if unknown.count > mostUnknown {
      notes.append(.moreUnknownColumns(unknown.count - mostUnknown))
    }
    return notes
  }
}
