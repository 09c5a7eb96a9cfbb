import Basics

/// Splits JSON text into objects: one on each line, or those of one array.
final class JSONScanner: RecordScanner {
  let block: RowBlock
  let sources: [Int?]
  let names: [String] = []
  let unescape = JSONText.unescape

  let record: JSONRecord
  /// How far the text of a `.json` file has come; nil for one object on each line.
  var phase: JSONArrayPhase?
  private var records: Int64 = 0
  /// By the number of a name that is not declared, the records with a value of it.
  private var rescued: [Int64] = []

  init(fields: [LandingField], lines: Bool) {
    var numbers: [String: Int] = [:]
    var names: [String] = []
    for field in fields where numbers[field.source] == nil {
      numbers[field.source] = names.count
      names.append(field.source)
    }
    sources = fields.map { numbers[$0.source] }
    var others: [String: Int] = [:]
    for field in fields {
      guard let other = field.otherwise, numbers[other] == nil else { continue }
      others[other] = numbers[field.source]
    }
    record = JSONRecord(declared: names, others: others, allowsNewlines: !lines)
    block = RowBlock(width: names.count)
    phase = lines ? nil : .start
  }

  func scan(_ window: TextWindow, most: Int) throws(LandingError) -> ScanStop {
    block.rows = 0
    record.forgetExtras(from: 0)
    let most = min(most, block.capacity)
    let stop =
      phase == nil ? try scanLines(window, most: most) : try scanArray(window, most: most)
    records += Int64(block.rows)
    return stop
  }

  /// What stops the scan where the record at `start` could not be split.
  func explain(
    _ window: TextWindow, _ start: UnsafePointer<UInt8>
  ) throws(LandingError) -> ScanStop {
    switch record.problem {
    case .end:
      guard window.isFinal else { return .needsMore }
      throw window.endError(of: start) { .cut($0) }
    case .nul: throw LandingError(window.file, .nulCharacter(window.place(record.place)))
    case .json(let problem):
      throw LandingError(window.file, .invalidJSON(problem, window.place(record.place)))
    }
  }

  /// The error of a byte that begins no object where one must begin.
  func notAnObject(_ at: UnsafePointer<UInt8>, _ window: TextWindow) -> LandingError {
    let beginsOther = "[\"-0123456789tfn".utf8.contains(at.pointee)
    return LandingError(
      window.file,
      .invalidJSON(beginsOther ? .notAnObject : .unexpectedByte, window.place(at)))
  }

  func appendRescued(_ base: UnsafePointer<UInt8>, to column: ColumnBuffer) {
    let (extras, ends) = (record.extras, block.extraEnds)
    guard !extras.isEmpty else {
      column.appendNullTexts(rows: block.rows)
      return
    }
    rescued += [Int64](repeating: 0, count: record.names.names.count - rescued.count)
    var most = 2 * block.rows
    rescued.withUnsafeMutableBufferPointer { rescued in
      for extra in extras {
        most += extra.key.count + extra.value.count + 2
        let isNull = base[Int(extra.value.start)] == UInt8(ascii: "n")
        if extra.number >= 0, !isNull { rescued[extra.number] += 1 }
      }
    }
    column.appendTexts(rows: block.rows, bytes: most) { row, place in
      let first = row == 0 ? 0 : ends[row - 1]
      guard first < ends[row] else { return -1 }
      var count = 0
      for extra in extras[first..<ends[row]] {
        let (key, value) = (extra.key, extra.value)
        place.storeBytes(
          of: count == 0 ? ASCII.openBrace : ASCII.comma, toByteOffset: count, as: UInt8.self)
        TextCopy.copy(base + Int(key.start), count: key.count, to: place + count + 1)
        count += key.count + 2
        place.storeBytes(of: ASCII.colon, toByteOffset: count - 1, as: UInt8.self)
        TextCopy.copy(base + Int(value.start), count: value.count, to: place + count)
        count += value.count
      }
      place.storeBytes(of: ASCII.closeBrace, toByteOffset: count, as: UInt8.self)
      return count + 1
    }
  }

  func checkNames(_ file: String, _ fields: [LandingField]) throws(LandingError) {
    let names = record.names
    let isAnySeen = (0..<names.declared).contains { record.hasSeen($0) }
    guard records > 0, names.declared > 0, !isAnySeen else { return }
    throw LandingError(
      file,
      .memberMismatch(
        expected: fields.map(\.source), found: HeaderLook.names(Array(names.others), fields),
        members: names.others.count))
  }

  func notes(_ fields: [LandingField]) -> [LandingNote] {
    guard records > 0 else { return [] }
    let (names, loose) = (record.names, record.loose)
    let others = Array(names.others)
    var notes: [LandingNote] = []
    for number in 0..<names.declared {
      if loose.ambiguous.contains(number) { notes.append(.ambiguousColumn(names.names[number])) }
      notes += loose.taken(for: number).map {
        .looseMatch(declared: names.names[number], header: others[$0])
      }
    }
    let unknown = zip(others, rescued.dropFirst(names.declared)).enumerated().filter {
      !loose.isTaken($0) || $1.1 > 0
    }
    return notes
      + LandingNote.columns(
        missing: names.names[..<names.declared].indices
          .filter { !record.hasSeen($0) }.map { names.names[$0] },
        unknown: unknown.map { ($1.0, $1.1) })
  }
}
