import Basics

extension CSVScanner {
  /// Copies the text of a quoted field and leaves out the second of doubled quotes.
  static func undouble(
    _ text: UnsafePointer<UInt8>, _ count: Int, _ place: UnsafeMutablePointer<UInt8>
  ) -> Int {
    var from = 0
    var to = 0
    while from < count {
      let byte = text[from]
      place[to] = byte
      from += byte == ASCII.quote ? 2 : 1
      to += 1
    }
    return to
  }

  func appendRescued(_ base: UnsafePointer<UInt8>, to column: ColumnBuffer) {
    guard let header, !header.unknown.isEmpty else {
      column.appendNullTexts(rows: block.rows)
      return
    }
    for row in 0..<block.rows {
      rescueText.removeAll(keepingCapacity: true)
      let slots = block.slots + row * block.width
      for (index, position) in header.unknown.enumerated() {
        let slot = slots[position]
        guard slot.length != Slot.null.length else { continue }
        rescued[index].rows += 1
        rescueText.append(rescueText.isEmpty ? ASCII.openBrace : ASCII.comma)
        rescueText.append(contentsOf: rescued[index].key)
        appendString(base + Int(slot.start), slot)
      }
      if rescueText.isEmpty {
        column.appendNull()
      } else {
        rescueText.append(ASCII.closeBrace)
        rescueText.withUnsafeBytes { column.append($0) }
      }
    }
  }

  /// Adds a field's text as a JSON string.
  private func appendString(_ text: UnsafePointer<UInt8>, _ slot: Slot) {
    rescueText.append(ASCII.quote)
    let isDoubled = slot.length & Slot.escaped != 0
    let end = text + slot.count
    var at = text
    while at < end {
      let stop = WordScan.stringEnd(at, before: end)
      rescueText.append(contentsOf: UnsafeBufferPointer(start: at, count: stop - at))
      at = stop
      guard at < end else { break }
      JSON.write(escaped: at.pointee, to: &rescueText)
      at += isDoubled && at.pointee == ASCII.quote ? 2 : 1
    }
    rescueText.append(ASCII.quote)
  }

  func notes(_ fields: [LandingField]) -> [LandingNote] {
    guard let header else { return [] }
    var notes: [LandingNote] = []
    if separator != ASCII.comma {
      notes.append(.delimiter(Character(Unicode.Scalar(separator))))
    }
    notes += header.notes
    notes += LandingNote.columns(
      missing: zip(fields, header.sources).filter { $1 == nil }.map(\.0.source),
      unknown: zip(header.unknown, rescued).map { (header.names[$0], $1.rows) })
    if unended { notes.append(.noFinalNewline) }
    return notes
  }
}
