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
    /// A file or folder that the engine wanted may not be read or written.
    case permissionDenied
    /// The engine gave data in a layout that Podium does not read.
    case unsupportedData
    /// A server cannot be reached, or was lost while it worked.
    case serverLost
    /// A server did not answer in time.
    case timedOut
    /// The server is none that Podium knows, or too old.
    case wrongServer
  }

  public let code: Code
  /// The engine's own words, which may quote values.
  public let message: String
  /// The statement that failed; empty where there was none.
  public let sql: String

  /// True where there is no engine to ask.
  public var isOfLibrary: Bool { code == .libraryMissing || code == .notADriver }

  /// True where the engine itself is what is wrong, not what it was asked.
  public var isOfEngine: Bool {
    isOfLibrary || [.serverLost, .timedOut, .wrongServer].contains(code)
  }

  /// True where a server was lost, so that the same may succeed a little later.
  public var mayPass: Bool { code == .serverLost }

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
    case .libraryMissing:
      "the engine's library could not be loaded: \(message). Type 'make setup', or name another one "
        + "with \(variable)."
    case .notADriver:
      "the engine's library is no ADBC driver: \(message). Type 'make setup', or name another one with "
        + "\(variable)."
    case .statement: message
    case .cancelled: "the statement was cancelled"
    case .outOfMemory: "the engine ran out of memory: \(message)"
    case .diskFull: "the disk is full: \(message)"
    case .permissionDenied:
      message.contains("/spill/")
        ? "the engine needs more memory than it may use, and may not put the rest on disk: \(message). "
          + "Let it use more with PODIUM_MEMORY_LIMIT, or work as a user who may write to the lake."
        : "the engine may not do what it is asked: \(message). Work as the user whom that belongs to, "
          + "or have the rights given."
    case .unsupportedData: "the engine gave data that Podium does not read: \(message)"
    case .serverLost:
      "\(message). Start it, or name another one with --engine or PODIUM_ENGINE "
        + "(duckdb computes here); then run again."
    case .timedOut:
      "\(message). Give it more time with PODIUM_ENGINE_TIMEOUT, such as 2h, or more workers."
    case .wrongServer: message
    }
  }

  /// The variable that names the library.
  private var variable: String {
    message.contains("spark") ? SparkConnect.libraryVariable : "PODIUM_DUCKDB"
  }
}
