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
