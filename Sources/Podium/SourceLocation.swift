/// A place in a project's own source, as an editor jumps to it.
public struct SourceLocation: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Module and file, such as `Silver/ClassFeedback.swift`.
  public let file: String
  /// The line, counted from 1.
  public let line: Int

  public init(file: String, line: Int) {
    self.file = file
    self.line = line
  }

  public static func < (a: SourceLocation, b: SourceLocation) -> Bool {
    (a.file, a.line) < (b.file, b.line)
  }

  /// `file:line`.
  public var description: String { "\(file):\(line)" }
}
