import Bronze
import Gold
import Lakehouse
import Podium
import RunnerTestKit
import Silver
import TestKit

/// A lake with a small gym in it, made by the program itself.
public final class Gym: Sendable {
  /// All tables of the project.
  public static let tables = Bronze.tables + Silver.tables + Gold.tables

  public let lake: TestLake
  /// The business date of its runs: the last day that the generator wrote.
  public let lastDay: String
  public var path: String { lake.path }

  private init(_ lake: TestLake, lastDay: String) {
    self.lake = lake
    self.lastDay = lastDay
  }

  /// A gym of which nothing has been taken in.
  public static func generate(members: Int, days: Int) throws -> Gym {
    let lake = try TestLake()
    let outcome = try Program.run(
      ["generate", "--members", "\(members)", "--days", "\(days)", "--json", "--lake", lake.path])
    guard outcome.status == 0, let lastDay = try outcome.json["lastDay"]?.string else {
      throw TestKitError("generate: \(outcome.errors)")
    }
    return Gym(lake, lastDay: lastDay)
  }

  /// Another gym with all tables made of what was landed.
  public func finished() throws -> Gym {
    let gym = try copy()
    let outcome = try gym.run("--json")
    guard outcome.status == 0 else { throw TestKitError("run: \(outcome.errors)") }
    return gym
  }

  /// Another gym with the same content, to be changed.
  public func copy() throws -> Gym { Gym(try lake.copy(), lastDay: lastDay) }

  /// A gym of whose files none has come yet.
  public func empty() throws -> Gym {
    let empty = Gym(try TestLake(), lastDay: lastDay)
    try Files.makeFolder("\(empty.path)/landing")
    return empty
  }

  /// A gym in a folder that another one's landing zone is copied to.
  public func landed(in folder: String) throws -> Gym {
    try Files.copy("\(path)/landing", to: "\(folder)/landing")
    return Gym(try TestLake(owning: folder), lastDay: lastDay)
  }

  /// Runs the program on this lake.
  public func podium(_ arguments: String..., environment: [String: String] = [:]) throws
    -> Program.Outcome
  {
    try Program.run(arguments + ["--lake", path], environment: environment)
  }

  /// Takes in what is new, as of the last day unless another one is given.
  public func run(
    _ arguments: String..., asOf: String? = nil, environment: [String: String] = [:],
    largestFile: Int? = nil
  ) throws -> Program.Outcome {
    try Program.run(
      runWords(arguments, asOf), environment: environment, largestFile: largestFile)
  }

  /// Starts to take in what is new.
  public func startRun(
    _ arguments: String..., asOf: String? = nil, environment: [String: String] = [:]
  ) throws -> RunningProgram {
    try Program.start(runWords(arguments, asOf), environment: environment)
  }

  private func runWords(_ arguments: [String], _ asOf: String?) -> [String] {
    ["run"] + arguments + ["--lake", path, "--as-of", asOf ?? lastDay]
  }
}
