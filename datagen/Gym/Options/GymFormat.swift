import Basics

/// How the rows of a source are laid out in its files.
public enum GymFormat: String, CaseIterable, Hashable, Sendable {
  /// One JSON object a line.
  case ndjson
  /// One JSON object a line, the file compressed into one LZ4 frame with size and checksum.
  case ndjsonLZ4 = "ndjson.lz4"
  /// A header, then one record a line; fields with a comma, quote or newline are quoted.
  case csv
  /// One array, one object a line.
  case json

  /// The format of a name such as `ndjson.lz4`.
  /// - Throws: `GymError.unknownName` for any other name.
  public init(named name: String) throws(GymError) {
    guard let format = GymFormat(rawValue: name) else {
      throw .unknownName(.format, given: name, known: GymFormat.allCases.map(\.rawValue))
    }
    self = format
  }
}
