import Glibc

/// A file that the system's loader is to load.
public enum SharedLibrary {
  /// Refuses a file that is missing, no library, or cut short, without loading it.
  ///
  /// The loader maps a library into memory unseen: of one that was cut short it ends the process. An
  /// ELF file ends with the table of its sections, whose place stands in its header (`elf(5)`).
  public static func check(_ path: String) throws(EngineError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw EngineError(.libraryMissing, "\(path): \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var header = [UInt8](repeating: 0, count: 64)
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      pread(descriptor, &header, header.count, 0) == header.count,
      header.starts(with: [0x7F] + Array("ELF".utf8))
    else { throw EngineError(.libraryMissing, "\(path): it is no library") }
    // Only a 64-bit file, least byte first, is read further; others are refused by the loader.
    guard header[4] == 2, header[5] == 1 else { return }
    func number(_ bytes: Range<Int>) -> UInt64 {
      header[bytes].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    let sections = number(0x3A..<0x3C) * number(0x3C..<0x3E)
    let (end, overflow) = number(0x28..<0x30).addingReportingOverflow(sections)
    guard !overflow, end <= UInt64(max(0, status.st_size)) else {
      throw EngineError(.libraryMissing, "\(path): it is cut short")
    }
  }
}
