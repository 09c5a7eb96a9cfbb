import Storage

/// A file for a scheduler.
///
/// Its first line tells by a hash of the others that Podium wrote it, so that it is replaced only as
/// long as nobody changed it.
public struct ScheduleFile: Hashable, Sendable {
  public let name: String
  /// With the first line.
  public let text: String

  /// - Parameter lines: the text without the first line.
  public init(name: String, lines: String) {
    self.name = name
    text = ScheduleFile.firstLine(of: lines) + lines
  }

  /// True for a text that was written before, for whatever command, and is as it was.
  public static func isOwn(_ text: String) -> Bool {
    guard let end = text.utf8.firstIndex(of: UInt8(ascii: "\n")) else { return false }
    let next = text.utf8.index(after: end)
    return text[..<next] == firstLine(of: String(text[next...]))
  }

  private static func firstLine(of lines: String) -> String {
    let hash = String(ContentHash(of: Array(lines.utf8)).value, radix: 16)
    return "# Written by 'schedule' (\(hash)), which writes it anew as long as nobody changes it.\n"
  }
}
