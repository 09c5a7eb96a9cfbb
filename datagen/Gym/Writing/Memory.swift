/// Bytes that stay where they are and are given back with the last reference to them.
///
/// One task at a time may write them.
final class Memory: @unchecked Sendable {
  let start: UnsafeMutablePointer<UInt8>
  let count: Int

  init(count: Int) {
    self.count = count
    start = .allocate(capacity: count)
  }

  deinit { start.deallocate() }
}
