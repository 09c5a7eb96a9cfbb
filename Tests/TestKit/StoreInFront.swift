import Storage

/// A store that hands on to another one every call that a conforming type does not answer itself.
public protocol StoreInFront: ObjectStore {
  associatedtype Base: ObjectStore
  /// The store behind.
  var base: Base { get }
}

extension StoreInFront {
  public func list(_ prefix: String, after: String?) throws(StorageError) -> [ObjectInfo] {
    try base.list(prefix, after: after)
  }

  public func listFolder(_ prefix: String) throws(StorageError) -> [ObjectInfo] {
    try base.listFolder(prefix)
  }

  public func read(_ path: String) throws(StorageError) -> [UInt8] { try base.read(path) }

  public func read(_ path: String, range: Range<Int64>) throws(StorageError) -> [UInt8] {
    try base.read(path, range: range)
  }

  public func info(_ path: String) throws(StorageError) -> ObjectInfo? { try base.info(path) }

  public func put(_ path: String, _ bytes: [UInt8]) throws(StorageError) {
    try base.put(path, bytes)
  }

  public func putIfAbsent(_ path: String, _ bytes: [UInt8]) throws(StorageError) -> Bool {
    try base.putIfAbsent(path, bytes)
  }

  public func delete(_ path: String) throws(StorageError) { try base.delete(path) }

  public func flush(_ paths: [String]) throws(StorageError) { try base.flush(paths) }

  public func address(_ path: String) -> String { base.address(path) }
}
