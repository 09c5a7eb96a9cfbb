/// Why an engine could not do what it was asked.
public struct EngineError: Error, Hashable, Sendable {
  /// A coarse, stable code that callers may match.
  public enum Code: Hashable, Sendable {
    /// The engine's library could not be found or opened.
    case libraryMissing
    /// The library is there but speaks no ADBC.
    case notADriver
    /// The engine refused or failed a statement.
    case statement
    /// The statement was cancelled.
    case cancelled
    /// Memory or spill space ran out.
    case outOfMemory
    /// The disk is full.
    case diskFull
    /// The engine gave data in a layout that Podium does not read.
    case unsupportedData
  }

  public let code: Code
  /// The engine's own words, which may quote values.
  public let message: String
  /// The statement that failed; empty where there was none.
  public let sql: String

  public init(_ code: Code, _ message: String, sql: String = "") {
    self.code = code
    self.message = message
    self.sql = sql
  }
}

extension EngineError: CustomStringConvertible {
  /// What happened, without values that the engine quoted, which may be somebody's, and without the
  /// statement, which seldom is what somebody typed.
  public var description: String { words(EngineMessage(self).what) }

  /// What happened, with the line of the statement where it did: for statements that somebody typed.
  public var excerpted: String { words(EngineMessage(self).text()) }

  private func words(_ message: String) -> String {
    switch code {
    case .libraryMissing: "the engine's library could not be loaded: \(message)"
    case .notADriver: "the library is no ADBC driver: \(message)"
    case .statement: message
    case .cancelled: "the statement was cancelled"
    case .outOfMemory: "the engine ran out of memory: \(message)"
    case .diskFull: "the disk is full: \(message)"
    case .unsupportedData: "the engine gave data that Podium does not read: \(message)"
    }
  }
}
