/// Splits one CSV record (RFC 4180) into its fields.
struct CSVRecord {
  /// Why a record could not be split.
  enum Problem {
    /// The text ends before the record does.
    case end
    /// The text ends inside quotes that were opened here.
    case openQuote(UnsafePointer<UInt8>)
    case strayAfterQuote(UnsafePointer<UInt8>)
    case strayCarriageReturn(UnsafePointer<UInt8>)
  }

  let separator: UInt8
  /// The text's end is the file's.
  let endsWell: Bool
  /// Fields of the last record, also those that had no slot.
  var fields = 0
  /// Newlines inside the quotes of the last record.
  var quotedNewlines: Int64 = 0
  /// True where the last record had no newline after it.
  var unended = false
  var problem = Problem.end

  init(separator: UInt8, endsWell: Bool) {
    self.separator = separator
    self.endsWell = endsWell
  }

  /// Splits the record at `start` and answers the place after its newline, or nil and `problem`.
  ///
  /// A field that is empty and not quoted is NULL.
  /// - Parameter width: slots that there are; further fields are counted only.
  @inline(__always)
  mutating func split(
    _ start: UnsafePointer<UInt8>, base: UnsafePointer<UInt8>,
    slots: UnsafeMutablePointer<Slot>, width: Int
  ) -> UnsafePointer<UInt8>? {
    let separators = UInt64(separator) &* WordScan.ones
    var at = start
    var field = 0
    quotedNewlines = 0
    while true {
      let end: UnsafePointer<UInt8>
      let slot: Slot
      if at.pointee == ASCII.quote {
        guard let (close, escaped) = closingQuote(at) else { return nil }
        slot = Slot(base, at + 1, close, escaped: escaped)
        end = close + 1
      } else {
        end = plainEnd(at, separators)
        slot = end == at ? .null : Slot(base, at, end)
      }
      if field < width { slots[field] = slot }
      field &+= 1
      if end.pointee == separator {
        at = end + 1
        continue
      }
      fields = field
      if end.pointee == ASCII.newline { return end + 1 }
      return otherEnd(end)
    }
  }

  @inline(__always)
  private func plainEnd(
    _ at: UnsafePointer<UInt8>, _ separators: UInt64
  ) -> UnsafePointer<UInt8> {
    var end = WordScan.fieldEnd(at, separators)
    while !endsField(end.pointee) { end = WordScan.fieldEnd(end + 1, separators) }
    return end
  }

  @inline(__always)
  private func endsField(_ byte: UInt8) -> Bool {
    byte == separator || byte == ASCII.newline || byte == ASCII.carriageReturn || byte == 0
  }

  /// The closing quote of a field whose opening quote stands at `open`.
  @inline(__always)
  private mutating func closingQuote(
    _ open: UnsafePointer<UInt8>
  ) -> (UnsafePointer<UInt8>, escaped: Bool)? {
    var end = open + 1
    var escaped = false
    while true {
      end = WordScan.quoteOrControl(end)
      let byte = end.pointee
      if byte == ASCII.quote {
        if end[1] != ASCII.quote { break }
        escaped = true
        end += 2
      } else if byte == 0 {
        problem = endsWell ? .openQuote(open) : .end
        return nil
      } else {
        if byte == ASCII.newline { quotedNewlines &+= 1 }
        end += 1
      }
    }
    guard endsField(end[1]) else {
      problem = .strayAfterQuote(end + 1)
      return nil
    }
    return (end, escaped)
  }

  /// The place after a record that does not end with a newline alone.
  private mutating func otherEnd(_ end: UnsafePointer<UInt8>) -> UnsafePointer<UInt8>? {
    if end.pointee == 0 {
      problem = .end
      unended = endsWell
      return endsWell ? end : nil
    }
    if end[1] == ASCII.newline { return end + 2 }
    problem = end[1] == 0 && !endsWell ? .end : .strayCarriageReturn(end)
    return nil
  }
}
