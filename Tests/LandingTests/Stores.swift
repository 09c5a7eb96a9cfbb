import Basics
import Storage
import Synchronization
import TestKit

/// A store that answers reads with a closure; everything else goes to a memory store.
final class ReadStore: StoreInFront {
  typealias Read = @Sendable (String, Range<Int64>, MemoryStore) throws(StorageError) -> [UInt8]

  let base = MemoryStore()
  private let answer: Read

  init(_ answer: @escaping Read) { self.answer = answer }

  /// A store that writes down which ranges are read.
  convenience init(_ log: Log<Range<Int64>>) {
    self.init { path, range, base throws(StorageError) in
      log.add(range)
      return try base.read(path, range: range)
    }
  }

  func read(_ path: String, range: Range<Int64>) throws(StorageError) -> [UInt8] {
    try answer(path, range, base)
  }

  func read(_ path: String) throws(StorageError) -> [UInt8] {
    try answer(path, 0..<Int64.max, base)
  }
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
