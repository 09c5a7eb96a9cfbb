import Basics
import Glibc

extension LocalStore {
  public func list(_ prefix: String, after: String?) throws(StorageError) -> [ObjectInfo] {
    // Only the folder that the prefix names is walked; what follows the last slash filters it.
    let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
    var found: [ObjectInfo] = []
    let above = Set([FolderIdentity(at: address(String(folder.dropLast())))].compactMap(\.self))
    let after = after.map { Array($0.utf8) } ?? []
    try walk(folder, above, after: after) { object in
      if object.path.utf8.starts(with: prefix.utf8),
        after.lexicographicallyPrecedes(object.path.utf8)
      {
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
    _ folder: String, _ above: Set<FolderIdentity>, after: [UInt8], _ visit: (ObjectInfo) -> Void
  ) throws(StorageError) {
    for entry in try entries(folder, after: after) {
      guard let identity = entry.folder else {
        visit(entry.info)
        continue
      }
      if !above.contains(identity) {
        try walk(entry.info.path, above.union([identity]), after: after, visit)
      }
    }
  }

  private struct Entry {
    let info: ObjectInfo
    /// Which folder it is; nil for anything else.
    let folder: FolderIdentity?
  }

  /// - Parameter after: leaves out, without a look at it, what comes at or before this path together
  ///   with all that may lie below it.
  private func entries(
    _ folder: String, after: [UInt8] = []
  ) throws(StorageError) -> [Entry] {
    let trimmed = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    let path = address(trimmed)
    guard let names = namesInFolder(path) else {
      if errno == ENOENT { return [] }
      throw systemError(.list, path)
    }
    var entries: [Entry] = []
    for name in names where !name.hasPrefix(LocalStore.temporaryPrefix) {
      let child = trimmed.isEmpty ? name : trimmed + "/" + name
      // Whatever lies below a folder comes before the folder's name with the digit 0, which follows
      // the slash.
      if !after.lexicographicallyPrecedes(child.utf8 + [0x30]) { continue }
      var status = stat()
      // A link that leads nowhere is listed, with 0 bytes, so that somebody hears of it; a file that
      // another process removed in the meantime is not there.
      guard stat(path + "/" + name, &status) == 0 || lstat(path + "/" + name, &status) == 0 else {
        continue
      }
      if status.st_mode & S_IFMT == S_IFLNK { status.st_size = 0 }
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      if isFolder, !followsLinks, isLink(child) { continue }
      entries.append(
        Entry(
          info: ObjectInfo(
            path: child + (isFolder ? "/" : ""), size: isFolder ? 0 : Int64(status.st_size),
            modified: modified(status)),
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
