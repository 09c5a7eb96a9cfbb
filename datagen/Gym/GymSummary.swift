import Basics

/// What a call of the generator has written.
public struct GymSummary: Sendable {
  /// The files of one source.
  public struct Written: Hashable, Sendable {
    public let source: GymSource
    /// Files written by this call.
    public let files: Int
    /// Rows in them, faults included.
    public let rows: Int
    /// Bytes in them, after compression.
    public let bytes: Int
  }

  public let settings: GymSettings
  /// Days complete now, those of earlier calls included.
  public let days: Int
  /// The days that this call has written.
  public let daysWritten: Int
  /// One entry for each source asked for, in the order of `GymSource.allCases`.
  public let sources: [Written]
  /// The contents of `_truth/truth.json`.
  public let truth: JSON
  /// The contents of `_truth/expected.json`.
  public let expected: JSON

  /// Rows written by this call.
  public var rows: Int { sources.reduce(0) { $0 + $1.rows } }
}
