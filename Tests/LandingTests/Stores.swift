import Basics
import Storage
import Synchronization

/// A store that answers reads with a closure; everything else goes to a memory store.
final class ReadStore: ObjectStore {
  typealias Read = @Sendable (String, Range<Int64>, MemoryStore) throws(StorageError) -> [UInt8]

  let base = MemoryStore()
  private let answer: Read

  init(_ answer: @escaping Read) { self.answer = answer }

  func read(_ path: String, range: Range<Int64>) throws(StorageError) -> [UInt8] {
    try answer(path, range, base)
  }

  func read(_ path: String) throws(StorageError) -> [UInt8] {
    try answer(path, 0..<Int64.max, base)
  }

  func list(_ prefix: String, after: String?) throws(StorageError) -> [ObjectInfo] {
    try base.list(prefix, after: after)
  }

  func listFolder(_ prefix: String) throws(StorageError) -> [ObjectInfo] {
    try base.listFolder(prefix)
  }

  func info(_ path: String) throws(StorageError) -> ObjectInfo? { try base.info(path) }

  func put(_ path: String, _ bytes: [UInt8]) throws(StorageError) { try base.put(path, bytes) }

  func putIfAbsent(_ path: String, _ bytes: [UInt8]) throws(StorageError) -> Bool {
    try base.putIfAbsent(path, bytes)
  }

  func delete(_ path: String) throws(StorageError) { try base.delete(path) }

  func flush(_ paths: [String]) throws(StorageError) { try base.flush(paths) }

  func address(_ path: String) -> String { base.address(path) }
}

/// A list that several threads add to.
final class Log<Element: Sendable>: Sendable {
  private let elements = Mutex<[Element]>([])

  var all: [Element] { elements.withLock { $0 } }

  @discardableResult
  func add(_ element: Element) -> Int {
    elements.withLock {
      $0.append(element)
      return $0.count
    }
  }
}
