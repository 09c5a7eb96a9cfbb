import Basics
import Glibc
import Lakehouse
import Storage

/// Brings a lake back from a backup.
public struct LakeRestore: Sendable {
  private let backup: BackupFolder
  public let point: BackupPoint

  /// - Parameters:
  ///   - path: the backup's folder.
  ///   - point: the id of a point or the beginning of one; nil for the newest.
  public init(from path: String, point: String? = nil) throws {
    backup = try BackupFolder(path)
    self.point = try backup.point(point)
  }

  /// The points of a backup, oldest first, and what is to be said of those that cannot be read.
  public static func points(
    of path: String
  ) throws -> (points: [BackupPoint], damaged: [(id: String, error: BackupError)]) {
    let backup = try BackupFolder(path)
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

  /// Refuses a place in which something is, and a backup of which something is missing.
  public func check(_ lake: Lake) throws {
    guard try lake.files.listFolder("").isEmpty else { throw BackupError.notEmpty(lake.root) }
    for file in point.files where try !backup.has(file.content) {
      throw damaged(file, .restore)
    }
  }

  /// Makes the lake where nothing is.
  ///
  /// On this machine it is put together beside its place and then moved there, all at once, and files
  /// get the rights and times that they had. In a bucket, tables are there once the first files of
  /// their logs are, which are written last.
  public func restore(to lake: Lake) throws {
    try check(lake)
    guard lake.isLocal else { return try restore(toBucket: lake) }
    let files = point.files.filter { lake.holdsLanding || !isLanding($0) }
    let parent = LocalStore(root: parentPath(lake.root))
    try parent.createFolder("")
    let staging = parent.address(".\(lastPathComponent(lake.root)).restoring")
    removeFolder(staging)
    do {
      let usual = LocalStore(root: staging)
      let own = LocalStore(root: staging, rights: .ownerOnly)
      try usual.createFolder("")
      for file in files {
        let folder = file.path.contains("/") ? parentPath(file.path) : ""
        try (file.mode & 0o077 == 0 ? own : usual).createFolder(folder)
      }
      _ = try concurrentMap(files, width: 4) { [self] file in
        let place = staging + "/" + file.path
        let copy = try FileCopy(backup.store.address(file.object), to: place)
        guard copy.content == file.content else { throw damaged(file, .restore) }
        try FileCopy.restore(file, at: place)
      }
    } catch {
      removeFolder(staging)
      throw error
    }
    guard rename(staging, lake.root) == 0 else {
      let reason = String(cString: strerror(errno))
      removeFolder(staging)
      throw BackupError.system(path: lake.root, reason: reason)
    }
    if !lake.holdsLanding { try put(point.files.filter(isLanding), lake) }
  }

  private func isLanding(_ file: BackupFile) -> Bool { file.path.hasPrefix("landing/") }

  /// Puts files into their places by their names, those of a landing zone elsewhere only where they are
  /// not there.
  private func put(_ files: [BackupFile], _ lake: Lake) throws {
    _ = try concurrentMap(files, width: 4) { [self] file in
      guard try backup.isWhole(file.content) else { throw damaged(file, .restore) }
      let bytes = try LocalFile(reading: backup.store.address(file.object))
      defer { bytes.close() }
      guard isLanding(file), !lake.holdsLanding else {
        return try lake.files.put(file.path, file: bytes)
      }
      let path = String(file.path.dropFirst("landing/".count))
      if try lake.landing.info(path) == nil { try lake.landing.put(path, file: bytes) }
    }
  }

  private func restore(toBucket lake: Lake) throws {
    let isOfLog = { (file: BackupFile) in file.path.contains("/_delta_log/") }
    do {
      try put(point.files.filter { !isOfLog($0) }, lake)
      try put(point.files.filter(isOfLog), lake)
    } catch {
      try? lake.files.deleteFolder("")
      throw error
    }
  }
}
