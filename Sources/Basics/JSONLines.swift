import Glibc

extension JSON {
  /// A line that is no JSON.
  public struct LineError: Error, Hashable, Sendable {
    /// The line, counted from 1.
    public let line: Int
    public let error: JSONError
  }

  /// Reads JSON Lines: the value of each line with the line's number, counted from 1.
  ///
  /// Lines that hold nothing but blanks are left out.
  public static func lines(
    _ bytes: [UInt8]
  ) throws(LineError) -> [(number: Int, value: JSON)] {
    let result: Result<[(number: Int, value: JSON)], LineError> = bytes.withUnsafeBufferPointer {
      parseLines($0)
    }
    return try result.get()
  }

  private static func parseLines(
    _ bytes: UnsafeBufferPointer<UInt8>
  ) -> Result<[(number: Int, value: JSON)], LineError> {
    var values: [(number: Int, value: JSON)] = []
    guard let base = bytes.baseAddress else { return .success(values) }
    var start = 0
    var number = 0
    while start < bytes.count {
      let found = memchr(base + start, 0x0A, bytes.count - start)
      let length = found.map { UnsafeRawPointer($0) - UnsafeRawPointer(base + start) }
      let line = UnsafeBufferPointer(start: base + start, count: length ?? bytes.count - start)
      number += 1
      var parser = JSONParser(bytes: base + start, count: line.count)
      start += line.count + 1
      parser.skipSpace()
      guard parser.at < line.count else { continue }
      switch JSON.parse(line) {
      case .success(let value): values.append((number, value))
      case .failure(let error): return .failure(LineError(line: number, error: error))
      }
    }
    return .success(values)
  }
}
