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

  @Test("Many objects go at once, whatever their names, and a folder with all below it")
  func deletions() throws {
    let server = try S3Server()
    let store = try store(on: server)
    let names = (0..<1_205).map { "a/\($0) &<x>'ü\".json" }
    for name in names + ["ab", "b/c"] { try store.put(name, [1]) }
    try server.fail()
    try store.delete(names)
    #expect(try server.fail().requests == 2)
    #expect(try store.list("").map(\.path) == ["ab", "b/c"])
    try store.deleteFolder("b")
    try store.deleteFolder("nothing")
    #expect(try store.list("").map(\.path) == ["ab"])
    #expect(try store.isThere())
    try store.delete(["ab", "gone"])
    #expect(try !store.isThere())
  }

  @Test("A copy is made by the server, between folders of a bucket and between buckets' stores")
  func copies() throws {
    let server = try S3Server()
    let one = try store("one x", on: server)
    let other = try store("two+y", on: server)
    let bytes = (0..<50_000).map { UInt8(truncatingIfNeeded: $0) }
    try one.put("ä/part 1.parquet", bytes)
    try server.fail(["log": true])
    try other.copy("ä/part 1.parquet", of: one, to: "b/part-1.parquet")
    #expect(try server.fail().requests == 2)
    #expect(try other.read("b/part-1.parquet") == bytes)
    let folder = other.folder("b")
    #expect(try folder.list("").map(\.path) == ["part-1.parquet"])
    #expect(folder.address("x") == "s3://lake/two+y/b/x")
    #expect(throws: StorageError.self) { try other.copy("none", of: one, to: "c") }
    let memory = MemoryStore()
    try memory.put("m", [7])
    try other.copy("m", of: memory, to: "m")
    #expect(try other.read("m") == [7])
  }

  @Test("A file of this machine is written, also one that is sent in parts")
  func files() throws {
    let store = try store()
    let folder = try TemporaryFolder()
    for size in [0, 10, S3Store.partSize + 1] {
      let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) }
      try Files.write(bytes, to: folder.file("file"))
      let file = try LocalFile(reading: folder.file("file"))
      defer { file.close() }
      try store.put("file", file: file)
      #expect(try store.read("file") == bytes)
    }
  }

  @Test("Objects are encrypted with the key that is named, and requests say who pays")
  func headers() throws {
    let server = try S3Server()
    let store = try store("x", on: server) {
      $0.kmsKey = "arn:aws:kms:us-east-1:1:key/gym"
      $0.paysRequests = true
    }
    let large = [UInt8](repeating: 1, count: S3Store.partSize + 1)
    let requests = try server.requests {
      try store.put("small", [1])
      try store.put("large", large)
      _ = try store.putIfAbsent("once", [1])
      try store.copy("small", of: store, to: "copy")
      for path in ["small", "large", "once", "copy"] {
        let answer = try store.client.send(
          S3Client.Request(method: "HEAD", key: store.key(path), operation: .read))
        #expect(answer["x-amz-server-side-encryption"] == "aws:kms", "\(path)")
        #expect(
          answer["x-amz-server-side-encryption-aws-kms-key-id"] == "arn:aws:kms:us-east-1:1:key/gym"
        )
      }
      _ = try store.list("")
    }
    #expect(requests.count > 10)
    #expect(requests.allSatisfy { $0.hasSuffix(" paid by requester") })
  }

  @Test("A bucket may be a part of the server's name")
  func hostStyle() throws {
    let server = try S3Server()
    let variables = server.environment.merging([
      "AWS_ENDPOINT_URL": "http://s3.localhost:\(server.port)", "PODIUM_S3_URL_STYLE": "vhost",
    ]) { $1 }
    let store = S3Store(
      S3Location(bucket: "lake", prefix: "p"), try S3Settings.fromEnvironment { variables[$0] })
    try store.put("a b", [1, 2])
    #expect(try self.store("p", on: server).read("a b") == [1, 2])
    #expect(try store.list("").map(\.path) == ["a b"])
  }

  @Test("What is never written again is read once, and is gone when it is deleted")
  func kept() throws {
    let server = try S3Server()
    let variables = server.environment
    let store = S3Store(
      S3Location(bucket: "lake", prefix: "kept"),
      try S3Settings.fromEnvironment { variables[$0] }
    ) { $0.hasSuffix(".json") }
    try store.put("a.json", [1, 2, 3])
    try store.put("a.txt", [1, 2, 3])
    try server.fail()
    for _ in 0..<3 { #expect(try store.read("a.json", range: 1..<2) == [2]) }
    #expect(try store.read("a.json") == [1, 2, 3])
    #expect(try store.folder("").read("a.json") == [1, 2, 3])
    #expect(try server.fail().requests == 1)
    for _ in 0..<3 { #expect(try store.read("a.txt") == [1, 2, 3]) }
    #expect(try server.fail().requests == 3)
    try store.delete("a.json")
    #expect(throws: StorageError.self) { try store.read("a.json") }
    #expect(try store.putIfAbsent("a.json", [4]))
    #expect(try store.read("a.json") == [4])
  }

  // MARK: - Faults

  @Test(
    "Passing failures are not seen",
    arguments: ["500", "503", "429", "cut", "lost", "silent"])
  func faults(kind: String) throws {
    let server = try S3Server()
    let store = try store(on: server) { $0.timeouts.stall = 1 }
    let rounds = kind == "silent" ? 1 : 6
    try server.fail(["every": 2, "kind": .string(kind)])
    for number in 0..<rounds {
      let path = "\(number)"
      let bytes = Array(repeating: UInt8(number), count: 20_000)
      #expect(try store.putIfAbsent(path, bytes), "\(number)")
      #expect(try !store.putIfAbsent(path, [9]), "\(number)")
      #expect(try store.read(path) == bytes)
      #expect(try store.info(path)?.size == 20_000)
      try store.put(path, [7])
      #expect(try store.read(path) == [7])
    }
    #expect(try store.list("").map(\.path) == (0..<rounds).map { "\($0)" })
    #expect(try server.fail().failed >= rounds)
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
