import Basics
import Glibc
import Podium
import S3
import Storage
import TestKit
import Testing

@testable import Lakehouse

@Suite("The lock of a lake in a bucket")
struct BucketLockTests {
  private static let server = Result { try S3Server() }
  private let folder: TemporaryFolder
  private let server: S3Server
  private let place = "s3://lake/\(uniqueName())"

  init() throws {
    folder = try TemporaryFolder()
    server = try BucketLockTests.server.get()
  }

  /// The lake as a machine sees it that has no file of the others.
  private func lake(_ machine: String = "one", _ server: S3Server? = nil) throws -> Lake {
    let variables = (server ?? self.server).environment
    return try Lake(
      at: place, settings: try S3Settings.fromEnvironment { variables[$0] },
      cache: folder.file(machine))
  }

  private func holder(
    process: Int = 77, host: String = "another", boot: String = "another", namespace: String = "n"
  ) -> [UInt8] {
    let facts: JSON = [
      "process": .int(process), "command": "podium run", "since": "2025-03-01T02:00:00Z",
      "host": .string(host), "boot": .string(boot), "namespace": .string(namespace), "beat": "1",
    ]
    return Array(facts.text.utf8)
  }

  private let first = "lock/00000000000000000001"

  @Test("It is had by one machine at a time, and is free when that gives it back")
  func oneAtATime() throws {
    let (one, other) = (try lake("one"), try lake("other"))
    #expect(LakeLock.isFree(one))
    for _ in 0..<3 {
      let lock = try LakeLock(one, command: "podium run silver", patience: 0)
      #expect(!LakeLock.isFree(other))
      let error = #expect(throws: LakeError.self) {
        try LakeLock(other, command: "x", patience: 0)
      }
      #expect(
        error?.description.hasPrefix(
          "the lake \(place) is in use by process \(getpid()) ('podium run silver', since ")
          == true)
      withExtendedLifetime(lock) {}
    }
    #expect(LakeLock.isFree(other))
    _ = try LakeLock(other, command: "x", patience: 0)
    // Of those that had it the last alone is left.
    #expect(try other.records.list("lock/").count == 2)
  }

  @Test("Who waits gets it when it is given back, and is told whom to wait for")
  func waits() throws {
    let child = try ChildProcess(
      builtProgram("lake-lock-holder"), [place, "podium run"],
      environment: server.environment.merging(["PODIUM_CACHE": folder.file("child")]) { $1 })
    #expect(child.readLine() == "locked")
    var told: [Int?] = []
    let lock = try LakeLock(try lake(), command: "x", patience: 60) { holder in
      told.append(holder?.process)
      child.endInput()
    }
    #expect(told == [Int(child.id)])
    withExtendedLifetime(lock) {}
  }

  @Test("A killed process of this machine has it no longer")
  func killed() throws {
    let child = try ChildProcess(
      builtProgram("lake-lock-holder"), [place, "podium run"],
      environment: server.environment.merging(["PODIUM_CACHE": folder.file("child")]) { $1 })
    #expect(child.readLine() == "locked")
    child.kill()
    _ = child.wait()
    #expect(LakeLock.isFree(try lake()))
    let lock = try LakeLock(try lake(), command: "x", patience: 0)
    withExtendedLifetime(lock) {}
  }

  @Test("A holder that gives no sign of life for a while is taken for dead, not at once")
  func silent() throws {
    let lake = try lake()
    try lake.records.put(first + ".json", holder())
    let error = #expect(throws: LakeError.self) {
      try LakeLock(lake, command: "x", patience: 0, silence: 0)
    }
    #expect(error?.description.contains("process 77 on another ('podium run', since") == true)
    #expect(!LakeLock.isFree(lake))
    var told: [Int?] = []
    let lock = try LakeLock(lake, command: "x", patience: 0.1, silence: 1) {
      told.append($0?.process)
    }
    #expect(told == [77])
    // The other one hears of it with its next sign of life.
    #expect(try lake.records.list("lock/").map(\.path) == ["lock/00000000000000000002.json"])
    withExtendedLifetime(lock) {}
  }

  @Test("A holder that gives signs of life is waited for, and then told")
  func alive() throws {
    let lake = try lake()
    try lake.records.put(first + ".json", holder())
    let stop = Monitor(false)
    let writer = WorkerThread { [first] in
      while !stop.withLock({ $0 }) {
        try? lake.records.put(first + ".beat", [1])
        usleep(300_000)
      }
    }
    let error = #expect(throws: LakeError.self) {
      try LakeLock(lake, command: "x", patience: 0.5, silence: 3)
    }
    stop.withLock { $0 = true }
    writer?.join()
    #expect(error?.description.contains("process 77 on another") == true)
  }

  @Test("One that was taken for dead and is not hears of it with its next sign of life")
  func lost() throws {
    let lake = try lake()
    let lock = try BucketLock(
      lake, LakeLock.Holder(command: "first", since: "x"), patience: 0, silence: 1
    ) { _ in }
    #expect(lock.beat(1) == nil)
    try lake.records.put("lock/00000000000000000002.json", holder())
    #expect(lock.beat(2)?.process == 77)
    let error = LakeError.lockLost(path: place, holder: lock.beat(3))
    #expect(
      error.description.hasPrefix(
        "the lake \(place) was taken over by process 77 on another ('podium run'"))
    // What it gives back is not the other's.
    lock.end()
    #expect(!LakeLock.isFree(lake))
  }

  @Test("Of many that want it at once one at a time has it")
  func race() throws {
    let inside = Monitor((now: 0, most: 0, all: 0))
    let threads = (0..<6).compactMap { number in
      WorkerThread {
        guard let lake = try? lake("\(number)") else { return }
        for _ in 0..<3 {
          guard let lock = try? LakeLock(lake, command: "\(number)", patience: 60) else { continue }
          inside.withLock {
            $0.now += 1
            $0.most = max($0.most, $0.now)
            $0.all += 1
          }
          usleep(2000)
          inside.withLock { $0.now -= 1 }
          withExtendedLifetime(lock) {}
        }
      }
    }
    for thread in threads { thread.join() }
    inside.withLock {
      #expect($0.most == 1)
      #expect($0.all == 18)
    }
  }

  @Test("On a server without conditional writes nothing is written, and that is said")
  func plainServer() throws {
    let server = try S3Server()
    try server.fail(["every": 1, "kind": "plain"])
    let lake = try lake("one", server)
    let error = #expect(throws: LakeError.unconditionalWrites(place)) {
      try LakeLock(lake, command: "podium run", patience: 0)
    }
    #expect(error?.description.contains("does not know conditional writes (If-None-Match)") == true)
    #expect(try lake.files.list("").isEmpty)
  }

  @Test("Faults of the server neither lose the lock nor give it twice", arguments: ["500", "lost"])
  func faults(kind: String) throws {
    let server = try S3Server()
    try server.fail(["every": 3, "kind": .string(kind)])
    for round in 0..<4 {
      let lock = try LakeLock(lake("one", server), command: "\(round)", patience: 60)
      #expect(throws: LakeError.self) {
        try LakeLock(lake("other", server), command: "x", patience: 0)
      }
      withExtendedLifetime(lock) {}
    }
    #expect(LakeLock.isFree(try lake("one", server)))
    #expect(try server.fail().failed > 3)
  }
}
