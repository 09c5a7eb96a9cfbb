import Basics
import Glibc

extension LocalStore {
  public func list(_ prefix: String, after: String?) throws(StorageError) -> [ObjectInfo] {
    // Only the folder that the prefix names is walked; what follows the last slash filters it.
    let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
    var found: [ObjectInfo] = []
    try walk(folder) { object in
      if object.path.hasPrefix(prefix), after.map({ $0 < object.path }) ?? true {
        found.append(object)
      }
    }
    return found.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  public func listFolder(_ prefix: String) throws(StorageError) -> [ObjectInfo] {
    try entries(prefix).map(\.info)
      .sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  private func walk(
    _ folder: String, _ visit: (ObjectInfo) -> Void
  ) throws(StorageError) {
    for entry in try entries(folder) {
      if entry.isFolder {
        try walk(entry.info.path, visit)
      } else {
        visit(entry.info)
      }
    }
  }

  private struct Entry {
    let info: ObjectInfo
    let isFolder: Bool
  }

  private func entries(_ folder: String) throws(StorageError) -> [Entry] {
    let trimmed = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    let path = address(trimmed)
    guard let handle = opendir(path) else {
      if errno == ENOENT { return [] }
      throw systemError(.list, path)
    }
    defer { closedir(handle) }
    var entries: [Entry] = []
    while let record = readdir(handle) {
      let name = withUnsafePointer(to: &record.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name == "." || name == ".." || name.hasPrefix(LocalStore.temporaryPrefix) { continue }
      var status = stat()
      // A link that leads nowhere is listed, with 0 bytes, so that somebody hears of it; a file that
      // another process removed in the meantime is not there.
      guard stat(path + "/" + name, &status) == 0 || lstat(path + "/" + name, &status) == 0 else {
        continue
      }
      if status.st_mode & S_IFMT == S_IFLNK { status.st_size = 0 }
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      let child = (trimmed.isEmpty ? name : trimmed + "/" + name) + (isFolder ? "/" : "")
      entries.append(
        Entry(
          info: ObjectInfo(
            path: child, size: isFolder ? 0 : Int64(status.st_size), modified: modified(status)),
          isFolder: isFolder))
    }
    return entries
  }
}
