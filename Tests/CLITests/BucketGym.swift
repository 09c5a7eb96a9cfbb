import Basics
import CLITestKit
import RunnerTestKit
import S3
import Storage
import TestKit

/// A gym in a bucket, as the program sees it; what is done with it is compared with one on this machine.
final class BucketGym: Sendable {
  static let server = Result { try S3Server() }
  /// What runs make: a few tables with each way of writing among them.
  static let selectors = [
    "+gold.class_fill_rates", "+silver.member_pii", "+gold.revenue_by_location",
  ]

  let server: S3Server
  let path: String
  let store: S3Store
  private let cache: TemporaryFolder

  init(_ name: String = uniqueName(), on server: S3Server? = nil) throws {
    self.server = try server ?? BucketGym.server.get()
    path = "s3://lake/\(name)"
    cache = try TemporaryFolder()
    let variables = self.server.environment
    store = S3Store(try S3Location(path), try S3Settings.fromEnvironment { variables[$0] })
  }

  var environment: [String: String] {
    server.environment.merging(["PODIUM_CACHE": cache.path]) { $1 }
  }

  /// Runs the program on this lake.
  func podium(
    _ arguments: String..., environment more: [String: String] = [:]
  ) throws -> Program.Outcome {
    try Program.run(
      arguments + ["--lake", path], environment: environment.merging(more) { $1 })
  }

  /// Takes in what is new.
  func run(
    _ arguments: String..., asOf: String = "2025-01-03", environment more: [String: String] = [:]
  ) throws -> Program.Outcome {
    try Program.run(
      ["run"] + BucketGym.selectors + arguments + ["--lake", path, "--as-of", asOf],
      environment: environment.merging(more) { $1 })
  }

  /// The lake as a folder of this machine.
  func mirror() throws -> TestLake {
    let lake = try TestLake()
    for object in try store.list("") { try lake.write(store.read(object.path), to: object.path) }
    return lake
  }

  /// Another gym in the bucket with the same content.
  func copy() throws -> BucketGym {
    let copy = try BucketGym(on: server)
    for object in try store.list("") {
      try copy.store.copy(object.path, of: store, to: object.path)
    }
    return copy
  }

  /// A gym with all its tables; nobody may change it.
  static let finished = Result {
    let gym = try BucketGym()
    for outcome in [
      try gym.podium("generate", "--members", "60", "--clubs", "2", "--days", "3"), try gym.run(),
    ] where outcome.status != 0 { throw TestKitError(outcome.errors) }
    return gym
  }
}
