import Basics

/// The columns of a CSV file, and which of them are declared.
struct CSVHeader {
  static let columnLimit = 1 << 16

  let names: [String]
  /// For each declared field the position of its column; nil where the file has none.
  let sources: [Int?]
  /// Positions of the columns that no field declares.
  let unknown: [Int]
  /// What is to be said about the match, in the order of the fields.
  let notes: [LandingNote]

  init(file: String, names: [String], fields: [LandingField]) throws(LandingError) {
    var exact: [String: Int] = [:]
    var loose: [String: [Int]] = [:]
    var repeated: (name: String, columns: [Int])?
    for (position, name) in names.enumerated() {
      let before = exact.updateValue(position, forKey: name)
      if let before { repeated = repeated ?? (name, [before + 1, position + 1]) }
    }
    let declared = Set(fields.map(\.source))
    for (position, name) in names.enumerated() where !declared.contains(name) {
      loose[LooseNames.plain(name), default: []].append(position)
    }
    // Declared names that differ in case or spaces alone cannot share a loose match.
    let rivals = Dictionary(grouping: declared.filter { exact[$0] == nil }, by: LooseNames.plain)
    var notes: [LandingNote] = []
    sources = fields.map { field in
      if let position = exact[field.source] { return position }
      // A header that is another field's own is none of this one.
      if let other = field.otherwise, !declared.contains(other), let position = exact[other] {
        return position
      }
      let plain = LooseNames.plain(field.source)
      guard let candidates = loose[plain] else { return nil }
      guard candidates.count == 1, rivals[plain]?.count == 1, let position = candidates.first
      else {
        notes.append(.ambiguousColumn(field.source))
        return nil
      }
      notes.append(.looseMatch(declared: field.source, header: names[position]))
      return position
    }
    let matched = Set(sources.compactMap { $0 })
    if matched.isEmpty, !fields.isEmpty {
      throw LandingError(
        file,
        .headerMismatch(
          expected: fields.map(\.source), found: HeaderLook.names(names, fields),
          columns: names.count))
    }
    if let repeated {
      // What is declared is a name; else the line may be a record, whose values no error may show.
      let isName =
        declared.contains(repeated.name) || repeated.name.isEmpty
        || !HeaderLook.names(names, fields).isEmpty
      throw LandingError(
        file, .duplicateHeader(name: isName ? repeated.name : nil, columns: repeated.columns))
    }
    self.names = names
    self.notes = notes
    unknown = names.indices.filter { !matched.contains($0) }
  }

  /// The text of a header's field.
  static func name(_ slot: Slot, _ base: UnsafePointer<UInt8>) -> String {
    guard slot.length != Slot.null.length else { return "" }
    let count = slot.count
    return String(unsafeUninitializedCapacity: count) { buffer in
      guard let place = buffer.baseAddress else { return 0 }
      let text = base + Int(slot.start)
      if slot.length & Slot.escaped != 0 {
        return CSVScanner.undouble(text, count, place)
      }
      place.update(from: text, count: count)
      return count
    }
  }
}
