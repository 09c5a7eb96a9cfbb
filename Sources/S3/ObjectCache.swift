import Synchronization

/// Small objects that are never written again, as they were read; the newest that fit.
final class ObjectCache: Sendable {
  private struct State: Sendable {
    var objects: [String: [UInt8]] = [:]
    /// The names, the oldest first.
    var order: [String] = []
    var bytes = 0
  }

  private let state = Mutex(State())
  /// True for the names of objects that are kept.
  let keeps: @Sendable (String) -> Bool

  /// Bytes of all objects together.
  private static let room = 64 << 20
  /// Bytes of one object.
  private static let largest = 4 << 20

  init(_ keeps: @escaping @Sendable (String) -> Bool) { self.keeps = keeps }

  func object(_ key: String) -> [UInt8]? {
    keeps(key) ? state.withLock { $0.objects[key] } : nil
  }

  func insert(_ key: String, _ bytes: [UInt8]) {
    guard keeps(key), bytes.count <= ObjectCache.largest else { return }
    state.withLock { state in
      guard state.objects.updateValue(bytes, forKey: key) == nil else { return }
      state.order.append(key)
      state.bytes += bytes.count
      var gone = 0
      while state.bytes > ObjectCache.room, gone < state.order.count {
        state.bytes -= state.objects.removeValue(forKey: state.order[gone])?.count ?? 0
        gone += 1
      }
      state.order.removeFirst(gone)
    }
  }

  func remove(_ key: String) {
    guard keeps(key) else { return }
    state.withLock { state in
      guard let bytes = state.objects.removeValue(forKey: key) else { return }
      state.bytes -= bytes.count
      state.order.removeAll { $0 == key }
    }
  }
}
