import Basics
import Storage
import Testing

/// Public data sets beside the checkout, or where `PODIUM_TEST_DATA` says; tests that need them are
/// skipped where they are missing.
enum RealData {
  static let folder: String = {
    if let named = environment("PODIUM_TEST_DATA") { return absolutePath(named) }
    return absolutePath(#filePath + "/../../../../shared/data")
  }()

  static func has(_ name: String) -> Bool { kindOfFile(folder + "/" + name) == .folder }

  static let missing: Comment =
    "the public data sets are not here; name their folder with PODIUM_TEST_DATA"

  /// The bytes of a data file.
  static func bytes(_ path: String) throws -> [UInt8] {
    try LocalStore(root: folder).read(path)
  }

  /// The names of the files in a folder, in order.
  static func files(_ name: String) throws -> [String] {
    try LocalStore(root: folder).listFolder(name + "/").map { lastPathComponent($0.path) }
  }
}
