import Basics

/// A file of a transaction log, told by its name.
enum LogFile: Hashable {
  case commit(Int64)
  case checkpoint(Int64, CheckpointKind)
  /// One file for the commits from a first to a last version.
  case compacted(Int64, Int64)
  case checksum(Int64)
  case other

  enum CheckpointKind: Hashable {
    /// One Parquet file; its content may be of either version.
    case single
    /// One part of several, counted from 1.
    case part(Int, of: Int)
    /// Named by a UUID; a manifest in Parquet or JSON.
    case unique(String, json: Bool)
  }

  static let folder = "_delta_log/"
  static let lastCheckpoint = folder + "_last_checkpoint"

  static func commitPath(_ version: Int64) -> String { folder + number(version) + ".json" }
  static func checkpointPath(_ version: Int64) -> String {
    folder + number(version) + ".checkpoint.parquet"
  }
  static func checksumPath(_ version: Int64) -> String { folder + number(version) + ".crc" }

  /// True for the path of a commit, of its checksum or of a deletion vector, which are never written
  /// again.
  static func isWrittenOnce(_ path: String) -> Bool {
    let parts = path.split(separator: "/").suffix(2)
    if let name = parts.last, name.hasPrefix("deletion_vector_"), name.hasSuffix(".bin") {
      return true
    }
    guard parts.count == 2, parts.first == "_delta_log", let name = parts.last else { return false }
    switch LogFile(name: String(name)) {
    case .commit, .checksum: return true
    default: return false
    }
  }

  /// A version in 20 digits.
  static func number(_ version: Int64) -> String { padded(Int(version), 20) }

  /// What a file in `_delta_log/` is; one in a folder below it is none of the log's.
  init(name: String) {
    guard let version = LogFile.version(name) else {
      self = .other
      return
    }
    // Most files are commits and their checksums.
    switch name.utf8.count {
    case 24 where name.hasSuffix(".crc"):
      self = .checksum(version)
      return
    case 25 where name.hasSuffix(".json"):
      self = .commit(version)
      return
    default: break
    }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard !name.utf8.contains(UInt8(ascii: "/")) else {
      self = .other
      return
    }
    switch (parts.count, parts.last) {
    case (4, "json") where parts[2] == "compacted":
      self = LogFile.version(String(parts[1])).map { .compacted(version, $0) } ?? .other
    case (3, "parquet") where parts[1] == "checkpoint": self = .checkpoint(version, .single)
    case (4, "parquet") where parts[1] == "checkpoint",
      (4, "json") where parts[1] == "checkpoint":
      self = .checkpoint(version, .unique(name, json: parts[3] == "json"))
    case (5, "parquet") where parts[1] == "checkpoint":
      guard let part = Int(parts[2]), let count = Int(parts[3]), part >= 1, count >= part else {
        self = .other
        return
      }
      self = .checkpoint(version, .part(part, of: count))
    default: self = .other
    }
  }

  /// The version that stands in 20 digits before the first dot or the end; nil where there is none.
  private static func version(_ name: String) -> Int64? {
    var name = name
    return name.withUTF8 { bytes in
      guard bytes.count >= 20, bytes.count == 20 || bytes[20] == UInt8(ascii: ".") else {
        return nil
      }
      var value: Int64 = 0
      for at in 0..<20 {
        let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, overflow2) = tens.addingReportingOverflow(Int64(bytes[at] &- 0x30))
        guard bytes[at] &- 0x30 < 10, !overflow, !overflow2 else { return nil }
        value = sum
      }
      // There is always a next version.
      return value < .max ? value : nil
    }
  }
}
