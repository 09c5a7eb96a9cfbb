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

  deinit {
    umount2(path, Int32(MNT_DETACH))
    rmdir(path)
  }

  /// Whether this process may mount one.
  static let isAllowed = (try? Disk(bytes: 1 << 16)) != nil
}
