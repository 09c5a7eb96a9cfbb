import Glibc

extension Files {
  /// Sets when a file was last written, in seconds since 1970.
  public static func age(_ path: String, to seconds: Int) throws {
    let time = timespec(tv_sec: seconds, tv_nsec: 0)
    guard utimensat(AT_FDCWD, path, [time, time], 0) == 0 else {
      throw TestKitError(call: "set the time of \(path)")
    }
  }

  /// Who may do what with a file.
  public static func mode(_ path: String) throws -> UInt32 {
    var status = stat()
    guard stat(path, &status) == 0 else { throw TestKitError(call: "look at \(path)") }
    return status.st_mode & 0o777
  }
}
