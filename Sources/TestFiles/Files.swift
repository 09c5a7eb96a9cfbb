import Glibc
import Storage
import Synchronization

/// Reading and writing of whole files and folders, for tests.
///
/// Every function that fails says so by an error: a test that could not set its scene must not pass.
public enum Files {
  /// Where tests put their lakes: memory where the system has such a folder, else `/tmp`.
  ///
  /// Every commit waits for the disk, which is most of what a small run would do there.
  public static let scratch = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"

  private static let temporary = Mutex<Set<String>>([])

  /// Removes, when the process ends, the temporary folders that nobody removed: those of values that
  /// live as long as the process.
  private static let cleanUpAtExit: Void = {
    atexit { for folder in Files.temporary.withLock({ $0 }) { Files.remove(folder) } }
  }()

  /// A new empty folder, gone at the latest when the process ends.
  public static func makeTemporaryFolder(_ name: String = "podium-test") throws -> String {
    cleanUpAtExit
    var template = Array("\(scratch)/\(name)-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw TestKitError(call: "mkdtemp in \(scratch)") }
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    _ = temporary.withLock { $0.insert(path) }
    return path
  }

  /// Makes a folder and those above it.
  public static func makeFolder(_ path: String) throws {
    guard kindOfFile(path) == .missing else { return }
    try makeFolder(parentPath(path))
    if mkdir(path, 0o777) != 0, errno != EEXIST { throw TestKitError(call: "mkdir \(path)") }
  }

  /// Writes a file whole, in place, with the folders above it.
  public static func write(_ bytes: [UInt8], to path: String) throws {
    try makeFolder(parentPath(path))
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw TestKitError(call: "open \(path)") }
    defer { close(descriptor) }
    try writeAll(bytes, to: descriptor, "write \(path)")
  }

  /// Writes all bytes to an open file or pipe.
  /// - Parameter call: what an error names.
  public static func writeAll(_ bytes: [UInt8], to descriptor: Int32, _ call: String) throws {
    var done = 0
    while done < bytes.count {
      let put = bytes.withUnsafeBytes { buffer in
        buffer.baseAddress.map { Glibc.write(descriptor, $0 + done, buffer.count - done) } ?? 0
      }
      guard put > 0 else { throw TestKitError(call: call) }
      done += put
    }
  }

  /// Writes a text whole, in place, with the folders above it.
  public static func write(_ text: String, to path: String) throws {
    try write(Array(text.utf8), to: path)
  }

  /// The bytes of a file, also of one that does not tell its size, as those of the system.
  public static func read(_ path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw TestKitError(call: "open \(path)") }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      guard count >= 0 else { throw TestKitError(call: "read \(path)") }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }

  /// The text of a file; bytes that are not UTF-8 become U+FFFD.
  public static func text(_ path: String) throws -> String {
    String(decoding: try read(path), as: UTF8.self)
  }

  /// The names in a folder, sorted; none where it is missing.
  public static func names(_ path: String) -> [String] { namesInFolder(path)?.sorted() ?? [] }

  /// The paths of all files below a folder, sorted.
  public static func all(below path: String) -> [String] {
    names(path).flatMap { name in
      let child = path + "/" + name
      return isFolder(child) ? all(below: child) : [child]
    }
  }

  /// Removes a file, or a folder with all that is in it; a link is removed, not what it leads to.
  public static func remove(_ path: String) {
    if isFolder(path) {
      for name in names(path) { remove(path + "/" + name) }
      rmdir(path)
    } else {
      unlink(path)
    }
  }

  /// Copies a folder with all files in it.
  public static func copy(_ path: String, to target: String) throws {
    try makeFolder(target)
    for name in names(path) {
      let (from, to) = (path + "/" + name, target + "/" + name)
      if isFolder(from) { try copy(from, to: to) } else { try write(read(from), to: to) }
    }
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
