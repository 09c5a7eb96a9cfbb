/// Finds out what separates the fields of a CSV file.
enum CSVSeparator {
  private static let others: [UInt8] = [UInt8(ascii: ";"), ASCII.tab, UInt8(ascii: "|")]

  /// The separator that a header uses: a comma, or the only kind of `;`, tab and `|` that stands
  /// outside its quotes where no comma does.
  /// - Returns: nil where the header is not whole.
  static func guess(_ header: UnsafePointer<UInt8>, endsWell: Bool) -> UInt8? {
    var at = header
    var seen: Set<UInt8> = []
    var fieldStart = true
    while true {
      let byte = at.pointee
      if byte == 0, !endsWell { return nil }
      if byte == 0 || byte == ASCII.newline { break }
      if byte == ASCII.quote, fieldStart {
        guard let end = quotedEnd(at + 1) else { return endsWell ? ASCII.comma : nil }
        at = end
        fieldStart = false
        continue
      }
      fieldStart = byte == ASCII.comma || others.contains(byte)
      if fieldStart { seen.insert(byte) }
      at += 1
    }
    guard seen.count == 1, let only = seen.first else { return ASCII.comma }
    return only
  }

  /// The place after the closing quote; nil where the text ends before.
  private static func quotedEnd(_ start: UnsafePointer<UInt8>) -> UnsafePointer<UInt8>? {
    var at = start
    while at.pointee != 0 {
      if at.pointee == ASCII.quote {
        if at[1] != ASCII.quote { return at + 1 }
        at += 1
      }
      at += 1
    }
    return nil
  }
}
