import Basics
import Glibc

/// An open file of the local file system.
public struct LocalFile: Sendable {
  private let descriptor: Int32
  /// The path it was opened by.
  public let path: String

  /// Size, time and identity of an open file.
  public struct Info: Hashable, Sendable {
    /// Bytes.
    public let size: Int64
    /// When the file was last written.
    public let modified: Timestamp
    /// The file's number within its file system.
    public let inode: UInt64
  }

  /// Opens a file or folder for reading.
  public init(reading path: String) throws(StorageError) {
    // A named pipe would otherwise wait for a writer, for ever.
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    self.path = path
    if descriptor < 0 { throw systemError(.read, path) }
  }

  /// Creates a file that must not exist yet.
  public init(creating path: String, mode: mode_t = 0o666) throws(StorageError) {
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    self.path = path
    if descriptor < 0 { throw systemError(.write, path) }
  }

  /// Size and time as of now; an error for anything but a regular file.
  public func info() throws(StorageError) -> Info {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw systemError(.read, path) }
    switch status.st_mode & S_IFMT {
    case S_IFREG:
      return Info(
        size: Int64(status.st_size), modified: modified(status), inode: UInt64(status.st_ino))
    case S_IFDIR: throw StorageError(.isAFolder, .read, path)
    default: throw StorageError(.failed, .read, path, detail: "it is not a regular file")
    }
  }

  /// Up to `count` bytes from a position; fewer where the file ends before.
  public func read(at offset: Int64, count: Int) throws(StorageError) -> [UInt8] {
    var done = 0
    var failed: StorageError?
    let bytes = [UInt8](unsafeUninitializedCapacity: max(0, count)) { buffer, filled in
      while done < count, let base = buffer.baseAddress {
        let got = pread(descriptor, base + done, count - done, off_t(offset) + off_t(done))
        if got < 0, errno == EINTR { continue }
        if got < 0 { failed = systemError(.read, path) }
        if got <= 0 { break }
        done += got
      }
      filled = done
    }
    if let failed { throw failed }
    return bytes
  }

  /// Adds bytes at the end of what was written so far.
  public func write(_ bytes: [UInt8]) throws(StorageError) {
    let failed: StorageError? = bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count, let base = buffer.baseAddress {
        let put = Glibc.write(descriptor, base + done, buffer.count - done)
        if put < 0, errno == EINTR { continue }
        if put < 0 { return systemError(.write, path) }
        done += put
      }
      return nil
    }
    if let failed { throw failed }
  }

  /// Waits until the disk has it.
  public func flush() throws(StorageError) {
    guard fsync(descriptor) != 0, errno != EINVAL else { return }
    throw systemError(.flush, path)
  }

  /// Ends the use of the file.
  public func close() { _ = Glibc.close(descriptor) }
}

/// What stands at a path of the local file system.
public enum FileKind: Hashable, Sendable {
  case missing, folder
  /// A regular file, or anything else that is no folder.
  case file
}

/// True for a pipe, a socket or a device: what is there and is neither a folder nor a regular file.
public func isSpecialFile(_ path: String) -> Bool {
  var status = stat()
  guard stat(path, &status) == 0 else { return false }
  return ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
}

/// Tells what stands at a path.
public func kindOfFile(_ path: String) -> FileKind {
  var status = stat()
  guard stat(path, &status) == 0 else { return .missing }
  return status.st_mode & S_IFMT == S_IFDIR ? .folder : .file
}
