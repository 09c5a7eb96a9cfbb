import Glibc
import Storage
import Synchronization
import TestKit

/// A folder in which this process is killed at some call: before it is carried out, or after.
struct DyingStore: StoreInFront {
  let base: LocalStore
  private let calls = Calls()

  private final class Calls: Sendable {
    let left = Atomic<Int>(.max)
  }

  /// - Parameter halfCalls: two for each call that is survived, one more to die after the next; nil
  ///   to live.
  init(_ base: LocalStore, dyingAfter halfCalls: Int?) {
    self.base = base
    calls.left.store(halfCalls ?? .max, ordering: .relaxed)
  }

  private func survive<R>(_ work: () throws(StorageError) -> R) throws(StorageError) -> R {
    let left = calls.left.wrappingSubtract(2, ordering: .relaxed).oldValue
    if left == 0 { kill(getpid(), SIGKILL) }
    let result = try work()
    if left == 1 { kill(getpid(), SIGKILL) }
    return result
  }

  func list(_ prefix: String, after: String?) throws(StorageError) -> [ObjectInfo] {
    try survive { () throws(StorageError) in try base.list(prefix, after: after) }
  }

  func read(_ path: String) throws(StorageError) -> [UInt8] {
    try survive { () throws(StorageError) in try base.read(path) }
  }

  func put(_ path: String, _ bytes: [UInt8]) throws(StorageError) {
    try survive { () throws(StorageError) in try base.put(path, bytes) }
  }

  func putIfAbsent(_ path: String, _ bytes: [UInt8]) throws(StorageError) -> Bool {
    try survive { () throws(StorageError) in try base.putIfAbsent(path, bytes) }
  }

  func delete(_ path: String) throws(StorageError) {
    try survive { () throws(StorageError) in try base.delete(path) }
  }

  func flush(_ paths: [String]) throws(StorageError) {
    try survive { () throws(StorageError) in try base.flush(paths) }
  }
}
