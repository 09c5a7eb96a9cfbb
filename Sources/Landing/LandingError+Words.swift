import Basics
import Storage

extension LandingError: CustomStringConvertible {
  public var description: String {
    let place =
      switch self.place {
      case (let line, let column?)?: ", line \(line), byte \(column)"
      case (let line, nil)?: ", line \(line)"
      case nil: ""
      }
    let (what, next) = words
    return "\(file)\(place): \(what)" + (next.isEmpty ? "" : "; \(next)")
  }

  /// What happened, and what to do next.
  private var words: (what: String, next: String) {
    switch reason {
    case .unreadable(let error): ("\(error)", LandingError.nextStep(error))
    case .unknownFormat(let known):
      (
        "the name does not tell a format that Podium reads",
        "name it with one of \(known.joined(separator: ", "))"
      )
    case .badCompression(let error): ("\(error)", LandingError.uploadAgain)
    case .empty: ("the file holds no record and no array", LandingError.uploadAgain)
    case .cut: ("the file ends inside a record", LandingError.uploadAgain)
    case .unterminatedQuote:
      ("a quote that is opened here is never closed", LandingError.uploadAgain)
    case .invalidUTF8: ("bytes that are not UTF-8", "export the file as UTF-8")
    case .nulCharacter: ("a NUL character, which no table can hold", "remove it at the source")
    case .invalidJSON(let problem, _): problem.words
    case .strayAfterQuote:
      ("text after a closing quote", "double the quotes inside quoted fields")
    case .strayCarriageReturn:
      ("a carriage return without a newline", "end lines with LF or CRLF, or quote the field")
    case .ragged(_, let expected, let found):
      (
        "the header has \(counted(expected, "field")), this record has \(found)",
        "quote fields that hold separators; a last record that is too short may be a cut upload"
      )
    case .recordTooLong(_, let limit):
      (
        "a record of more than \(limit / (1 << 20)) MB",
        "look for a quote that is not closed or a missing newline"
      )
    case .headerMismatch(let expected, let found, let columns):
      LandingError.mismatch(expected, found, columns)
    case .memberMismatch(let expected, let found, let members):
      LandingError.mismatch(expected, found, members: members)
    case .duplicateHeader(let name?, let columns):
      (
        "the header names '\(shortened(name))' twice, in columns \(places(columns))",
        "give every column a name of its own"
      )
    case .duplicateHeader(nil, let columns):
      (
        "columns \(places(columns)) of the first line have the same text, which is not shown since "
          + "the line may be a record",
        "give every column a name of its own, or add a header line"
      )
    case .tooManyColumns(let limit):
      ("the header has more than \(limit) columns", "look for a missing newline after it")
    }
  }

  private static func nextStep(_ error: StorageError) -> String {
    switch error.code {
    case .notFound: "upload it again, or remove the link that leads nowhere"
    case .linkLoop: "remove the link"
    case .isAFolder: "give the folder a name that does not end like a file's"
    case .permissionDenied: "let the user that this runs as read it"
    default: "put a file that can be read in its place"
    }
  }

  private func places(_ columns: [Int]) -> String {
    columns.map(String.init).joined(separator: " and ")
  }

  private static let uploadAgain = "upload the file again, whole"

  private static func mismatch(
    _ expected: [String], _ found: [String], _ columns: Int
  ) -> (String, String) {
    let wanted = "no column of the header is one of \(quoted(expected))"
    guard !found.isEmpty else {
      return (
        "\(wanted); its \(counted(columns, "field")) do not look like names",
        "add a header line"
      )
    }
    return ("\(wanted); found \(quoted(found))", otherNames)
  }

  private static func mismatch(
    _ expected: [String], _ found: [String], members: Int
  ) -> (String, String) {
    let wanted = "no record has a member of \(quoted(expected))"
    if members == 0 { return ("\(wanted), nor any other", uploadAgain) }
    return (
      found.isEmpty
        ? "\(wanted), but of \(counted(members, "other name"))"
        : "\(wanted); found \(quoted(found))",
      otherNames
    )
  }

  private static let otherNames =
    "declare the file's own names as sources, or move it to the folder of its table"
}

extension LandingError.JSONProblem {
  var words: (what: String, next: String) {
    switch self {
    case .lineEnds: ("the line ends inside the object", "write each object on one line, whole")
    case .unexpectedByte: ("a character that JSON does not allow here", "")
    case .invalidEscape: ("an escape that JSON does not know", "")
    case .invalidNumber: ("a number that JSON does not allow", "")
    case .tooDeep(let limit): ("values nested more than \(limit) deep", "")
    case .trailingBytes: ("text after the end of the value", "")
    case .notAnObject:
      ("a record that is not an object", "a file that is one array is named .json")
    case .severalObjects:
      (
        "a second object after the end of the first",
        "a file of one object on each line is named .ndjson"
      )
    }
  }
}

/// Up to ten names in quotes, and how many more there are.
func quoted(_ names: [String]) -> String {
  let shown = names.prefix(10).map { "'\(shortened($0))'" }.joined(separator: ", ")
  return names.count > 10 ? "\(shown) and \(names.count - 10) more" : shown
}

/// A name cut to a length that fits a line.
func shortened(_ name: String) -> String {
  name.unicodeScalars.count <= 64
    ? name : String(String.UnicodeScalarView(name.unicodeScalars.prefix(63))) + "…"
}
