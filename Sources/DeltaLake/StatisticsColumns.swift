import Basics

/// The columns of a table that get statistics.
enum StatisticsColumns: Hashable {
  /// So many leaf columns from the first on.
  case first(Int)
  /// Those named, and all below a struct that is named, by the names that they have in files.
  case named([[String]])
}

extension Snapshot {
  /// Which columns get statistics: those that `delta.dataSkippingStatsColumns` lists, else so many as
  /// `delta.dataSkippingNumIndexedCols` says (32; -1 is all).
  ///
  /// A listed column that the table does not have means nothing.
  var statisticsColumns: StatisticsColumns {
    if let text = metadata.configuration[Metadata.statisticsColumnsKey] {
      let mapping = columnMapping
      return .named(
        ColumnPaths(text).paths.compactMap { path in
          schema.fields(along: path)?.map { $0.storedName(mapping) }
        })
    }
    let asked = metadata.configuration["delta.dataSkippingNumIndexedCols"].flatMap { Int($0) } ?? 32
    return .first(asked < 0 ? .max : asked)
  }
}

extension Metadata {
  static let statisticsColumnsKey = "delta.dataSkippingStatsColumns"
}

extension Schema {
  /// The fields that a path of names leads through, from the column down, in any case; nil where it
  /// leads nowhere.
  func fields(along path: [String]) -> [StructField]? {
    var found: [StructField] = []
    var level: Schema? = self
    for name in path {
      guard let field = level?[name] else { return nil }
      found.append(field)
      if case .structure(let inner) = field.type { level = Schema(inner) } else { level = nil }
    }
    return found.isEmpty ? nil : found
  }
}

/// Columns and nested fields as a property lists them: `a, s.b, `c.d``.
///
/// Commas part the columns and dots the names of a path; inside backticks both are letters, and a
/// doubled backtick is one.
struct ColumnPaths: Hashable {
  var paths: [[String]]

  init(paths: [[String]]) { self.paths = paths }

  init(_ text: String) {
    var reader = ColumnPathReader()
    for scalar in text.unicodeScalars { reader.take(scalar) }
    paths = reader.finished()
  }

  /// The list as text, with backticks where a name needs them.
  var text: String {
    paths.map { $0.map(ColumnPaths.quoted).joined(separator: ".") }.joined(separator: ",")
  }

  private static func quoted(_ name: String) -> String {
    let plain = name.utf8.allSatisfy { byte in
      byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
        || (0x61...0x7A).contains(byte)
    }
    if plain, !name.isEmpty { return name }
    return "`\(name.replacingSigns(["`": "``"]))`"
  }
}

/// Reads a list of columns letter by letter.
private struct ColumnPathReader {
  private var paths: [[String]] = []
  private var path: [String] = []
  private var name = String.UnicodeScalarView()
  /// Blanks outside backticks behind the name, which are none of it unless more comes.
  private var blanks = String.UnicodeScalarView()
  private var inside = false
  private var wasQuoted = false
  private var closed = false

  mutating func take(_ scalar: Unicode.Scalar) {
    if scalar == "`" {
      // One right behind a closing one is a letter.
      if closed { append("`") }
      inside.toggle()
      closed = !inside
      wasQuoted = true
      return
    }
    closed = false
    if inside { return append(scalar) }
    switch scalar {
    case ",": endPath()
    case ".": endName()
    case " ", "\t", "\n", "\r": if !name.isEmpty { blanks.append(scalar) }
    default: append(scalar)
    }
  }

  private mutating func append(_ scalar: Unicode.Scalar) {
    name.append(contentsOf: blanks)
    name.append(scalar)
    blanks = String.UnicodeScalarView()
  }

  private mutating func endName() {
    if !name.isEmpty || wasQuoted { path.append(String(name)) }
    name = String.UnicodeScalarView()
    blanks = String.UnicodeScalarView()
    (wasQuoted, closed) = (false, false)
  }

  private mutating func endPath() {
    endName()
    if !path.isEmpty { paths.append(path) }
    path = []
  }

  consuming func finished() -> [[String]] {
    endPath()
    return paths
  }
}
