import Glibc

/// A folder that is gone, with all that lies in it, when the last user lets go of it.
public final class TemporaryFolder: Sendable {
  /// The absolute path, without a slash at its end.
  public let path: String
  private let top: String

  /// - Parameter inner: folders to make below the new one; `path` is the innermost.
  public init(_ inner: String = "") {
    var name = Array("/tmp/podium-tests-XXXXXX".utf8CString)
    precondition(mkdtemp(&name) != nil, "no folder could be made in /tmp")
    top = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    var path = top
    for part in inner.split(separator: "/") {
      path += "/" + part
      mkdir(path, 0o777)
    }
    self.path = path
  }

  deinit { removeTree(top) }
}

/// Removes a file, or a folder with all that lies in it.
public func removeTree(_ path: String) {
  for name in fileNames(path) where lstatIsFolder(path + "/" + name) {
    removeTree(path + "/" + name)
  }
  for name in fileNames(path) { unlink(path + "/" + name) }
  if rmdir(path) != 0 { unlink(path) }
}

/// The names of what lies in a folder, in order.
public func fileNames(_ path: String) -> [String] {
  guard let folder = opendir(path) else { return [] }
  defer { closedir(folder) }
  var names: [String] = []
  while let entry = readdir(folder) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names.sorted()
}

private func lstatIsFolder(_ path: String) -> Bool {
  var status = stat()
  return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}
