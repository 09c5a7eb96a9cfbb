/// The part of a store that lies below a folder, as a store of its own.
public struct FolderStore: ObjectStore {
  private let base: any ObjectStore
  private let prefix: String

  /// A store of what lies in `folder` of another store.
  public init(_ base: any ObjectStore, folder: String) {
    self.base = base
    prefix = folder.isEmpty || folder.hasSuffix("/") ? folder : folder + "/"
  }

  public func list(_ prefix: String, after: String?) throws(StorageError) -> [ObjectInfo] {
    try base.list(self.prefix + prefix, after: after.map { self.prefix + $0 }).map(inside)
  }

  public func listFolder(_ prefix: String) throws(StorageError) -> [ObjectInfo] {
    try base.listFolder(self.prefix + prefix).map(inside)
  }

  public func read(_ path: String) throws(StorageError) -> [UInt8] {
    try base.read(prefix + path)
  }

  public func read(_ path: String, range: Range<Int64>) throws(StorageError) -> [UInt8] {
    try base.read(prefix + path, range: range)
  }

  public func info(_ path: String) throws(StorageError) -> ObjectInfo? {
    try base.info(prefix + path).map(inside)
  }

  public func put(_ path: String, _ bytes: [UInt8]) throws(StorageError) {
    try base.put(prefix + path, bytes)
  }

  public func putIfAbsent(_ path: String, _ bytes: [UInt8]) throws(StorageError) -> Bool {
    try base.putIfAbsent(prefix + path, bytes)
  }

  public func delete(_ path: String) throws(StorageError) { try base.delete(prefix + path) }

  public func flush(_ paths: [String]) throws(StorageError) {
    try base.flush(paths.map { prefix + $0 })
  }

  public func address(_ path: String) -> String {
    let full = prefix + path
    return base.address(full.hasSuffix("/") ? String(full.dropLast()) : full)
  }

  private func inside(_ object: ObjectInfo) -> ObjectInfo {
    ObjectInfo(
      path: String(object.path.dropFirst(prefix.count)), size: object.size,
      modified: object.modified)
  }
}
