/// How far the text of a file that holds one array, or one object, has come.
enum JSONArrayPhase {
  case start
  /// After the opening bracket.
  case first
  /// After a comma.
  case next
  /// After an element.
  case afterElement
  /// After the array.
  case done
  /// After an object that is not in an array.
  case doneAlone
}

extension JSONScanner {
  /// Splits the objects of one array, or one object, over any number of lines.
  func scanArray(_ window: TextWindow, most: Int) throws(LandingError) -> ScanStop {
    defer { dropOpenExtras() }
    while block.rows < most {
      let at = record.skipSpace(UnsafePointer(window.base) + window.start)
      window.use(to: at)
      if at.pointee == 0 { return try endOfArray(window, at) }
      switch (phase, at.pointee) {
      case (.start, ASCII.openBracket): advance(window, at, .first)
      case (.first, ASCII.closeBracket), (.afterElement, ASCII.closeBracket):
        advance(window, at, .done)
      case (.afterElement, ASCII.comma): advance(window, at, .next)
      case (.start, ASCII.openBrace), (.first, ASCII.openBrace), (.next, ASCII.openBrace):
        guard try addObject(window, at) else { return try explain(window, at) }
        phase = phase == .start ? .doneAlone : .afterElement
      case (.start, _), (.first, _), (.next, _): throw notAnObject(at, window)
      case (.doneAlone, ASCII.openBrace): throw wrong(.severalObjects, window, at)
      case (.done, _), (.doneAlone, _): throw wrong(.trailingBytes, window, at)
      default: throw wrong(.unexpectedByte, window, at)
      }
    }
    return .full
  }

  private func advance(
    _ window: TextWindow, _ at: UnsafePointer<UInt8>, _ phase: JSONArrayPhase
  ) {
    window.use(to: at + 1)
    self.phase = phase
  }

  private func wrong(
    _ problem: LandingError.JSONProblem, _ window: TextWindow, _ at: UnsafePointer<UInt8>
  ) -> LandingError {
    LandingError(window.file, .invalidJSON(problem, window.place(at)))
  }

  /// Splits the object at `at`; false where that could not be done.
  private func addObject(
    _ window: TextWindow, _ at: UnsafePointer<UInt8>
  ) throws(LandingError) -> Bool {
    let slots = block.slots + block.rows * block.width
    guard let close = record.split(at, base: UnsafePointer(window.base), slots: slots) else {
      return false
    }
    try window.checkLength(at, close, line: window.line)
    block.lines[block.rows] = window.line
    block.extraEnds[block.rows] = record.extraCount
    block.rows += 1
    window.use(to: close)
    return true
  }

  private func endOfArray(
    _ window: TextWindow, _ at: UnsafePointer<UInt8>
  ) throws(LandingError) -> ScanStop {
    guard window.endsWell else {
      guard window.isFinal else { return .needsMore }
      throw window.endError(of: at) { .cut($0) }
    }
    switch phase {
    case .done, .doneAlone: return .end
    case .start: throw LandingError(window.file, .empty)
    default: throw window.endError(of: at) { .cut($0) }
    }
  }
}
