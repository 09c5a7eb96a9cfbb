/// A place in a project's own source, as an editor jumps to it.
public struct SourceLocation: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Folder and file, such as `silver/ClassFeedback.swift`.
  public let file: String
  /// The line, counted from 1.
  public let line: Int

  /// A place in a file.
  /// - Parameter file: its path, of which the file and its folder are kept: where a machine keeps
  ///   its sources is nobody's business.
  public init(file: String, line: Int) {
    self.file = file.split(separator: "/").suffix(2).joined(separator: "/")
    self.line = line
  }

  /// The place of a declaration, as `#filePath` and `#line` give it.
  init(_ file: StaticString, _ line: UInt) { self.init(file: "\(file)", line: Int(line)) }

  public static func < (a: SourceLocation, b: SourceLocation) -> Bool {
    (a.file, a.line) < (b.file, b.line)
  }

  /// `file:line`.
  public var description: String { "\(file):\(line)" }
}
