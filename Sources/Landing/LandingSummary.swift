import Storage

/// What a file turned out to hold, known when it was read to its end.
public struct LandingSummary: Hashable, Sendable {
  /// Rows handed out.
  public let records: Int64
  /// Hash and size of the bytes that were really read, before decompression.
  ///
  /// Where it differs from `ObjectStore.contentHash(_:)` of another moment, the file has changed.
  public let content: ContentHash
  public let notes: [LandingNote]

  public init(records: Int64, content: ContentHash, notes: [LandingNote]) {
    self.records = records
    self.content = content
    self.notes = notes
  }
}

/// How the reading of one file ended.
public struct LandingOutcome: Hashable, Sendable {
  /// The file's path, as it was given to the reader.
  public let file: String
  /// What the file held, or why it was refused; then rows of it may have been handed out already.
  public let result: Result<LandingSummary, LandingError>

  public init(file: String, result: Result<LandingSummary, LandingError>) {
    self.file = file
    self.result = result
  }
}
