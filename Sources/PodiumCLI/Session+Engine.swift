import ArgumentParsing
import Basics
import Engines
import Lakehouse
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
    let engine = SparkEngine(try SparkConnectSettings(address, settings), lake: lake)
    let server = try engine.server()
    if verbose { say("engine: \(server) at \(address)") }
    return engine
  }
}
