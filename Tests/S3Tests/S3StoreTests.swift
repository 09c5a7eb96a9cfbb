import Basics
import Storage
import TestKit
import Testing

@testable import S3

@Suite("S3 as an object store")
struct S3StoreTests {
  private static let server = Result { try S3Server() }

  private func store(
    _ prefix: String = uniqueName(), on server: S3Server? = nil,
    _ change: (inout S3Settings) -> Void = { _ in }
  ) throws -> S3Store {
    let server = try server ?? Self.server.get()
    let variables = server.environment
    var settings = try S3Settings.fromEnvironment { variables[$0] }
    settings.retries.firstPause = 0.01
    settings.retries.longestPause = 0.05
    change(&settings)
    return S3Store(S3Location(bucket: "lake", prefix: prefix), settings)
  }

  @Test("What is written is read, whole and in parts, and goes when it is deleted")
  func roundTrip() throws {
    let store = try store()
    let path = "a b/50%/ü+&?#'\"<x>=1/part-0.parquet"
    #expect(try store.info(path) == nil)
    let missing = #expect(throws: StorageError.self) { try store.read(path) }
    #expect(missing?.code == .notFound)
    try store.put(path, Array("0123456789".utf8))
    #expect(try store.read(path) == Array("0123456789".utf8))
    #expect(try store.read(path, range: 2..<5) == Array("234".utf8))
    #expect(try store.read(path, range: 8..<50) == Array("89".utf8))
    #expect(try store.read(path, range: 10..<50) == [])
    #expect(try store.read(path, range: 3..<3) == [])
    #expect(try store.read(path, range: 7..<Int64.max) == Array("789".utf8))
    let info = try #require(try store.info(path))
    #expect(info.size == 10)
    #expect(abs(info.modified.microseconds - Clock.system.now().microseconds) < 60_000_000)
    try store.put(path, [])
    #expect(try store.read(path) == [])
    #expect(try store.info(path)?.size == 0)
    try store.delete(path)
    try store.delete(path)
    #expect(try store.info(path) == nil)
  }

  @Test("A listing is in the order of bytes, over many pages, below a prefix or after a path")
  func listing() throws {
    let store = try store()
    let names =
      (0..<1_203).map { "log/\(padded($0, 5)) x+%2.json" } + ["log", "logs/a", "z/é", "z/e"]
    for name in names { try store.put(name, [1]) }
    let sorted = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    #expect(try store.list("").map(\.path) == sorted)
    #expect(try store.list("log/").map(\.path) == sorted.filter { $0.hasPrefix("log/") })
    #expect(
      try store.list("log/", after: "log/01200 x+%2.json").map(\.path) == [
        "log/01201 x+%2.json", "log/01202 x+%2.json",
      ])
    #expect(try store.listFolder("").map(\.path) == ["log", "log/", "logs/", "z/"])
    #expect(try store.listFolder("z").map(\.path) == ["z/e", "z/é"])
    #expect(try store.list("nothing/").isEmpty)
  }

  @Test("An object that is there is not written again")
  func conditional() throws {
    let store = try store()
    #expect(try store.putIfAbsent("commit", [1]))
    #expect(try !store.putIfAbsent("commit", [2]))
    #expect(try store.read("commit") == [1])
  }

  @Test("Of many writers of one object one succeeds")
  func race() async throws {
    let store = try store()
    let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
      for writer in 0..<16 {
        group.addTask { try store.putIfAbsent("race", [UInt8(writer)]) }
      }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(winners == 1)
  }

  @Test("A large object is sent in parts, and is whole")
  func parts() throws {
    let store = try store()
    let bytes = (0..<(S3Store.partSize * 2 + 12_345)).map {
      UInt8(truncatingIfNeeded: $0 &* 31 >> 3)
    }
    try store.put("large", bytes)
    #expect(try store.info("large")?.size == Int64(bytes.count))
    #expect(try store.read("large") == bytes)
  }

  @Test("A bucket that is not there, and a prefix, are told")
  func missingBucket() throws {
    let server = try Self.server.get()
    let variables = server.environment
    let store = S3Store(
      S3Location(bucket: "nowhere", prefix: "p"),
      try S3Settings.fromEnvironment { variables[$0] })
    let error = #expect(throws: StorageError.self) { try store.list("") }
    #expect(error?.code == .noBucket)
    #expect(error?.description == "could not list s3://nowhere: there is no such bucket")
    #expect(throws: StorageError.self) { try store.put("x", [1]) }
  }

  // MARK: - Faults

  @Test(
    "Passing failures are not seen",
    arguments: ["500", "503", "429", "cut", "lost"])
  func faults(kind: String) throws {
    let server = try S3Server()
    let store = try store(on: server)
    try server.fail(["every": 2, "kind": .string(kind)])
    for number in 0..<6 {
      let path = "\(number)"
      let bytes = Array(repeating: UInt8(number), count: 20_000)
      #expect(try store.putIfAbsent(path, bytes), "\(number)")
      #expect(try !store.putIfAbsent(path, [9]), "\(number)")
      #expect(try store.read(path) == bytes)
      #expect(try store.info(path)?.size == 20_000)
      try store.put(path, [7])
      #expect(try store.read(path) == [7])
    }
    #expect(try store.list("").map(\.path) == (0..<6).map { "\($0)" })
    #expect(try server.fail().failed > 5)
  }

  @Test("A commit that was written and is said to be there is this writer's")
  func denied() throws {
    let server = try S3Server()
    let store = try store(on: server)
    try server.fail(["every": 1, "kind": "denied", "methods": ["PUT"]])
    #expect(try store.putIfAbsent("mine", [1]))
    try server.fail()
    #expect(try store.read("mine") == [1])
    #expect(try !store.putIfAbsent("mine", [1]))
  }

  @Test("A server that fails for good is given up, and what it said is told")
  func lasting() throws {
    let server = try S3Server()
    let store = try store(on: server) { $0.retries.attempts = 3 }
    try server.fail(["every": 1, "kind": "503"])
    let error = #expect(throws: StorageError.self) { try store.put("x", [1]) }
    #expect(error?.code == .failed)
    #expect(error?.detail == "SlowDown: planted")
    #expect(try server.fail().requests == 3)
  }
}
