import ArgumentParsing
import Basics
import Engines
import Lakehouse
import Rendering
import SparkEngine

extension Option {
  /// What computes the queries of tables.
  static let engine = Option.option(
    "engine", "ENGINE", "What computes: duckdb, or a Spark Connect server as sc://host:port.",
    .text(), .otherwise("PODIUM_ENGINE, else duckdb"))
}

extension Session {
  /// The server that `--engine` or the environment names; nil where the embedded engine computes.
  ///
  /// It is asked for its version, so that a wrong one is told before any work.
  func spark(_ lake: Lake) throws -> SparkEngine? {
    var address = settings.engine
    if let named = try values.stringIfGiven("engine") {
      do { address = try Settings.engine(named) } catch {
        throw WrongUsage(description: error.description)
      }
    }
    guard let address else { return nil }
    let verbose = verbose
    let engine = SparkEngine(try SparkConnectSettings(address, settings), lake: lake) {
      if verbose { Session.tell(statement: $0, seconds: $1) }
    }
    let server = try engine.server()
    if verbose { say("engine: \(server) at \(address)") }
    return engine
  }

  /// A statement of a server on standard error, as it can be run again.
  private static func tell(statement: String, seconds: Double) {
    let errors = OutputStream.standardError()
    try? errors.write("server: \(decimal(seconds)) s\n\(statement);\n")
    try? errors.flush()
  }
}
