import Glibc
import Storage
import TestKit

/// What was built together with the running tests.
enum Products {
  /// The folder with the test program, the modules and the objects.
  static let folder: String = {
    let path = realpath("/proc/self/exe", nil)
    defer { free(path) }
    return parentPath(path.map { String(cString: $0) } ?? "")
  }()

  /// The maps of the modules in C.
  static var moduleMaps: [String] {
    let sources = "\(PackageCopy.source)/Sources"
    return Files.names(sources).flatMap { name in
      ["\(sources)/\(name)/module.modulemap", "\(sources)/\(name)/include/module.modulemap"]
    }.filter { kindOfFile($0) == .file }
  }

  /// The objects of which the tests are made, without tests and programs.
  static func objects() throws -> [(module: String, path: String)] {
    try Files.text("\(folder)/podiumPackageTests.product/Objects.LinkFileList")
      .split(separator: "\n").compactMap { line in
        let path = line.filter { $0 != "'" && $0 != "\"" }
        guard let part = path.split(separator: "/").last(where: { $0.hasSuffix(".build") }) else {
          return nil
        }
        let module = String(part.dropLast(6))
        let isOther =
          module.hasSuffix("Tests") || module.hasPrefix("podiumPackage")
          || kindOfFile(path) != .file || programs.contains(module)
        return isOther ? nil : (module, path)
      }
  }

  private static let programs = [
    "podium_cli", "lake_lock_holder", "table_writer", "gym_bench", "delta_bench",
  ]
}
