import Basics
import Glibc
import Testing

@Suite("What listens")
struct TCPProbeTests {
  /// Listens on a free port of 127.0.0.1 without ever answering, and stops.
  private func listening<Output>(_ body: (Int) throws -> Output) throws -> (Output, port: Int) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    try #require(listener >= 0)
    defer { close(listener) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(listener, address, size) == 0 && listen(listener, 1) == 0
          && getsockname(listener, address, &size) == 0
      }
    }
    try #require(bound)
    let port = Int(UInt16(bigEndian: address.sin_port))
    return (try body(port), port)
  }

  @Test("A server that never answers listens, and one that ended does not")
  func listens() throws {
    let (during, port) = try listening { port in
      ["127.0.0.1", "localhost"].map { takesConnections(host: $0, port: port, seconds: 5) }
    }
    #expect(during == [true, true])
    #expect(!takesConnections(host: "127.0.0.1", port: port, seconds: 5))
  }

  @Test("Names that nobody has, and brackets, are no trap", arguments: ["", "[", "[]", "no such"])
  func badNames(_ name: String) {
    #expect(!takesConnections(host: name, port: 1, seconds: 0))
  }
}
