import Glibc

/// True if something listens at a port of a machine: one of its addresses takes a connection, which is
/// closed at once.
/// - Parameters:
///   - host: a name or an address; one of IPv6 may stand in brackets.
///   - seconds: how long each address may take.
public func takesConnections(host: String, port: Int, seconds: Double) -> Bool {
  let name = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
  var hints = addrinfo()
  hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
  var found: UnsafeMutablePointer<addrinfo>?
  guard getaddrinfo(name, String(port), &hints, &found) == 0 else { return false }
  defer { freeaddrinfo(found) }
  var next = found
  while let address = next {
    if connects(address.pointee, milliseconds: Int32(min(max(0, seconds), 1e6) * 1_000)) {
      return true
    }
    next = address.pointee.ai_next
  }
  return false
}

private func connects(_ address: addrinfo, milliseconds: Int32) -> Bool {
  let type = address.ai_socktype | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
  let socket = socket(address.ai_family, type, address.ai_protocol)
  guard socket >= 0 else { return false }
  defer { close(socket) }
  if connect(socket, address.ai_addr, address.ai_addrlen) == 0 { return true }
  guard errno == EINPROGRESS else { return false }
  var waiting = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
  guard poll(&waiting, 1, milliseconds) == 1 else { return false }
  var failure: Int32 = 0
  var size = socklen_t(MemoryLayout<Int32>.size)
  return getsockopt(socket, SOL_SOCKET, SO_ERROR, &failure, &size) == 0 && failure == 0
}
