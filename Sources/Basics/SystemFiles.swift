import Glibc

/// The first bytes of a small file that the system makes, such as those below `/proc`; nil where it
/// cannot be read or is empty.
public func systemFile(_ path: String, atMost limit: Int = 512) -> [UInt8]? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var buffer = [UInt8](repeating: 0, count: limit)
  let count = read(descriptor, &buffer, buffer.count)
  return count > 0 ? Array(buffer[..<count]) : nil
}

/// Bytes that this process has read from files and elsewhere since it began; nil where the system does
/// not tell (`/proc/self/io`).
public func bytesReadByProcess() -> Int64? {
  guard let bytes = systemFile("/proc/self/io") else { return nil }
  for line in bytes.split(separator: 0x0A) {
    let text = String(decoding: line, as: UTF8.self)
    guard text.hasPrefix("rchar: ") else { continue }
    return Int64(text.dropFirst("rchar: ".count))
  }
  return nil
}

/// The path of this program; nil where the system does not tell.
public func programPath() -> String? {
  var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
  let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
  guard count > 0 else { return nil }
  return String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
}
