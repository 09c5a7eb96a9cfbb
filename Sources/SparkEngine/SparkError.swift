import Basics
import Engines

/// Why a server's work cannot be taken.
public enum SparkError: Error, Hashable, Sendable {
  /// A server did not find files, or found others.
  case rowsMissing(files: [String], found: Int64?, expected: Int64, server: SparkAddress)
  /// The server wrote another number of rows than it told.
  case rowsLost(written: Int64, told: Int64, server: SparkAddress)
}

extension SparkError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .rowsMissing(let files, let found, let expected, let server):
      "the server at \(server) sees \(found.map { grouped($0) } ?? "no count") of "
        + "\(counted(expected, "row")) of \(counted(Int64(files.count), "file")), such as "
        + "\(files.first ?? ""). Nothing was computed from them. Its workers must reach the lake under "
        + "the same paths, and may have to be given the rights to read it; or compute with --engine "
        + "duckdb."
    case .rowsLost(let written, let told, let server):
      "the server at \(server) wrote \(counted(written, "row")) and told of \(grouped(told)). "
        + "Nothing was committed. Its workers must write to the lake under the same paths."
    }
  }
}
