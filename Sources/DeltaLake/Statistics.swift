import Basics

/// Makes Delta's per-file statistics of what a handler tells of a written file.
///
/// The rules are those of the protocol ("Per-file Statistics") and of Spark's writer: bounds never
/// exclude a row, so texts are cut with a maximum that is still greater, and instants are given in
/// milliseconds, the maximum rounded up. Personal fields get no bounds: a log outlives the rows it
/// tells of, and more people may read it.
struct StatisticsWriter {
  let schema: Schema
  let partitionColumns: Set<String>
  /// Which columns get statistics.
  let columns: StatisticsColumns

  static let textLimit = 32

  init(schema: Schema, partitionColumns: [String], columns: StatisticsColumns = .first(32)) {
    self.schema = schema
    self.partitionColumns = Set(partitionColumns)
    self.columns = columns
  }

  /// The JSON text for `add.stats`.
  func stats(_ file: WrittenFile) -> String {
    var left = Int.max
    if case .first(let count) = columns { left = count }
    let fields = schema.fields.filter { !partitionColumns.contains($0.name) }
    let parts = collect(fields, [], file, &left)
    return JSON.object([
      JSON.Member("numRecords", .int(file.rows)),
      JSON.Member("minValues", .object(parts.minimum)),
      JSON.Member("maxValues", .object(parts.maximum)),
      JSON.Member("nullCount", .object(parts.nulls)),
      JSON.Member("tightBounds", true),
    ]).text
  }

  /// Statistics of a file of which rows were deleted since: its bounds may be wider than its rows.
  static func withWideBounds(_ stats: String) -> String {
    guard let members = (try? JSON(parsing: stats))?.object else { return stats }
    return JSON.object(
      members.filter { $0.name != "tightBounds" } + [JSON.Member("tightBounds", false)]
    ).text
  }

  private struct Parts {
    var minimum: [JSON.Member] = []
    var maximum: [JSON.Member] = []
    var nulls: [JSON.Member] = []
  }

  private func collect(
    _ fields: [StructField], _ path: [String], _ file: WrittenFile, _ left: inout Int
  ) -> Parts {
    var parts = Parts()
    for field in fields where left > 0 {
      let path = path + [field.name]
      if case .structure(let inner) = field.type {
        let nested = collect(inner, path, file, &left)
        add(field.name, nested.minimum, to: &parts.minimum)
        add(field.name, nested.maximum, to: &parts.maximum)
        add(field.name, nested.nulls, to: &parts.nulls)
        continue
      }
      guard isWanted(path) else { continue }
      left -= 1
      guard let column = file.columns[path] else { continue }
      if let nulls = column.nullCount {
        parts.nulls.append(JSON.Member(field.name, .int(nulls)))
      }
      guard !column.hasNaN, !field.isPersonal else { continue }
      if let value = column.minimum.flatMap({ minimum($0, field.type) }) {
        parts.minimum.append(JSON.Member(field.name, value))
      }
      if let value = column.maximum.flatMap({ maximum($0, field.type) }) {
        parts.maximum.append(JSON.Member(field.name, value))
      }
    }
    return parts
  }

  private func isWanted(_ path: [String]) -> Bool {
    guard case .named(let paths) = columns else { return true }
    return paths.contains { path.starts(with: $0) }
  }

  private func add(_ name: String, _ nested: [JSON.Member], to list: inout [JSON.Member]) {
    if !nested.isEmpty { list.append(JSON.Member(name, .object(nested))) }
  }

  private func minimum(_ text: String, _ type: DeltaType) -> JSON? {
    switch type {
    case .string: .string(StatisticsWriter.cutMinimum(text))
    case .timestamp: Timestamp(iso8601: text).map { .string($0.text(decimals: 3)) }
    case .timestampNtz: Timestamp(iso8601: text).map { .string($0.text(decimals: 3, zone: "")) }
    default: plain(text, type)
    }
  }

  private func maximum(_ text: String, _ type: DeltaType) -> JSON? {
    switch type {
    case .string: StatisticsWriter.cutMaximum(text).map(JSON.string)
    case .timestamp: Timestamp(iso8601: text).map { .string(up($0).text(decimals: 3)) }
    case .timestampNtz: Timestamp(iso8601: text).map { .string(up($0).text(decimals: 3, zone: "")) }
    default: plain(text, type)
    }
  }

  private func up(_ instant: Timestamp) -> Timestamp {
    let rest = Int64(floorRemainder(Int(instant.microseconds), 1000))
    return rest == 0 ? instant : Timestamp(microseconds: instant.microseconds - rest + 1000)
  }

  private func plain(_ text: String, _ type: DeltaType) -> JSON? {
    switch type {
    case .long, .integer, .short, .byte: return Int64(text).map { .int($0) }
    case .decimal: return isNumber(text) ? .number(text) : nil
    case .double, .float:
      // Infinities and NaN are no JSON numbers, and bounds must not be guessed.
      guard let value = Double(text), value.isFinite, isNumber(text) else { return nil }
      return .number(text)
    case .date: return CivilDate(text) == nil ? nil : .string(text)
    default: return nil
    }
  }

  private func isNumber(_ text: String) -> Bool {
    if case .number? = try? JSON(parsing: text) { return true }
    return false
  }

  /// The first 32 characters; a prefix is never greater than the text.
  static func cutMinimum(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.prefix(textLimit)))
  }

  /// A short text that is not less than the given one, compared by UTF-8 bytes.
  ///
  /// As Spark does: 32 characters, then one more that is greater than what was cut off: U+007F
  /// behind which only ASCII below it may come, else U+10FFFF. Nil where none exists.
  static func cutMaximum(_ text: String) -> String? {
    let scalars = Array(text.unicodeScalars)
    guard scalars.count > textLimit else { return text }
    let ascii: Unicode.Scalar = "\u{7F}"
    let highest: Unicode.Scalar = "\u{10FFFF}"
    for end in textLimit..<min(scalars.count, textLimit * 2) where scalars[end] != highest {
      let tie = scalars[end].value < ascii.value ? ascii : highest
      var view = String.UnicodeScalarView(scalars[..<end])
      view.append(tie)
      return String(view)
    }
    return nil
  }
}
