import Storage

/// How a landing file holds its records, as its name tells.
public struct LandingFormat: Hashable, Sendable {
  /// The text inside the compression.
  public enum Records: String, Hashable, Sendable, CaseIterable {
    /// RFC 4180 with a header line.
    case csv
    /// One array of objects, or one object.
    case json
    /// One object on each line.
    case ndjson
  }

  public let records: Records
  public let compression: Compression

  public init(_ records: Records, _ compression: Compression = .none) {
    self.records = records
    self.compression = compression
  }

  /// The format by the end of a file's name, in any case.
  public init(fileName: String) throws(LandingError) {
    var parts = lastPathComponent(fileName).lowercased().split(
      separator: ".", omittingEmptySubsequences: false)
    var compression = Compression.none
    switch parts.last {
    case "gz": compression = .gzip
    case "lz4": compression = .lz4
    default: break
    }
    if compression != .none { parts.removeLast() }
    let ending = parts.count > 1 ? parts.last.map(String.init) : nil
    guard let ending, let records = LandingFormat.endings.first(where: { $0.0 == ending })?.1 else {
      throw LandingError(fileName, .unknownFormat(known: LandingFormat.knownEndings))
    }
    self.init(records, compression)
  }

  private static let endings: [(String, Records)] = [
    ("csv", .csv), ("json", .json), ("ndjson", .ndjson), ("jsonl", .ndjson),
  ]

  /// All endings that are understood, plain ones first.
  public static let knownEndings: [String] = ["", ".gz", ".lz4"].flatMap { compression in
    endings.map { ".\($0.0)\(compression)" }
  }
}
