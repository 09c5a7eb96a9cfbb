import Storage
import Synchronization

/// A store that fails when a test wants it to, before or after it did its work.
///
/// It stands in front of another store, through the same door as real I/O.
public final class FaultyStore: ObjectStore {
  /// A failure to come.
  public struct Fault: Hashable, Sendable {
    /// The call that fails, counted from 1.
    public var call: Int
    /// True if the work is done all the same, as when an answer gets lost.
    public var afterWork: Bool
    /// How many later calls fail too, without doing their work; all where the process has died.
    public var following: Int

    public init(call: Int, afterWork: Bool, following: Int) {
      self.call = call
      self.afterWork = afterWork
      self.following = following
    }

    public init(call: Int, afterWork: Bool, lasting: Bool) {
      self.init(call: call, afterWork: afterWork, following: lasting ? .max : 0)
    }
  }

  /// A call that came in.
  public struct Call: Hashable, Sendable, CustomStringConvertible {
    public let operation: StorageError.Operation
    public let path: String
    public var description: String { "\(operation.rawValue) \(path)" }
  }

  private struct State {
    var fault: Fault?
    var calls: [Call] = []
  }

  /// The store behind.
  public let base: any ObjectStore
  private let state = Mutex(State())

  public init(_ base: any ObjectStore) { self.base = base }

  /// The calls since the last `arm`, in order.
  public var calls: [Call] { state.withLock { $0.calls } }

  /// Forgets the calls so far and fails as told from here on; nil fails never.
  public func arm(_ fault: Fault?) {
    state.withLock { $0 = State(fault: fault) }
  }

  private func perform<R>(
    _ operation: StorageError.Operation, _ path: String,
    _ work: () throws(StorageError) -> R
  ) throws(StorageError) -> R {
    let (number, fault) = state.withLock { state in
      state.calls.append(Call(operation: operation, path: path))
      return (state.calls.count, state.fault)
    }
    guard let fault, number >= fault.call, number - fault.call <= fault.following else {
      return try work()
    }
    if fault.afterWork, number == fault.call { _ = try work() }
    throw StorageError(.injected, operation, address(path), detail: "call \(number)")
  }

  public func list(_ prefix: String, after: String?) throws(StorageError) -> [ObjectInfo] {
    try perform(.list, prefix) { () throws(StorageError) in try base.list(prefix, after: after) }
  }

  public func listFolder(_ prefix: String) throws(StorageError) -> [ObjectInfo] {
    try perform(.list, prefix) { () throws(StorageError) in try base.listFolder(prefix) }
  }

  public func read(_ path: String) throws(StorageError) -> [UInt8] {
    try perform(.read, path) { () throws(StorageError) in try base.read(path) }
  }

  public func read(_ path: String, range: Range<Int64>) throws(StorageError) -> [UInt8] {
    try perform(.read, path) { () throws(StorageError) in try base.read(path, range: range) }
  }

  public func info(_ path: String) throws(StorageError) -> ObjectInfo? {
    try perform(.read, path) { () throws(StorageError) in try base.info(path) }
  }

  public func put(_ path: String, _ bytes: [UInt8]) throws(StorageError) {
    try perform(.write, path) { () throws(StorageError) in try base.put(path, bytes) }
  }

  public func putIfAbsent(_ path: String, _ bytes: [UInt8]) throws(StorageError) -> Bool {
    try perform(.write, path) { () throws(StorageError) in try base.putIfAbsent(path, bytes) }
  }

  public func delete(_ path: String) throws(StorageError) {
    try perform(.delete, path) { () throws(StorageError) in try base.delete(path) }
  }

  public func flush(_ paths: [String]) throws(StorageError) {
    try perform(.flush, paths.first ?? "") { () throws(StorageError) in try base.flush(paths) }
  }

  public func address(_ path: String) -> String { base.address(path) }
}
