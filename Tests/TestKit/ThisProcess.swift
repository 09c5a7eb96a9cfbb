import Glibc

/// Bytes of memory that this process occupies.
public func residentBytes() throws -> Int {
  let fields = try Files.text("/proc/self/statm").split(separator: " ")
  guard fields.count > 1, let pages = Int(fields[1]) else {
    throw TestKitError("/proc/self/statm is not understood")
  }
  return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
}

/// The path of a program or library of this package, which is built next to the tests.
public func builtProgram(_ name: String) throws -> String {
  var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
  let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
  guard count > 0 else { throw TestKitError("/proc/self/exe cannot be read") }
  let own = String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
  let path = own.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/" + name
  guard access(path, R_OK) == 0 else {
    throw TestKitError("\(path) is missing: run the tests with 'swift test', which builds it")
  }
  return path
}
