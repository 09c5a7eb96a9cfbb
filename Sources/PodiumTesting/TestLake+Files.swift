import Basics
import Storage
import TestFiles

/// The lake's files by their paths below it, wherever it lies.
extension TestLake {
  /// Writes a file whole, in place.
  public func write(_ bytes: [UInt8], to relative: String) throws {
    // Written as others write, and not waiting for the disk.
    if lake.isLocal { return try Files.write(bytes, to: "\(path)/\(relative)") }
    try lake.files.put(relative, bytes)
  }

  /// Writes a file whole, in place.
  public func write(_ text: String, to relative: String) throws {
    try write(Array(text.utf8), to: relative)
  }

  public func read(_ relative: String) throws -> [UInt8] { try lake.files.read(relative) }

  /// The names of all that lies in a folder, sorted; none where it is missing.
  public func names(_ folder: String = "") throws -> [String] {
    try lake.files.listFolder(folder.isEmpty ? "" : folder + "/").map {
      lastPathComponent($0.path.hasSuffix("/") ? String($0.path.dropLast()) : $0.path)
    }.sorted()
  }

  /// The paths of all files below a folder, sorted.
  public func files(_ folder: String = "") throws -> [String] {
    try lake.files.list(folder.isEmpty ? "" : folder + "/").map(\.path)
  }

  /// Puts another lake's folder into this one.
  public func copy(_ folder: String, from other: TestLake) throws {
    for path in try other.files(folder) { try write(other.read(path), to: path) }
  }
}
