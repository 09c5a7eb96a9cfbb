import Basics
import Glibc
import Lakehouse
import SQLite
import Storage
import Synchronization

/// The ledger of a lake in a bucket: this machine works on a copy of the file, and who holds the lake's
/// lock puts it back.
extension Ledger {
  /// One thread of the process at a time fetches or saves; when each copy was last known to be the
  /// bucket's, in seconds.
  private static let gate = Mutex<[String: Double]>([:])
  /// Seconds for which that holds.
  private static let trust = 5.0
  /// Says which of the bucket's contents the copy is.
  private static let note = "ledger.tag"

  /// Fetches the file, unless the copy is of that content; nothing is done for a lake on this machine.
  static func fetch(_ lake: Lake) throws(StorageError) {
    guard !lake.isLocal else { return }
    let copy = lake.local
    try gate.withLock { (seen) throws(StorageError) in
      let now = monotonicSeconds()
      if let last = seen[copy.root], now - last < trust, try copy.info(file) != nil { return }
      defer { seen[copy.root] = now }
      let there = try lake.records.info(file)
      let known = try copy.info(note).map { (_) throws(StorageError) in
        String(decoding: try copy.read(note), as: UTF8.self)
      }
      if let there, there.tag == known, try copy.info(file) != nil { return }
      // Without one there, a copy whose content was there once is of a lake that is gone.
      guard there != nil || known != nil else { return }
      for suffix in ["-wal", "-shm"] { try copy.delete(file + suffix) }
      guard let there else {
        try copy.delete(file)
        return try copy.delete(note)
      }
      try copy.put(file, lake.records.read(file))
      try copy.put(note, Array((there.tag ?? "").utf8))
    }
  }

  /// Puts the file back into the bucket; nothing is done for a lake on this machine.
  ///
  /// The caller holds the lake's lock. What is not saved is lost with this machine's copy; the tables'
  /// logs tell the most of it.
  public func save() throws {
    guard let lake = home else { return }
    let copy = lake.local
    try Ledger.gate.withLock { seen in
      let whole = copy.address("ledger-\(uniqueName()).sqlite")
      defer { unlink(whole) }
      try database.copy(to: whole)
      let bytes = try LocalFile(reading: whole)
      defer { bytes.close() }
      try lake.records.put(Ledger.file, file: bytes)
      let tag = try lake.records.info(Ledger.file)?.tag
      try copy.put(Ledger.note, Array((tag ?? "").utf8))
      seen[copy.root] = monotonicSeconds()
    }
  }
}
