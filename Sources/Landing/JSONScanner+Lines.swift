extension JSONScanner {
  /// Splits objects that stand on one line each; blank lines are skipped.
  func scanLines(_ window: TextWindow, most: Int) throws(LandingError) -> ScanStop {
    let base = UnsafePointer(window.base)
    let (slots, lines, width, extraEnds) = (block.slots, block.lines, block.width, block.extraEnds)
    var at = base + window.start
    var line = window.line
    var row = 0
    var stop = ScanStop.full
    while row < most {
      let start = record.skipSpace(at)
      if start.pointee == ASCII.newline {
        at = start + 1
        line &+= 1
        continue
      }
      if start.pointee == 0 {
        stop = try endOfLines(window, at)
        break
      }
      guard start.pointee == ASCII.openBrace else { throw notAnObject(start, window) }
      guard let close = record.split(start, base: base, slots: slots + row * width) else {
        stop = try explain(window, at)
        break
      }
      var end = record.skipSpace(close)
      if end.pointee == ASCII.newline {
        end += 1
      } else if end.pointee != 0 {
        throw LandingError(
          window.file, .invalidJSON(.trailingBytes, window.place(end)))
      } else if !window.endsWell {
        stop = try endOfLines(window, at)
        break
      }
      try window.checkLength(at, end, line: line)
      lines[row] = line
      extraEnds[row] = record.extraCount
      row &+= 1
      line &+= 1
      at = end
    }
    block.rows = row
    dropOpenExtras()
    window.use(to: at, line: line)
    return stop
  }

  private func endOfLines(
    _ window: TextWindow, _ start: UnsafePointer<UInt8>
  ) throws(LandingError) -> ScanStop {
    if window.endsWell { return .end }
    guard window.isFinal else { return .needsMore }
    throw window.endError(of: start) { .cut($0) }
  }

  /// Forgets the members of a record that was not split to its end.
  func dropOpenExtras() {
    record.forgetExtras(from: block.rows == 0 ? 0 : block.extraEnds[block.rows - 1])
  }
}
