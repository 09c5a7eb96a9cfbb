import Glibc

/// Sees files come, go and be closed in some folders.
public final class FolderWatch {
  private let descriptor: Int32

  /// Begins to watch folders that exist.
  public init(_ folders: [String]) throws {
    descriptor = inotify_init1(Int32(IN_CLOEXEC))
    guard descriptor >= 0 else { throw TestKitError(call: "inotify_init1") }
    let changes = IN_CREATE | IN_DELETE | IN_MOVED_TO | IN_CLOSE_WRITE
    for folder in folders {
      guard inotify_add_watch(descriptor, folder, UInt32(changes)) >= 0 else {
        throw TestKitError(call: "inotify_add_watch \(folder)")
      }
    }
  }

  deinit { close(descriptor) }

  /// Waits until so many changes have come, or until none has come for a time.
  /// - Returns: how many came.
  @discardableResult
  public func wait(for count: Int, quietMilliseconds: Int32) -> Int {
    var seen = 0
    while seen < count {
      var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&request, 1, quietMilliseconds) > 0 else { break }
      seen += next()
    }
    return seen
  }

  /// Reads the changes that came.
  private func next() -> Int {
    let header = MemoryLayout<inotify_event>.size
    return withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 8) { buffer in
      let count = read(descriptor, buffer.baseAddress, buffer.count)
      var at = 0
      var changes = 0
      while at + header <= count {
        let event = buffer.loadUnaligned(fromByteOffset: at, as: inotify_event.self)
        at += header + Int(event.len)
        changes += 1
      }
      return changes
    }
  }
}
