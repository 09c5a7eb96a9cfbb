import Engines
import Glibc
import Lakehouse
import Storage
import TestKit

/// A user to whom nothing of a lake belongs and who has no more rights than all others.
///
/// Where the tests run as root, who may do all, it is user 65534, who gets a copy of the program and
/// its engine; elsewhere it is the tests' own user, whom a test takes rights away.
public final class Stranger: Sendable {
  private let folder: String?
  private let words: [String]
  private let environment: [String: String]

  public init() throws {
    guard geteuid() == 0 else {
      (folder, words, environment) = (nil, [Program.path], [:])
      return
    }
    // Programs in memory may not be run everywhere.
    var template = Array("/tmp/podium-stranger-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw TestKitError(call: "mkdtemp in /tmp") }
    let folder = String(
      decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    self.folder = folder
    let engine = try DuckDBSettings.fromEnvironment(spillFolder: nil).library
    for (source, name) in [(Program.path, "podium"), (engine, "libduckdb.so")] {
      let place = "\(folder)/\(name)"
      if link(source, place) != 0 { try Files.write(Files.read(source), to: place) }
      chmod(place, 0o755)
    }
    chmod(folder, 0o755)
    words = [
      "/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "\(folder)/podium",
    ]
    environment = ["PODIUM_DUCKDB": "\(folder)/libduckdb.so", "HOME": folder]
  }

  deinit { if let folder { Files.remove(folder) } }

  /// Runs the program to its end.
  public func podium(
    _ arguments: [String], environment more: [String: String] = [:]
  ) throws -> Program.Outcome {
    try RunningProgram(
      words + arguments, Program.variables(environment.merging(more) { $1 })
    ).wait()
  }

  /// Lets everybody read what lies in a folder, and nobody write it; gives the owner the rights back
  /// where `may` is true.
  public static func setRights(of path: String, mayWrite may: Bool) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    if status.st_mode & S_IFMT == S_IFDIR {
      chmod(path, 0o755)
      for name in Files.names(path) { setRights(of: "\(path)/\(name)", mayWrite: may) }
      chmod(path, may ? 0o755 : 0o555)
    } else {
      chmod(path, may ? 0o644 : 0o444)
    }
  }
}
