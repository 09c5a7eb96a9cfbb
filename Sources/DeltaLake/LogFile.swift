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

  /// A version in 20 digits.
  static func number(_ version: Int64) -> String { padded(Int(version), 20) }

  /// What a file directly in `_delta_log/` is.
  init(name: String) {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard let version = parts.first.flatMap(LogFile.version) else {
      self = .other
      return
    }
    switch (parts.count, parts.last) {
    case (2, "json"): self = .commit(version)
    case (2, "crc"): self = .checksum(version)
    case (4, "json") where parts[2] == "compacted":
      self = LogFile.version(parts[1]).map { .compacted(version, $0) } ?? .other
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

  private static func version(_ text: Substring) -> Int64? {
    guard text.utf8.count == 20, text.utf8.allSatisfy({ $0 &- 0x30 < 10 }),
      let version = Int64(text), version < .max
    else { return nil }
    // There is always a next version.
    return version
  }
}
