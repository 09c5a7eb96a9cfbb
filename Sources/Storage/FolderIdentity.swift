import Glibc

/// Which folder of the machine a path leads to, whatever links are on the way.
public struct FolderIdentity: Hashable, Sendable {
  private let device: UInt64
  private let inode: UInt64

  /// The identity of the folder at an address; nil where there is none.
  public init?(at address: String) {
    var status = stat()
    guard stat(address, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
    self.init(status)
  }

  init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
  }
}
