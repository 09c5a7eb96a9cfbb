import Glibc

/// Writes a file whole, replacing one that is there.
public func write(_ text: String, to path: String) throws {
  let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
  guard descriptor >= 0 else { throw TestKitError("\(path) cannot be written") }
  defer { close(descriptor) }
  var rest = Array(text.utf8)[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    guard count > 0 else { throw TestKitError("\(path) cannot be written") }
    rest = rest.dropFirst(count)
  }
}

/// The whole of a small file as text.
public func readText(_ path: String) throws -> String {
  let descriptor = open(path, O_RDONLY)
  guard descriptor >= 0 else { throw TestKitError("\(path) cannot be read") }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65_536)
  while true {
    let count = read(descriptor, &buffer, buffer.count)
    guard count > 0 else { break }
    bytes += buffer[..<count]
  }
  return String(decoding: bytes, as: UTF8.self)
}

/// Bytes of memory that this process occupies.
public func residentBytes() throws -> Int {
  let fields = try readText("/proc/self/statm").split(separator: " ")
  guard fields.count > 1, let pages = Int(fields[1]) else {
    throw TestKitError("/proc/self/statm is not understood")
  }
  return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
}

/// Something that a test needs and the machine does not have.
public struct TestKitError: Error, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}

/// The path of a program of this package, which is built next to the tests.
public func builtProgram(_ name: String) throws -> String {
  var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
  let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
  guard count > 0 else { throw TestKitError("/proc/self/exe cannot be read") }
  let own = String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
  let path = own.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/" + name
  guard access(path, X_OK) == 0 else {
    throw TestKitError("\(path) is missing: run the tests with 'swift test', which builds it")
  }
  return path
}
