import Basics
import Glibc
import Lakehouse
import TestKit
import Testing

@Suite("The lock of a lake")
struct LakeLockTests {
  private let folder: TemporaryFolder
  private let lake: Lake

  init() throws {
    folder = try TemporaryFolder()
    lake = try Lake(at: folder.file("lake"))
  }

  /// Starts another process that holds the lock until its input ends.
  private func holder(_ command: String = "podium run") throws -> ChildProcess {
    let child = try ChildProcess(builtProgram("lake-lock-holder"), [lake.root, command])
    #expect(child.readLine() == "locked")
    return child
  }

  @Test("One who waits too long is told who holds it, and that nothing was changed")
  func told() throws {
    let child = try holder("podium run silver")
    for _ in 0..<2 {
      let error = #expect(throws: LakeError.self) {
        try LakeLock(lake, command: "podium run", patience: 0)
      }
      guard case .locked(lake.root, let holder?, _) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(holder.process == Int(child.id))
      #expect(holder.command == "podium run silver")
      #expect(holder.since.hasSuffix("Z"))
      #expect(
        error?.description
          == "the lake \(lake.root) is in use by process \(child.id) ('podium run silver', since "
          + "\(holder.since)); waited 0 s. Nothing was changed. Try again when it has ended.")
    }
  }

  @Test("One who waits gets it when the other process ends, and was told whom to wait for")
  func waits() throws {
    let child = try holder()
    var told: [LakeLock.Holder?] = []
    let lock = try LakeLock(lake, command: "podium run", patience: 60) { holder in
      told.append(holder)
      child.endInput()
    }
    #expect(told.map { $0?.process } == [Int(child.id)])
    #expect(child.wait() == 0)
    withExtendedLifetime(lock) {}
  }

  @Test("The lock of a killed process is free")
  func killed() throws {
    let child = try holder()
    child.kill()
    #expect(child.wait() == -SIGKILL)
    var waited = false
    let lock = try LakeLock(lake, command: "podium run", patience: 60) { _ in waited = true }
    #expect(!waited)
    withExtendedLifetime(lock) {}
  }

  @Test("Another process is told who holds it here")
  func held() throws {
    let lock = try LakeLock(lake, command: "podium test", patience: 0)
    let child = try ChildProcess(builtProgram("lake-lock-holder"), [lake.root, "other"])
    let said = child.readAll()
    #expect(child.wait() == 1)
    #expect(said.contains("in use by process \(getpid()) ('podium test', since "))
    withExtendedLifetime(lock) {}
  }

  @Test("Within a process it is one's alone too, and free again when let go")
  func sameProcess() throws {
    do {
      let lock = try LakeLock(lake, command: "first", patience: 0)
      #expect(throws: LakeError.self) { try LakeLock(lake, command: "second", patience: 0) }
      // The one who was refused has not wiped who holds it.
      let error = #expect(throws: LakeError.self) {
        try LakeLock(lake, command: "third", patience: 0)
      }
      #expect(error?.description.contains("'first'") == true)
      withExtendedLifetime(lock) {}
    }
    _ = try LakeLock(lake, command: "second", patience: 0)
    let other = try Lake(at: folder.path + "/other")
    let locks = try [lake, other].map { try LakeLock($0, command: "both", patience: 0) }
    #expect(locks.count == 2)
  }

  private func leave(_ facts: JSON) throws {
    try Files.write(facts.text, to: lake.root + "/.podium/lock")
  }

  private func facts(process: Int, host: String, boot: String, beat: Int = 1) -> JSON {
    [
      "process": .int(process), "command": "podium run", "since": "2025-03-01T02:00:00Z",
      "host": .string(host), "boot": .string(boot), "beat": .string("\(beat)"),
    ]
  }

  @Test("What a dead process left is taken over at once, also where its number is in use again")
  func reused() throws {
    let boot = try Files.text("/proc/sys/kernel/random/boot_id").filter { $0 != "\n" }
    let left = [
      facts(process: Int(getpid()), host: hostName(), boot: boot),
      // The machine was started anew, or a container has another name.
      facts(process: 1, host: hostName(), boot: "another"),
      facts(process: 1, host: "another", boot: boot),
      ["process": 1, "command": "podium run", "since": "2025-03-01T02:00:00Z"], "nonsense",
    ]
    for facts in left {
      try leave(facts)
      var waited = false
      let lock = try LakeLock(lake, command: "x", patience: 60) { _ in waited = true }
      #expect(!waited)
      withExtendedLifetime(lock) {}
    }
  }

  @Test("A holder on another machine that gives no sign of life is taken for dead after a while")
  func silentElsewhere() throws {
    try leave(facts(process: 77, host: "another", boot: "another"))
    // Nobody waits where there is no patience, and nothing is taken.
    let error = #expect(throws: LakeError.self) {
      try LakeLock(lake, command: "x", patience: 0, silence: 0)
    }
    #expect(error?.description.contains("process 77 on another ('podium run', since") == true)
    #expect(!LakeLock.isFree(lake))
    var told: [LakeLock.Holder?] = []
    let lock = try LakeLock(lake, command: "x", patience: 0.1, silence: 0.5) { told.append($0) }
    #expect(told.map { $0?.process } == [77])
    withExtendedLifetime(lock) {}
  }

  @Test("A holder on another machine that gives signs of life is waited for, and then told")
  func aliveElsewhere() throws {
    try leave(facts(process: 77, host: "another", boot: "another"))
    let path = lake.root + "/.podium/lock"
    let texts = (2..<500).map {
      facts(process: 77, host: "another", boot: "another", beat: $0).text
    }
    let stop = Monitor(false)
    let writer = WorkerThread {
      for text in texts where !stop.withLock({ $0 }) {
        // As the holder does: the file stays the same one.
        let file = open(path, O_WRONLY)
        _ = text.withCString { pwrite(file, $0, strlen($0), 0) }
        close(file)
        usleep(50_000)
      }
    }
    let error = #expect(throws: LakeError.self) {
      try LakeLock(lake, command: "x", patience: 0.3, silence: 0.6)
    }
    stop.withLock { $0 = true }
    writer?.join()
    #expect(error?.description.contains("process 77 on another") == true)
  }

  @Test("The holder gives signs of life")
  func beats() throws {
    let lock = try LakeLock(lake, command: "x", patience: 0)
    let first = try Files.text(lake.root + "/.podium/lock")
    let start = monotonicSeconds()
    while try Files.text(lake.root + "/.podium/lock") == first, monotonicSeconds() - start < 30 {
      usleep(50_000)
    }
    let second = try Files.text(lake.root + "/.podium/lock")
    #expect(second != first)
    #expect(second.utf8.count == first.utf8.count)
    #expect(try JSON(parsing: second)["process"]?.int == Int64(getpid()))
    #expect(!LakeLock.isFree(lake))
    withExtendedLifetime(lock) {}
  }

  @Test("The lock file is for the owner alone")
  func rights() throws {
    _ = try LakeLock(lake, command: "x", patience: 0)
    var status = stat()
    #expect(stat(lake.root + "/.podium/lock", &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    #expect(stat(lake.root + "/.podium", &status) == 0)
    #expect(status.st_mode & 0o777 == 0o700)
  }
}
