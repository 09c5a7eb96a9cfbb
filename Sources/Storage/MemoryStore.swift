import Basics
import Synchronization

/// An object store in memory, for tests and for trying things out.
public final class MemoryStore: ObjectStore {
  private struct Object {
    var bytes: [UInt8]
    var modified: Timestamp
  }

  private let objects = Mutex<[String: Object]>([:])
  private let clock: Clock

  public init(clock: Clock = .system) { self.clock = clock }

  public func list(_ prefix: String, after: String?) throws(StorageError) -> [ObjectInfo] {
    objects.withLock { objects in
      objects.filter { entry in
        entry.key.hasPrefix(prefix) && (after.map { $0 < entry.key } ?? true)
      }.map { info($0.key, $0.value) }
        .sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }
  }

  public func listFolder(_ prefix: String) throws(StorageError) -> [ObjectInfo] {
    let prefix = prefix.isEmpty || prefix.hasSuffix("/") ? prefix : prefix + "/"
    var seen: Set<String> = []
    return try list(prefix, after: nil).compactMap { object in
      let rest = object.path.dropFirst(prefix.count)
      guard let slash = rest.firstIndex(of: "/") else { return object }
      let folder = prefix + rest[...slash]
      guard seen.insert(folder).inserted else { return nil }
      return ObjectInfo(path: folder, size: 0, modified: object.modified)
    }
  }

  public func read(_ path: String) throws(StorageError) -> [UInt8] {
    guard let object = objects.withLock({ $0[path] }) else {
      throw StorageError(.notFound, .read, address(path))
    }
    return object.bytes
  }

  public func read(_ path: String, range: Range<Int64>) throws(StorageError) -> [UInt8] {
    let bytes = try read(path)
    return Array(
      bytes[Int(range.clamped(to: 0..<Int64(bytes.count)).lowerBound)...]
        .prefix(Int(clamping: range.upperBound - range.lowerBound)))
  }

  public func info(_ path: String) throws(StorageError) -> ObjectInfo? {
    objects.withLock { $0[path] }.map { info(path, $0) }
  }

  public func put(_ path: String, _ bytes: [UInt8]) throws(StorageError) {
    let object = Object(bytes: bytes, modified: clock.now())
    objects.withLock { $0[path] = object }
  }

  public func putIfAbsent(_ path: String, _ bytes: [UInt8]) throws(StorageError) -> Bool {
    let object = Object(bytes: bytes, modified: clock.now())
    return objects.withLock { objects in
      guard objects[path] == nil else { return false }
      objects[path] = object
      return true
    }
  }

  public func delete(_ path: String) throws(StorageError) {
    objects.withLock { $0[path] = nil }
  }

  public func flush(_ paths: [String]) throws(StorageError) {}

  public func address(_ path: String) -> String { "memory:" + path }

  private func info(_ path: String, _ object: Object) -> ObjectInfo {
    ObjectInfo(path: path, size: Int64(object.bytes.count), modified: object.modified)
  }
}
