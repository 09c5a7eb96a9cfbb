import Engines

/// A connection to the engine together with the names given away on it.
///
/// For one thread at a time.
public final class EngineSession {
  /// The engine's connection.
  public let connection: EngineConnection
  private var names = 0

  public init(_ connection: EngineConnection) { self.connection = connection }

  /// A name for a temporary table or view that nothing else has.
  public func temporaryName(_ about: String) -> String {
    names += 1
    return "podium_\(about)_\(names)"
  }

  /// Creates a temporary table of a query's rows, under a new name.
  public func stage(_ about: String, as query: String) throws(EngineError) -> String {
    let name = temporaryName(about)
    try connection.execute("CREATE TEMP TABLE \(name) AS \(query)")
    return name
  }

  /// Removes a temporary table; no error where there is none.
  public func drop(table name: String) {
    try? connection.execute("DROP TABLE IF EXISTS \(name)")
  }

  /// The first row's values.
  public func row(_ sql: String) throws(EngineError) -> [Value] {
    try connection.query(sql).rows().first ?? []
  }

  /// The first row's first value as a whole number; 0 where there is none.
  public func count(_ sql: String) throws(EngineError) -> Int64 {
    try row(sql).first?.int ?? 0
  }
}
