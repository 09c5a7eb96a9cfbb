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

  /// A part of the project for tests that run again and again, each table with all that it needs:
  /// a quarter of the tables, with every way of writing among them.
  public static let partEnds = [
    Gold.classFillRates, Gold.factDaily, Gold.memberFeatures, Gold.productAffinity,
    Gold.revenueByLocation, Silver.memberPII, Silver.memberMatches,
  ]

  /// All tables of that part.
  public static let part = Result { try Graph(partEnds).ordered }

  public let lake: TestLake
  /// The business date of its runs: the last day that the generator wrote.
  public let lastDay: String
  /// Selectors of its runs; none where they take all tables.
  private let selectors: [String]
  public var path: String { lake.path }

  private init(_ lake: TestLake, lastDay: String, selectors: [String]) {
    self.lake = lake
    self.lastDay = lastDay
    self.selectors = selectors
  }

  /// A gym of which nothing has been taken in.
  /// - Parameter ends: what its runs make, each with all that it needs; all tables where empty.
  public static func generate(members: Int, days: Int, ends: [Table] = []) throws -> Gym {
    let lake = try TestLake()
    let outcome = try Program.run(
      ["generate", "--members", "\(members)", "--days", "\(days)", "--json", "--lake", lake.path])
    guard outcome.status == 0, let lastDay = try outcome.json["lastDay"]?.string else {
      throw TestKitError("generate: \(outcome.errors)")
    }
    return Gym(lake, lastDay: lastDay, selectors: ends.map { "+\($0.name)" })
  }

  /// Another gym with all tables made of what was landed.
  public func finished() throws -> Gym {
    let gym = try copy()
    let outcome = try gym.run("--json")
    guard outcome.status == 0 else { throw TestKitError("run: \(outcome.errors)") }
    return gym
  }

  /// Another gym with the same content, to be changed.
  public func copy() throws -> Gym { with(try lake.copy()) }

  /// A gym of whose files none has come yet.
  public func empty() throws -> Gym {
    let empty = with(try TestLake())
    try Files.makeFolder("\(empty.path)/landing")
    return empty
  }

  /// A gym in a folder that another one's landing zone is copied to.
  public func landed(in folder: String) throws -> Gym {
    try Files.copy("\(path)/landing", to: "\(folder)/landing")
    return with(try TestLake(owning: folder))
  }

  /// The same gym in another lake.
  public func with(_ lake: TestLake) -> Gym {
    Gym(lake, lastDay: lastDay, selectors: selectors)
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
    ["run"] + selectors + arguments + ["--lake", path, "--as-of", asOf ?? lastDay]
  }
}
