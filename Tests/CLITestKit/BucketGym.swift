import Basics
import Podium
import Runner
import RunnerTestKit
import S3
import Storage
import TestKit

/// A gym in a bucket, as the program sees it; what is done with it is compared with one on this machine.
public final class BucketGym: Sendable {
  public static let server = Result { try S3Server() }
  /// What runs make: a few tables with each way of writing among them.
  public static let selectors = [
    "+gold.class_fill_rates", "+silver.member_pii", "+gold.revenue_by_location",
  ]

  public let server: S3Server
  public let path: String
  public let store: S3Store
  private let cache: TemporaryFolder

  public init(_ name: String = uniqueName(), on server: S3Server? = nil) throws {
    self.server = try server ?? BucketGym.server.get()
    path = "s3://lake/\(name)"
    cache = try TemporaryFolder()
    let variables = self.server.environment
    store = S3Store(try S3Location(path), try S3Settings.fromEnvironment { variables[$0] })
  }

  public var environment: [String: String] {
    server.environment.merging(["PODIUM_CACHE": cache.path]) { $1 }
  }

  /// Runs the program on this lake.
  public func podium(
    _ arguments: String..., environment more: [String: String] = [:]
  ) throws -> Program.Outcome {
    try Program.run(
      arguments + ["--lake", path], environment: environment.merging(more) { $1 })
  }

  /// Takes in what is new.
  public func run(
    _ arguments: String..., asOf: String = "2025-01-03", environment more: [String: String] = [:]
  ) throws -> Program.Outcome {
    try Program.run(
      ["run"] + BucketGym.selectors + arguments + ["--lake", path, "--as-of", asOf],
      environment: environment.merging(more) { $1 })
  }

  /// Starts to take in what is new.
  public func startRun(asOf: String = "2025-01-03") throws -> RunningProgram {
    try Program.start(
      ["run"] + BucketGym.selectors + ["--jobs", "2", "--lake", path, "--as-of", asOf],
      environment: environment)
  }

  /// The lake as a folder of this machine.
  public func mirror() throws -> TestLake {
    let lake = try TestLake()
    for object in try store.list("") { try lake.write(store.read(object.path), to: object.path) }
    return lake
  }

  /// Another gym with the same content, in the same bucket or on another server.
  public func copy(on other: S3Server? = nil) throws -> BucketGym {
    let copy = try BucketGym(on: other ?? server)
    for object in try store.list("") {
      if other == nil {
        try copy.store.copy(object.path, of: store, to: object.path)
      } else {
        try copy.store.put(object.path, store.read(object.path))
      }
    }
    return copy
  }

  /// Its tables.
  public static let tables = Result {
    try Graph(Gym.tables).select(selectors.map(Selector.init))
  }

  /// A gym with its files, of which nothing is taken in; nobody may change it.
  public static let landed = Result {
    let gym = try BucketGym()
    let outcome = try gym.podium("generate", "--members", "60", "--clubs", "2", "--days", "3")
    guard outcome.status == 0 else { throw TestKitError(outcome.errors) }
    return gym
  }

  /// A gym with all its tables; nobody may change it.
  public static let finished = Result {
    let gym = try landed.get().copy()
    let outcome = try gym.run()
    guard outcome.status == 0 else { throw TestKitError(outcome.errors) }
    return gym
  }
}
