import Engines
import Lakehouse

/// One DuckDB for all tests of the module.
enum Engine {
  private static let started = Result { () throws(EngineError) in
    try DuckDB(.fromEnvironment(spillFolder: nil))
  }

  static func connect() throws -> EngineConnection { try started.get().connect() }

  /// The only value of an expression.
  static func value(_ expression: String) throws -> Value {
    try rows("SELECT \(expression)")[0][0]
  }

  static func rows(_ sql: String) throws -> [[Value]] { try connect().query(sql).rows() }
}
