import Basics
import Glibc

extension LocalStore {
  public func list(_ prefix: String, after: String?) throws(StorageError) -> [ObjectInfo] {
    // Only the folder that the prefix names is walked; what follows the last slash filters it.
    let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
    var found: [ObjectInfo] = []
    let above = Set([FolderIdentity(at: address(String(folder.dropLast())))].compactMap(\.self))
    try walk(folder, above) { object in
      let isAfter = after.map { $0.utf8.lexicographicallyPrecedes(object.path.utf8) } ?? true
      if isAfter, object.path.utf8.starts(with: prefix.utf8) {
        found.append(object)
      }
    }
    return found.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  public func listFolder(_ prefix: String) throws(StorageError) -> [ObjectInfo] {
    try entries(prefix).map(\.info)
      .sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  /// Visits the files below a folder; a link that leads back to a folder above it is left out.
  private func walk(
    _ folder: String, _ above: Set<FolderIdentity>, _ visit: (ObjectInfo) -> Void
  ) throws(StorageError) {
    for entry in try entries(folder) {
      guard let identity = entry.folder else {
        visit(entry.info)
        continue
      }
      if !above.contains(identity) { try walk(entry.info.path, above.union([identity]), visit) }
    }
  }

  private struct Entry {
    let info: ObjectInfo
    /// Which folder it is; nil for anything else.
    let folder: FolderIdentity?
  }

  private func entries(_ folder: String) throws(StorageError) -> [Entry] {
    let trimmed = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    let path = address(trimmed)
    guard let names = namesInFolder(path) else {
      if errno == ENOENT { return [] }
      throw systemError(.list, path)
    }
    var entries: [Entry] = []
    for name in names where !name.hasPrefix(LocalStore.temporaryPrefix) {
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
          folder: isFolder ? FolderIdentity(status) : nil))
    }
    return entries
  }
}

/// The names of all that lies in a folder, in no order; nil, with the reason in `errno`, for one that
/// cannot be listed.
public func namesInFolder(_ path: String) -> [String]? {
  guard let handle = opendir(path) else { return nil }
  defer { closedir(handle) }
  var names: [String] = []
  while let record = readdir(handle) {
    let name = withUnsafePointer(to: &record.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names
}
