import Basics
import Glibc

/// A folder among the temporary files of this machine (`TMPDIR`), for the owner alone, that goes with
/// this value.
public final class TemporaryPlace {
  public let path: String

  public init() throws(StorageError) {
    path = "\(environment("TMPDIR") ?? "/tmp")/podium-\(uniqueName())"
    guard mkdir(path, 0o700) == 0 else { throw systemError(.write, path) }
  }

  deinit { removeFolder(path) }
}
