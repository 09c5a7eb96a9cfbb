import Synchronization

/// A folder of a store to which this process alone writes: its names are listed once, so that asking for
/// an object that is not there costs nothing.
public final class KnownNames: Sendable {
  private let base: any ObjectStore
  /// The paths, once they were listed.
  private let names = Mutex<Set<String>?>(nil)

  public init(_ base: any ObjectStore) { self.base = base }

  /// True if the object may be there.
  private func mayHave(_ path: String) throws(StorageError) -> Bool {
    try names.withLock { (names) throws(StorageError) in
      let known: Set<String>
      if let names {
        known = names
      } else {
        known = Set(try base.list("").map(\.path))
        names = known
      }
      return known.contains(path)
    }
  }

  private func add(_ path: String) { names.withLock { _ = $0?.insert(path) } }
}

extension KnownNames: ObjectStore {
  public func list(_ prefix: String, after: String?) throws(StorageError) -> [ObjectInfo] {
    try base.list(prefix, after: after)
  }

  public func listFolder(_ prefix: String) throws(StorageError) -> [ObjectInfo] {
    try base.listFolder(prefix)
  }

  public func read(_ path: String) throws(StorageError) -> [UInt8] {
    guard try mayHave(path) else { throw StorageError(.notFound, .read, address(path)) }
    return try base.read(path)
  }

  public func read(_ path: String, range: Range<Int64>) throws(StorageError) -> [UInt8] {
    guard try mayHave(path) else { throw StorageError(.notFound, .read, address(path)) }
    return try base.read(path, range: range)
  }

  public func info(_ path: String) throws(StorageError) -> ObjectInfo? {
    try mayHave(path) ? base.info(path) : nil
  }

  public func put(_ path: String, _ bytes: [UInt8]) throws(StorageError) {
    add(path)
    try base.put(path, bytes)
  }

  public func putIfAbsent(_ path: String, _ bytes: [UInt8]) throws(StorageError) -> Bool {
    add(path)
    return try base.putIfAbsent(path, bytes)
  }

  public func delete(_ path: String) throws(StorageError) {
    guard try mayHave(path) else { return }
    try base.delete(path)
    names.withLock { _ = $0?.remove(path) }
  }

  public func flush(_ paths: [String]) throws(StorageError) { try base.flush(paths) }

  public func address(_ path: String) -> String { base.address(path) }
}
