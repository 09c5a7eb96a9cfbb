import Glibc

/// Something that a test needs and the machine does not have or do.
public struct TestKitError: Error, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }

  /// A system call that just failed.
  public init(call: String) { description = "\(call): \(String(cString: strerror(errno)))" }
}
