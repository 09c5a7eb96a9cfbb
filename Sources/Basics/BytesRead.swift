import Glibc

/// Bytes that this process has read from files and elsewhere since it began; nil where the system does
/// not tell (`/proc/self/io`).
public func bytesReadByProcess() -> Int64? {
  let descriptor = open("/proc/self/io", O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var buffer = [UInt8](repeating: 0, count: 512)
  let count = read(descriptor, &buffer, buffer.count)
  guard count > 0 else { return nil }
  for line in buffer[..<count].split(separator: 0x0A) {
    let text = String(decoding: line, as: UTF8.self)
    guard text.hasPrefix("rchar: ") else { continue }
    return Int64(text.dropFirst("rchar: ".count))
  }
  return nil
}
