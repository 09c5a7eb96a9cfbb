import Basics
import Glibc
import Storage

/// Copies a file's bytes, a piece at a time, and tells what they were.
struct FileCopy {
  /// What was read.
  let content: ContentHash
  let modified: Timestamp
  let mode: Int64

  private static let piece = 4 << 20

  /// Copies a file to a path where none is, with the owner's rights alone, and waits for the disk.
  init(_ source: String, to target: String) throws {
    let from = try LocalFile(reading: source)
    defer { from.close() }
    let info = try from.info()
    modified = info.modified
    mode = FileCopy.mode(of: source)
    let to = try LocalFile(creating: target, mode: 0o600)
    defer { to.close() }
    let hasher = ContentHasher()
    while true {
      let bytes = try from.read(at: hasher.size, count: FileCopy.piece)
      if bytes.isEmpty { break }
      try to.write(bytes)
      hasher.append(bytes)
    }
    try to.flush()
    content = hasher.hash
  }

  /// Copies an object of a store as it was listed.
  init(_ object: ObjectInfo, in store: any ObjectStore, to target: String) throws {
    guard !(store is LocalStore) else {
      try self.init(store.address(object.path), to: target)
      return
    }
    self.init(
      content: try FileCopy.fetch(object, store, target),
      modified: try FileCopy.time(object, store),
      // A bucket has its own rights.
      mode: 0o600)
  }

  private init(content: ContentHash, modified: Timestamp, mode: Int64) {
    self.content = content
    self.modified = modified
    self.mode = mode
  }

  private static func fetch(
    _ object: ObjectInfo, _ store: any ObjectStore, _ target: String
  ) throws -> ContentHash {
    let to = try LocalFile(creating: target, mode: 0o600)
    defer { to.close() }
    let hasher = ContentHasher()
    while true {
      let start = hasher.size
      let bytes = try store.read(object.path, range: start..<start + Int64(FileCopy.piece))
      try to.write(bytes)
      hasher.append(bytes)
      if bytes.count < FileCopy.piece { break }
    }
    try to.flush()
    return hasher.hash
  }

  /// When the object that was listed was written; another time if it is another one by now.
  private static func time(_ object: ObjectInfo, _ store: any ObjectStore) throws -> Timestamp {
    let now = try store.info(object.path)
    return now?.tag == object.tag && now?.size == object.size
      ? object.modified : Timestamp(microseconds: object.modified.microseconds + 1)
  }

  private static func mode(of path: String) -> Int64 {
    var status = stat()
    return stat(path, &status) == 0 ? Int64(status.st_mode & 0o777) : 0o600
  }

  /// Gives a file the rights and the time that it had.
  static func restore(_ file: BackupFile, at path: String) throws {
    let seconds = Int(file.modified.microseconds / 1_000_000)
    let nanoseconds = Int(file.modified.microseconds % 1_000_000) * 1000
    let time = timespec(tv_sec: seconds, tv_nsec: nanoseconds)
    guard chmod(path, mode_t(truncatingIfNeeded: file.mode & 0o777)) == 0,
      utimensat(AT_FDCWD, path, [time, time], 0) == 0
    else {
      throw BackupError.system(path: path, reason: String(cString: strerror(errno)))
    }
  }
}
