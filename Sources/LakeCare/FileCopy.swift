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
