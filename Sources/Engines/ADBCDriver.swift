internal import CADBC
import Glibc

/// A loaded ADBC driver: a shared library that speaks the ADBC 1.1 C interface.
///
/// Loading costs what the library costs (DuckDB's 70 MB: 20 to 60 ms), so it happens when the
/// first connection is asked for.
final class ADBCDriver: @unchecked Sendable {
  let functions: UnsafeMutablePointer<AdbcDriver>

  /// Loads `library` and calls its entry point.
  init(library: String, entry: String) throws(EngineError) {
    // A bare name is looked for by the loader.
    if library.contains("/") { try SharedLibrary.check(library) }
    guard let handle = dlopen(library, RTLD_NOW | RTLD_LOCAL) else {
      throw EngineError(.libraryMissing, lastLoadError(library))
    }
    guard let symbol = dlsym(handle, entry) else {
      throw EngineError(.notADriver, lastLoadError(library))
    }
    functions = .allocate(capacity: 1)
    functions.initialize(to: AdbcDriver())
    var failure = CallError()
    for version in [PODIUM_ADBC_VERSION_1_1, PODIUM_ADBC_VERSION_1_0] {
      let status = podium_adbc_init(symbol, Int32(version), functions, &failure.raw)
      if status == 0 { return }
    }
    let error = failure.take(sql: "", status: 1)
    throw EngineError(.notADriver, "\(library): \(error.message)")
  }

  deinit {
    functions.deinitialize(count: 1)
    functions.deallocate()
  }
}

/// The loader's words, which mostly name the library.
private func lastLoadError(_ library: String) -> String {
  let words = dlerror().map { String(cString: $0) } ?? "unknown reason"
  return words.contains(library) ? words : "\(library): \(words)"
}

/// The error slot of one ADBC call.
struct CallError {
  var raw = AdbcError()

  /// Turns what the driver left here into an `EngineError` and gives its memory back.
  mutating func take(sql: String, status: AdbcStatusCode) -> EngineError {
    let message = raw.message.map { String(cString: $0) } ?? "ADBC status \(status)"
    let code = SparkMessage.code(message, vendor: raw.vendor_code) ?? CallError.code(of: message)
    if let release = raw.release { release(&raw) }
    raw = AdbcError()
    return EngineError(code, message, sql: sql)
  }

  /// ADBC's status hardly tells causes apart, DuckDB's message does.
  static func code(of message: String) -> EngineError.Code {
    if message.hasPrefix("INTERRUPT") || message.hasPrefix("Interrupted") { return .cancelled }
    if message.contains("No space left on device") { return .diskFull }
    if message.hasPrefix("Out of Memory Error") { return .outOfMemory }
    if message.hasPrefix("IO Error"),
      message.hasSuffix("Permission denied") || message.hasSuffix("Read-only file system")
    {
      return .permissionDenied
    }
    return .statement
  }
}
