import Basics
import Glibc
import Synchronization

/// An object store in memory, for tests and for trying things out.
public final class MemoryStore: ObjectStore {
  private struct Object {
    var info: ObjectInfo
    var bytes: [UInt8]
  }

  /// In the order of their paths' bytes.
  private let objects = Mutex<[Object]>([])
  private let clock: Clock

  public init(clock: Clock = .system) { self.clock = clock }

  /// A store with the same objects at the same times, and a clock of its own.
  public func copy(clock: Clock = .system) -> MemoryStore {
    let copy = MemoryStore(clock: clock)
    let own = objects.withLock { $0 }
    copy.objects.withLock { $0 = own }
    return copy
  }

  public func list(_ prefix: String, after: String?) throws(StorageError) -> [ObjectInfo] {
    objects.withLock { objects in
      var found: [ObjectInfo] = []
      var index = MemoryStore.index(of: prefix, in: objects)
      while index < objects.count, MemoryStore.begins(objects[index].info.path, prefix) {
        let info = objects[index].info
        if let after, MemoryStore.order(info.path, after) <= 0 {
          index = max(index + 1, MemoryStore.index(of: after, in: objects))
        } else {
          found.append(info)
          index += 1
        }
      }
      return found
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
    guard let object = object(path) else {
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

  public func info(_ path: String) throws(StorageError) -> ObjectInfo? { object(path)?.info }

  public func put(_ path: String, _ bytes: [UInt8]) throws(StorageError) {
    _ = write(path, bytes, replacing: true)
  }

  public func putIfAbsent(_ path: String, _ bytes: [UInt8]) throws(StorageError) -> Bool {
    write(path, bytes, replacing: false)
  }

  public func delete(_ path: String) throws(StorageError) {
    objects.withLock { objects in
      let index = MemoryStore.index(of: path, in: objects)
      if MemoryStore.holds(path, at: index, objects) { objects.remove(at: index) }
    }
  }

  public func flush(_ paths: [String]) throws(StorageError) {}

  public func address(_ path: String) -> String { "memory:" + path }

  private func object(_ path: String) -> Object? {
    objects.withLock { objects in
      let index = MemoryStore.index(of: path, in: objects)
      return MemoryStore.holds(path, at: index, objects) ? objects[index] : nil
    }
  }

  private func write(_ path: String, _ bytes: [UInt8], replacing: Bool) -> Bool {
    let info = ObjectInfo(path: path, size: Int64(bytes.count), modified: clock.now())
    return objects.withLock { objects in
      let index = MemoryStore.index(of: path, in: objects)
      if MemoryStore.holds(path, at: index, objects) {
        guard replacing else { return false }
        objects[index] = Object(info: info, bytes: bytes)
      } else {
        objects.insert(Object(info: info, bytes: bytes), at: index)
      }
      return true
    }
  }

  private static func holds(_ path: String, at index: Int, _ objects: [Object]) -> Bool {
    index < objects.count && order(objects[index].info.path, path) == 0
  }

  /// The index of the first object whose path is not before this one.
  private static func index(of path: String, in objects: [Object]) -> Int {
    var low = 0
    var high = objects.count
    while low < high {
      let middle = (low + high) / 2
      if order(objects[middle].info.path, path) < 0 { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private static func begins(_ path: String, _ prefix: String) -> Bool {
    var (path, prefix) = (path, prefix)
    return path.withUTF8 { path in
      prefix.withUTF8 { prefix in
        path.count >= prefix.count
          && order(UnsafeBufferPointer(start: path.baseAddress, count: prefix.count), prefix) == 0
      }
    }
  }

  /// Negative, zero or positive as the bytes of a text come before, are or come after another's.
  private static func order(_ a: String, _ b: String) -> Int32 {
    var (a, b) = (a, b)
    return a.withUTF8 { a in b.withUTF8 { b in order(a, b) } }
  }

  private static func order(
    _ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>
  ) -> Int32 {
    let common = min(a.count, b.count)
    if common > 0, let first = a.baseAddress, let second = b.baseAddress {
      let order = memcmp(first, second, common)
      if order != 0 { return order }
    }
    return a.count < b.count ? -1 : a.count == b.count ? 0 : 1
  }
}
