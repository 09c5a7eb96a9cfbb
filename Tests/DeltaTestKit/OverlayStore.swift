import Basics
import Storage
import Synchronization
import TestKit

/// A store whose objects are those of another one, but for what is put into it.
public final class OverlayStore: StoreInFront {
  public let base: MemoryStore
  private let own = Mutex<[String: [UInt8]?]>([:])

  public init(_ base: MemoryStore) { self.base = base }

  public func list(_ prefix: String, after: String?) throws(StorageError) -> [ObjectInfo] {
    let changed = own.withLock { $0 }
    var found = try base.list(prefix, after: after).filter { changed[$0.path] == nil }
    for (path, bytes) in changed {
      guard let bytes, path.hasPrefix(prefix), after.map({ $0 < path }) ?? true else { continue }
      found.append(OverlayStore.info(path, bytes))
    }
    return found.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  public func read(_ path: String) throws(StorageError) -> [UInt8] {
    switch own.withLock({ $0[path] }) {
    case .some(.some(let bytes)): return bytes
    case .some(.none): throw StorageError(.notFound, .read, address(path))
    case .none: return try base.read(path)
    }
  }

  public func read(_ path: String, range: Range<Int64>) throws(StorageError) -> [UInt8] {
    let bytes = try read(path)
    return Array(
      bytes[Int(clamping: range.lowerBound.clamped(to: 0...Int64(bytes.count)))...]
        .prefix(Int(clamping: range.upperBound - range.lowerBound)))
  }

  public func info(_ path: String) throws(StorageError) -> ObjectInfo? {
    switch own.withLock({ $0[path] }) {
    case .some(.some(let bytes)): return OverlayStore.info(path, bytes)
    case .some(.none): return nil
    case .none: return try base.info(path)
    }
  }

  public func put(_ path: String, _ bytes: [UInt8]) throws(StorageError) {
    own.withLock { $0[path] = .some(bytes) }
  }

  public func putIfAbsent(_ path: String, _ bytes: [UInt8]) throws(StorageError) -> Bool {
    if try info(path) != nil { return false }
    try put(path, bytes)
    return true
  }

  public func delete(_ path: String) throws(StorageError) {
    own.withLock { $0[path] = .some(nil) }
  }

  private static func info(_ path: String, _ bytes: [UInt8]) -> ObjectInfo {
    ObjectInfo(
      path: path, size: Int64(bytes.count), modified: Timestamp(milliseconds: 1_704_067_300_000))
  }
}

extension Int64 {
  fileprivate func clamped(to range: ClosedRange<Int64>) -> Int64 {
    Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
  }
}
