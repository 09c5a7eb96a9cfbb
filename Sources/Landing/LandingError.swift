import Storage

/// Why a landing file was refused, always as a whole.
///
/// It holds places, counts and names of columns; never anything that a record holds.
public struct LandingError: Error, Hashable, Sendable {
  /// The file's path, as it was given to the reader.
  public let file: String
  public let reason: Reason

  public init(_ file: String, _ reason: Reason) {
    self.file = file
    self.reason = reason
  }

  /// A place in the text of a file, after decompression.
  public struct Place: Hashable, Sendable {
    /// The physical line, counted from 1.
    public let line: Int64
    /// The byte of the line, counted from 1.
    public let column: Int64

    public init(line: Int64, column: Int64) {
      self.line = line
      self.column = column
    }
  }

  /// What is wrong, with the facts to find it.
  public enum Reason: Hashable, Sendable {
    /// The store could not hand out the bytes.
    case unreadable(StorageError)
    /// The name has no ending that tells the format.
    case unknownFormat(known: [String])
    /// The compressed bytes are torn or damaged.
    case badCompression(CompressionError)
    /// The file holds no value at all where its format asks for one.
    case empty
    /// The text ends inside a record or before the array is closed.
    case cut(Place)
    /// The text ends inside quotes, which were opened here.
    case unterminatedQuote(Place)
    case invalidUTF8(Place)
    /// A NUL character, written as such or as an escape.
    case nulCharacter(Place)
    case invalidJSON(JSONProblem, Place)
    /// Text between a closing quote and the next separator.
    case strayAfterQuote(Place)
    /// A carriage return outside quotes without a newline after it.
    case strayCarriageReturn(Place)
    /// A record with more or fewer fields than the header.
    case ragged(line: Int64, expected: Int, found: Int)
    /// A record of more bytes than a record may have.
    case recordTooLong(line: Int64, limit: Int)
    /// No column of the header is declared.
    ///
    /// `found` is empty where the header line does not look like names, since it may be a record.
    case headerMismatch(expected: [String], found: [String], columns: Int)
    /// No member of any JSON record is declared; how many names the members have.
    ///
    /// `found` is empty where they do not look like names, since they may be values.
    case memberMismatch(expected: [String], found: [String], members: Int)
    /// Two columns of the header, counted from 1, have one name.
    ///
    /// `name` is nil where the header line does not look like names, since it may be a record.
    case duplicateHeader(name: String?, columns: [Int])
    case tooManyColumns(limit: Int)
  }

  /// What is wrong with a JSON record.
  public enum JSONProblem: Hashable, Sendable {
    /// The line ends inside the object.
    case lineEnds
    case unexpectedByte
    case invalidEscape
    case invalidNumber
    case tooDeep(limit: Int)
    /// Text after the object, or after the array.
    case trailingBytes
    /// A record that is an array, a text, a number or a literal.
    case notAnObject
    /// A second object after the one that is the whole of a `.json` file.
    case severalObjects
  }

  /// A coarse class of reasons, stable over versions.
  public enum Code: String, Hashable, Sendable, CaseIterable {
    /// The bytes could not be had; another try may help.
    case unreadable
    case unknownFormat = "unknown_format"
    /// The file ends too early: an upload that was cut or is not done yet.
    case torn
    /// The compressed bytes are damaged.
    case corrupt
    /// The text breaks the rules of its format.
    case malformed
    /// The header, or the names of the members, do not fit the declared fields.
    case headerMismatch = "header_mismatch"
  }

  public var code: Code {
    switch reason {
    case .unreadable: .unreadable
    case .unknownFormat: .unknownFormat
    case .badCompression(let error):
      switch error.code {
      case .empty, .truncated: .torn
      default: .corrupt
      }
    case .empty, .cut, .unterminatedQuote: .torn
    case .headerMismatch, .memberMismatch, .duplicateHeader, .tooManyColumns: .headerMismatch
    default: .malformed
    }
  }

  /// Where in the text it was found, as far as that is known.
  public var place: (line: Int64, column: Int64?)? {
    switch reason {
    case .cut(let place), .unterminatedQuote(let place), .invalidUTF8(let place),
      .nulCharacter(let place), .invalidJSON(_, let place), .strayAfterQuote(let place),
      .strayCarriageReturn(let place):
      (place.line, place.column)
    case .ragged(let line, _, _), .recordTooLong(let line, _): (line, nil)
    default: nil
    }
  }

  /// True where the same file may be read later without anybody's help.
  public var retryable: Bool {
    if case .unreadable(let error) = reason { return error.retryable }
    return false
  }
}
