import Basics
import Glibc
import Storage

/// Brings a lake back from a backup.
public struct LakeRestore: Sendable {
  private let backup: BackupFolder
  public let point: BackupPoint

  /// - Parameters:
  ///   - path: the backup's folder.
  ///   - point: the id of a point or the beginning of one; nil for the newest.
  public init(from path: String, point: String? = nil) throws {
    backup = BackupFolder(path)
    self.point = try backup.point(point)
  }

  /// The points of a backup, oldest first, and what is to be said of those that cannot be read.
  public static func points(
    of path: String
  ) throws -> (points: [BackupPoint], damaged: [(id: String, error: BackupError)]) {
    let backup = BackupFolder(path)
    guard try backup.exists() else { throw BackupError.noBackup(backup.store.root) }
    let all = try backup.points()
    let points = all.compactMap(backup.read)
    let whole = Set(points.map(\.id))
    return (points, all.filter { !whole.contains($0) }.map { ($0, backup.damaged($0)) })
  }

  /// Reads every file of the point, and compares it with what was put there.
  public func verify() throws {
    _ = try concurrentMap(point.files, width: 2) { [self] file in
      guard try backup.isWhole(file.content) else { throw damaged(file, .verify) }
    }
  }

  private func damaged(_ file: BackupFile, _ work: BackupError.Work) -> BackupError {
    .damaged(file: file.path, object: backup.store.address(file.object), work)
  }

  /// Refuses a folder in which something is, and a backup of which something is missing.
  public func check(_ lake: String) throws {
    switch kindOfFile(lake) {
    case .missing: break
    case .file: throw BackupError.notEmpty(lake)
    case .folder:
      guard namesInFolder(lake)?.isEmpty == true else { throw BackupError.notEmpty(lake) }
    }
    for file in point.files where try !backup.has(file.content) {
      throw damaged(file, .restore)
    }
  }

  /// Makes the lake, all of it at once: it is put together beside its place and then moved there.
  ///
  /// Files get the rights and times that they had.
  /// - Parameter path: where nothing is, or an empty folder.
  public func restore(to path: String) throws {
    let lake = absolutePath(path)
    try check(lake)
    let parent = LocalStore(root: parentPath(lake))
    try parent.createFolder("")
    let staging = parent.address(".\(lastPathComponent(lake)).restoring")
    removeFolder(staging)
    do {
      let usual = LocalStore(root: staging)
      let own = LocalStore(root: staging, rights: .ownerOnly)
      try usual.createFolder("")
      for file in point.files {
        let folder = file.path.contains("/") ? parentPath(file.path) : ""
        try (file.mode & 0o077 == 0 ? own : usual).createFolder(folder)
      }
      _ = try concurrentMap(point.files, width: 4) { [self] file in
        let place = staging + "/" + file.path
        let copy = try FileCopy(backup.store.address(file.object), to: place)
        guard copy.content == file.content else { throw damaged(file, .restore) }
        try FileCopy.restore(file, at: place)
      }
    } catch {
      removeFolder(staging)
      throw error
    }
    guard rename(staging, lake) == 0 else {
      let reason = String(cString: strerror(errno))
      removeFolder(staging)
      throw BackupError.system(path: lake, reason: reason)
    }
  }
}
