import Glibc
import RunnerTestKit
import TestKit

/// A small file system of its own, in memory; it is gone with the value.
final class Disk {
  let path: String

  /// - Parameter bytes: how much it holds.
  init(bytes: Int) throws {
    path = try Files.makeTemporaryFolder("podium-disk")
    guard mount("none", path, "tmpfs", 0, "size=\(bytes)") == 0 else {
      throw TestKitError(call: "mount \(path)")
    }
  }

  /// Gives it another size.
  func resize(to bytes: Int) throws {
    guard mount("none", path, "tmpfs", UInt(MS_REMOUNT), "size=\(bytes)") == 0 else {
      throw TestKitError(call: "remount \(path)")
    }
  }

  /// Leaves no room beside what is in it by now, while others write to it.
  func fill() throws {
    for _ in 0..<1000 {
      var facts = statvfs()
      guard statvfs(path, &facts) == 0 else { throw TestKitError(call: "statvfs \(path)") }
      let used = Int(facts.f_blocks - facts.f_bfree) * Int(facts.f_frsize)
      if (try? resize(to: used)) != nil { return }
    }
    throw TestKitError("the disk \(path) is written to faster than it can be made smaller")
  }

  deinit {
    umount2(path, Int32(MNT_DETACH))
    rmdir(path)
  }

  /// Whether this process may mount one.
  static let isAllowed = (try? Disk(bytes: 1 << 16)) != nil
}
