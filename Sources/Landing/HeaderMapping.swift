import Basics
import Storage

/// Which header of a source's files is which column of the table that takes them in.
///
/// It is the file `_mapping.json` in the landing folder, written to be edited:
/// `{"table": "bronze.members", "columns": {"E-Mail Address": "email"}, "unmapped": ["Locker"]}`.
/// Columns that it does not name are read from the headers that the table declares. Headers that
/// neither names are rescued; `unmapped` only lists them.
public struct HeaderMapping: Hashable, Sendable {
  /// A header and its column.
  public struct Pair: Hashable, Sendable {
    public let header: String
    public let column: String

    public init(_ header: String, _ column: String) {
      self.header = header
      self.column = column
    }
  }

  /// The file's name in a landing folder; names with `_` in front are no source's.
  public static let fileName = "_mapping.json"
  /// The most bytes that such a file may have.
  static let mostBytes: Int64 = 1 << 20

  /// The table's full name.
  public let table: String
  public let pairs: [Pair]
  /// Headers of the file it was made from that go to no column.
  public let unmapped: [String]

  public init(table: String, pairs: [Pair], unmapped: [String] = []) {
    self.table = table
    self.pairs = pairs
    self.unmapped = unmapped
  }

  /// The header that a column is read from; nil where that is the declared one.
  public func header(of column: String) -> String? {
    pairs.first { $0.column == column }?.header
  }

  /// What changes whenever the mapping means something else, 63 bits.
  public var fingerprint: Int64 {
    let parts = pairs.map { "\($0.header)\u{1F}\($0.column)" }.sorted()
    return ContentHash(of: Array(parts.joined(separator: "\u{1E}").utf8)).value
  }

  /// The fields of a table as its files have them.
  public func fields(_ declared: [LandingField]) -> [LandingField] {
    declared.map { field in
      guard let header = header(of: field.name), header != field.source else { return field }
      return LandingField(field.name, source: header, otherwise: field.source)
    }
  }

  /// The text of the file, a member a line.
  public var text: String {
    func list(_ lines: [String], _ open: String, _ close: String) -> String {
      lines.isEmpty ? open + close : "\(open)\n\(lines.joined(separator: ",\n"))\n  \(close)"
    }
    let columns = pairs.map {
      "    \(JSON.string($0.header).text): \(JSON.string($0.column).text)"
    }
    return """
      {
        "table": \(JSON.string(table).text),
        "columns": \(list(columns, "{", "}")),
        "unmapped": \(list(unmapped.map { "    \(JSON.string($0).text)" }, "[", "]"))
      }

      """
  }
}

extension HeaderMapping {
  /// The mapping of a landing folder; nil where it has none.
  public static func read(
    _ landing: any ObjectStore, folder: String
  ) throws(MappingError) -> HeaderMapping? {
    let path = "\(folder)/\(fileName)"
    var bytes: [UInt8]?
    do throws(StorageError) {
      guard let file = try landing.info(path) else { return nil }
      if file.size <= mostBytes { bytes = try landing.read(path) }
    } catch {
      throw MappingError("landing/\(path)", .unreadable)
    }
    guard let bytes else { throw MappingError("landing/\(path)", .unreadable) }
    return try HeaderMapping(parsing: bytes, "landing/\(path)")
  }

  /// Reads the text of such a file.
  /// - Parameter file: what errors call it.
  public init(parsing bytes: [UInt8], _ file: String) throws(MappingError) {
    let json: JSON
    do throws(JSONError) { json = try JSON(parsing: bytes) } catch {
      let line = bytes.prefix(error.offset).reduce(1) { $1 == ASCII.newline ? $0 + 1 : $0 }
      throw MappingError(file, .noJSON(error.reason, line: line))
    }
    guard let members = json.object else { throw MappingError(file, .noObject) }
    let known = ["table", "columns", "unmapped"]
    for member in members where !known.contains(member.name) {
      throw MappingError(file, .unknownMember(member.name, known: known))
    }
    guard let table = json["table"]?.string else { throw MappingError(file, .noTable) }
    guard let columns = json["columns"]?.object else { throw MappingError(file, .noColumns) }
    var pairs: [Pair] = []
    for member in columns {
      guard let column = member.value.string else {
        throw MappingError(file, .noColumnName(header: member.name))
      }
      if pairs.contains(where: { $0.header == member.name }) {
        throw MappingError(file, .repeatedHeader(member.name))
      }
      if let other = pairs.first(where: { $0.column == column }) {
        throw MappingError(file, .twoHeaders(column: column, [other.header, member.name]))
      }
      pairs.append(Pair(member.name, column))
    }
    self.init(
      table: table, pairs: pairs, unmapped: (json["unmapped"]?.array ?? []).compactMap(\.string))
  }

  /// Refuses a mapping that is another table's, or names a column that the table does not have.
  public func check(
    _ file: String, table name: String, columns known: [String]
  ) throws(MappingError) {
    guard table == name else { throw MappingError(file, .otherTable(table, expected: name)) }
    for pair in pairs where !known.contains(pair.column) {
      throw MappingError(
        file, .unknownColumn(pair.column, header: pair.header, table: name, known: known))
    }
  }
}
