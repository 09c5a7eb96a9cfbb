/// A folder of a store as a store of its own.
struct StoreFolder: ObjectStore {
  private let base: any ObjectStore
  /// Ends with `/`.
  private let prefix: String

  init(of base: any ObjectStore, _ path: String) {
    self.base = base
    prefix = path.isEmpty || path.hasSuffix("/") ? path : path + "/"
  }

  private func relative(_ objects: [ObjectInfo]) -> [ObjectInfo] {
    objects.map(relative)
  }

  private func relative(_ object: ObjectInfo) -> ObjectInfo {
    ObjectInfo(
      path: String(object.path.dropFirst(prefix.count)), size: object.size,
      modified: object.modified, tag: object.tag)
  }

  func list(_ prefix: String, after: String?) throws(StorageError) -> [ObjectInfo] {
    relative(try base.list(self.prefix + prefix, after: after.map { self.prefix + $0 }))
  }

  func listFolder(_ prefix: String) throws(StorageError) -> [ObjectInfo] {
    relative(try base.listFolder(self.prefix + prefix))
  }

  func read(_ path: String) throws(StorageError) -> [UInt8] { try base.read(prefix + path) }

  func read(_ path: String, range: Range<Int64>) throws(StorageError) -> [UInt8] {
    try base.read(prefix + path, range: range)
  }

  func info(_ path: String) throws(StorageError) -> ObjectInfo? {
    try base.info(prefix + path).map(relative)
  }

  func put(_ path: String, _ bytes: [UInt8]) throws(StorageError) {
    try base.put(prefix + path, bytes)
  }

  func putIfAbsent(_ path: String, _ bytes: [UInt8]) throws(StorageError) -> Bool {
    try base.putIfAbsent(prefix + path, bytes)
  }

  func delete(_ path: String) throws(StorageError) { try base.delete(prefix + path) }

  func delete(_ paths: [String]) throws(StorageError) {
    try base.delete(paths.map { prefix + $0 })
  }

  func flush(_ paths: [String]) throws(StorageError) { try base.flush(paths.map { prefix + $0 }) }

  func address(_ path: String) -> String {
    base.address(path.isEmpty ? String(prefix.dropLast()) : prefix + path)
  }

  func put(_ path: String, file: LocalFile) throws(StorageError) {
    try base.put(prefix + path, file: file)
  }
}
