import Bronze
import Gold
import Lakehouse
import Podium
import RunnerTestKit
import Silver
import Storage
import Testing

/// A lake with a small gym in it, made by the program itself.
final class Gym: Sendable {
  /// All tables of the project.
  static let tables = Bronze.tables + Silver.tables + Gold.tables

  static let lastDay = "2025-01-05"

  let lake: TestLake
  var path: String { lake.path }

  private init(_ lake: TestLake) { self.lake = lake }

  /// A gym of which nothing has been taken in.
  static let fresh = Result { () throws -> Gym in
    let lake = try TestLake()
    try check("generate", "--members", "150", "--days", "5", "--lake", lake.path)
    return Gym(lake)
  }

  /// A gym with all tables; nobody may change it.
  static let finished = Result { () throws -> Gym in
    let gym = try fresh.get().copy()
    try check("run", "--lake", gym.path, "--as-of", lastDay, "--json")
    return gym
  }

  /// Another gym with the same content, to be changed.
  func copy() throws -> Gym { Gym(try lake.copy()) }

  private static func check(_ arguments: String...) throws {
    let outcome = try Program.run(arguments)
    guard outcome.status == 0 else { throw Files.Failure("\(arguments): \(outcome.errors)") }
  }

  /// Runs the program on this lake.
  func podium(_ arguments: String..., environment: [String: String] = [:]) throws
    -> Program.Outcome
  {
    try Program.run(arguments + ["--lake", path], environment: environment)
  }

  /// Takes in what is new, as of the last day.
  func run(_ arguments: String...) throws -> Program.Outcome {
    try Program.run(["run"] + arguments + ["--lake", path, "--as-of", Gym.lastDay])
  }
}
