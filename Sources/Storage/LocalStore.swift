import Basics
import Glibc

/// A folder of the local file system as an object store.
///
/// An object appears at once: it is written under a hidden temporary name, flushed to the disk,
/// and then renamed (`put`) or linked (`putIfAbsent`, which never replaces); the folder is flushed
/// too. Names that begin with `.tmp-` are such unfinished writes and are not listed.
public struct LocalStore: ObjectStore {
  /// The absolute path of the folder, without a slash at its end.
  public let root: String
  /// The rights that new files and folders get.
  public let rights: Rights
  /// True if a folder that a link leads to is listed as if it were there.
  public let followsLinks: Bool

  /// Who may read what a store writes.
  public enum Rights: Sendable {
    /// As the process's umask says.
    case usual
    /// The owner alone: files 0600, folders 0700.
    case ownerOnly

    var file: mode_t { self == .ownerOnly ? 0o600 : 0o666 }
    var folder: mode_t { self == .ownerOnly ? 0o700 : 0o777 }
  }

  /// How the names of unfinished writes begin.
  public static let temporaryPrefix = ".tmp-"

  /// A store rooted at a folder, which need not exist yet.
  public init(root: String, rights: Rights = .usual, followsLinks: Bool = true) {
    var root = absolutePath(root)
    while root.count > 1, root.hasSuffix("/") { root.removeLast() }
    self.root = root
    self.rights = rights
    self.followsLinks = followsLinks
  }

  public func address(_ path: String) -> String {
    path.isEmpty ? root : root == "/" ? "/" + path : root + "/" + path
  }

  public func read(_ path: String) throws(StorageError) -> [UInt8] {
    try read(path, range: 0..<Int64.max)
  }

  public func read(_ path: String, range: Range<Int64>) throws(StorageError) -> [UInt8] {
    let file = try LocalFile(reading: address(path))
    defer { file.close() }
    let size = try file.info().size
    // Files of the system itself, such as those in /proc, have content but tell no size.
    if size == 0, try !file.read(at: 0, count: 1).isEmpty {
      throw StorageError(.failed, .read, address(path), detail: "it has content but tells no size")
    }
    let from = min(range.lowerBound, size)
    return try file.read(at: from, count: Int(min(range.upperBound, size) - from))
  }

  public func info(_ path: String) throws(StorageError) -> ObjectInfo? {
    var status = stat()
    guard stat(address(path), &status) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw systemError(.read, address(path))
    }
    guard status.st_mode & S_IFMT == S_IFREG else { return nil }
    return ObjectInfo(path: path, size: Int64(status.st_size), modified: modified(status))
  }

  public func put(_ path: String, _ bytes: [UInt8]) throws(StorageError) {
    try put(path) { (file) throws(StorageError) in try file.write(bytes) }
  }

  public func put(_ path: String, file: LocalFile) throws(StorageError) {
    try put(path) { (target) throws(StorageError) in
      var offset: Int64 = 0
      while true {
        let piece = try file.read(at: offset, count: 4 << 20)
        if piece.isEmpty { return }
        try target.write(piece)
        offset += Int64(piece.count)
      }
    }
  }

  private func put(
    _ path: String, _ write: (LocalFile) throws(StorageError) -> Void
  ) throws(StorageError) {
    let target = address(path)
    let temporary = try writeTemporary(target, write)
    guard rename(temporary, target) == 0 else {
      let error = systemError(.write, target)
      unlink(temporary)
      throw error
    }
    try flushFolder(parentPath(target))
  }

  public func putIfAbsent(_ path: String, _ bytes: [UInt8]) throws(StorageError) -> Bool {
    let target = address(path)
    var status = stat()
    if lstat(target, &status) == 0 { return false }
    let temporary = try writeTemporary(target) { (file) throws(StorageError) in
      try file.write(bytes)
    }
    defer { unlink(temporary) }
    guard Glibc.link(temporary, target) == 0 else {
      if errno == EEXIST { return false }
      throw systemError(.write, target)
    }
    try flushFolder(parentPath(target))
    return true
  }

  public func delete(_ path: String) throws(StorageError) {
    guard unlink(address(path)) != 0, errno != ENOENT, errno != ENOTDIR else { return }
    throw systemError(.delete, address(path))
  }

  public func flush(_ paths: [String]) throws(StorageError) {
    var folders: Set<String> = []
    for path in paths {
      let file = try LocalFile(reading: address(path))
      defer { file.close() }
      try file.flush()
      folders.insert(parentPath(address(path)))
    }
    for folder in folders.sorted() { try flushFolder(folder) }
  }

  public func isDeadLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(address(path), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
      && stat(address(path), &status) != 0
  }

  public func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(address(path), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  public func removeTemporaries(_ folder: String) {
    for name in namesInFolder(address(folder)) ?? []
    where name.hasPrefix(LocalStore.temporaryPrefix) {
      unlink(address(folder.isEmpty ? name : folder + "/" + name))
    }
  }

  public func createFolder(_ path: String) throws(StorageError) {
    try makeFolders(address(path))
  }

  /// A second name for the same bytes, or a copy where the file system has no such; nothing is done
  /// where the place has that many bytes already.
  public func copy(
    _ source: String, of other: any ObjectStore, to path: String
  ) throws(StorageError) {
    guard let other = other as? LocalStore else { return try put(path, other.read(source)) }
    let target = address(path)
    try makeFolders(parentPath(target))
    guard Glibc.link(other.address(source), target) != 0 else { return }
    let number = errno
    let failure = systemError(.write, target)
    if number == EEXIST {
      let file = try LocalFile(reading: other.address(source))
      defer { file.close() }
      if try info(path)?.size == file.info().size { return }
    }
    guard [EEXIST, EXDEV, EPERM, EMLINK, EOPNOTSUPP].contains(number) else { throw failure }
    try put(path, other.read(source))
  }

  public func folder(_ path: String, rights: Rights, followsLinks: Bool) -> any ObjectStore {
    LocalStore(root: address(path), rights: rights, followsLinks: followsLinks)
  }

  public func isThere() -> Bool { kindOfFile(root) == .folder }

  public func identity(ofFolder path: String) -> FolderIdentity? {
    FolderIdentity(at: address(path))
  }

  public func deleteFolder(_ path: String) { removeFolder(address(path)) }

  private func writeTemporary(
    _ target: String, _ write: (LocalFile) throws(StorageError) -> Void
  ) throws(StorageError) -> String {
    let folder = parentPath(target)
    try makeFolders(folder)
    let temporary = "\(folder)/\(LocalStore.temporaryPrefix)\(uniqueName())"
    do {
      let file = try LocalFile(creating: temporary, mode: rights.file)
      defer { file.close() }
      try write(file)
      try file.flush()
    } catch {
      unlink(temporary)
      throw error
    }
    return temporary
  }

  private func makeFolders(_ folder: String) throws(StorageError) {
    var status = stat()
    if stat(folder, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else {
        throw StorageError(.notAFolder, .write, folder)
      }
      return
    }
    if folder != "/", folder.contains("/") { try makeFolders(parentPath(folder)) }
    if mkdir(folder, rights.folder) != 0, errno != EEXIST { throw systemError(.write, folder) }
  }

  private func flushFolder(_ folder: String) throws(StorageError) {
    let file = try LocalFile(reading: folder)
    defer { file.close() }
    try file.flush()
  }
}

/// Removes a folder with all that is in it; no error where there is none.
public func removeFolder(_ path: String) {
  for name in namesInFolder(path) ?? [] {
    let child = path + "/" + name
    var status = stat()
    if lstat(child, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      removeFolder(child)
    } else {
      unlink(child)
    }
  }
  rmdir(path)
}

/// The folder a path lies in; `/` for a path directly below it.
public func parentPath(_ path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// The last part of a path.
public func lastPathComponent(_ path: String) -> String {
  path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
}

/// A path from the file system's root, with `.` and `..` resolved by name.
public func absolutePath(_ path: String) -> String {
  var parts: [Substring] = []
  var full = path
  if !path.hasPrefix("/") {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let here =
      getcwd(&buffer, buffer.count) == nil
      ? "/"
      : String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    full = here + "/" + path
  }
  for part in full.split(separator: "/") {
    switch part {
    case ".": continue
    case "..": _ = parts.popLast()
    default: parts.append(part)
    }
  }
  return "/" + parts.joined(separator: "/")
}

/// A name that no other process uses at the same time: random, 32 hexadecimal digits.
public func uniqueName() -> String {
  var generator = SystemRandomNumberGenerator()
  return (0..<2).map { _ in
    let value: UInt64 = generator.next()
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }.joined()
}

func modified(_ status: stat) -> Timestamp {
  Timestamp(
    microseconds: Int64(status.st_mtim.tv_sec) * 1_000_000 + Int64(status.st_mtim.tv_nsec / 1000))
}

/// The error of the system call that just failed.
public func systemError(_ operation: StorageError.Operation, _ address: String) -> StorageError {
  let number = errno
  let code: StorageError.Code =
    switch number {
    case ENOENT: .notFound
    case EEXIST: .alreadyExists
    case EACCES, EPERM, EROFS: .permissionDenied
    case ENOTDIR: .notAFolder
    case EISDIR: .isAFolder
    case ENOSPC, EDQUOT: .diskFull
    default: .failed
    }
  return StorageError(code, operation, address, detail: String(cString: strerror(number)))
}
