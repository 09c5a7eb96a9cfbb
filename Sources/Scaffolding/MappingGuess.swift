import Basics
import Landing
import Podium

/// What other tables tell of a column of a bronze table.
public struct ColumnHint: Hashable, Sendable {
  /// The type that it is read as; nil where nothing is known.
  public var type: ColumnType?
  /// The few values that it may have; empty where any may come.
  public var values: [String] = []
  /// The table whose rows do without no such value; nil where none needs it.
  public var neededBy: TableName?

  public init(type: ColumnType? = nil) { self.type = type }
}

/// Which header of a sample is most likely which column of a table.
public struct MappingGuess: Sendable {
  /// A header, and what was made of it.
  public struct Match: Hashable, Sendable {
    public let header: String
    /// Nil for a header that is rescued.
    public let column: String?
    /// 0 to 1.
    public let confidence: Double
    /// Why, in a few words.
    public let reason: String
    /// The first value with letters and digits that say nothing.
    public let sample: String
    /// True if the column is declared personal, or the header or its values look so.
    public let isPersonal: Bool
    /// True if it looks personal and the column that it goes to is not declared so.
    public let isUndeclared: Bool
  }

  /// In the order of the file.
  public let matches: [Match]
  /// Columns that no header is, needed ones first.
  public let missing: [MappingError.Need]
  /// Columns that no header is and that nothing needs.
  public let absent: [String]
  public let mapping: HeaderMapping

  static let threshold = 0.5

  /// - Parameters:
  ///   - table: a bronze table.
  ///   - hints: by column.
  public init(_ sample: SampleFile, for table: Table, hints: [String: ColumnHint] = [:]) throws {
    let headers = sample.columns
    let likely = MappingGuess.candidates(headers, table, hints)
    var taken: [Int: Candidate] = [:]
    var columns: Set<Int> = []
    for candidate in likely where taken[candidate.header] == nil {
      if columns.insert(candidate.column).inserted { taken[candidate.header] = candidate }
    }
    guard !taken.isEmpty else { throw ScaffoldError.nothingAlike(table.name) }
    matches = headers.enumerated().map { number, header in
      let candidate = taken[number]
      let column = candidate.map { table.columns[$0.column] }
      let looks =
        header.isPersonal || [.email, .phone].contains(ValuePattern.of(header.values))
      return Match(
        header: header.source, column: column?.name, confidence: candidate?.score ?? 0,
        reason: candidate?.reason ?? "no column is like it",
        sample: header.values.first.map(masked) ?? "",
        isPersonal: looks || column?.personal ?? false,
        isUndeclared: looks && column.map { !$0.personal } ?? false)
    }
    let left = table.columns.enumerated().filter { !columns.contains($0.offset) }.map(
      \.element.name)
    let free = matches.filter { $0.column == nil }.map(\.header)
    missing = left.compactMap { column in
      hints[column]?.neededBy.map {
        MappingError.Need(
          column, for: $0.description, meant: MappingGuess.likest(HeaderWords(column), in: free))
      }
    }
    absent = left.filter { hints[$0]?.neededBy == nil }
    mapping = HeaderMapping(
      table: table.name.description,
      pairs: matches.compactMap { match in
        match.column.map { HeaderMapping.Pair(match.header, $0) }
      }, unmapped: free)
  }
}

extension MappingGuess {
  private struct Candidate {
    let header: Int
    let column: Int
    let score: Double
    let reason: String
  }

  /// All pairs that may be, the best first.
  private static func candidates(
    _ headers: [SampleColumn], _ table: Table, _ hints: [String: ColumnHint]
  ) -> [Candidate] {
    let names = table.columns.map { HeaderWords($0.name) }
    var found: [Candidate] = []
    for (number, header) in headers.enumerated() {
      let words = HeaderWords(header.source)
      let pattern = ValuePattern.of(header.values)
      for (place, column) in table.columns.enumerated() {
        let (score, reason) = score(
          header, words, pattern, column, names[place], hints[column.name])
        guard score >= threshold else { continue }
        found.append(Candidate(header: number, column: place, score: score, reason: reason))
      }
    }
    return found.sorted {
      if $0.score != $1.score { return $0.score > $1.score }
      return ($0.header, $0.column) < ($1.header, $1.column)
    }
  }

  private static func score(
    _ header: SampleColumn, _ words: HeaderWords, _ pattern: ValuePattern, _ column: Column,
    _ name: HeaderWords, _ hint: ColumnHint?
  ) -> (Double, String) {
    if header.source == column.source ?? column.name { return (1, "the declared header") }
    let same = header.name == column.name || header.name == ColumnName.plain(column.source ?? "")
    let likeness = words.likeness(name)
    var score = same ? 0.98 : 0.95 * likeness
    var reason = same ? "the same name" : "a like name"
    guard !header.values.isEmpty else { return (score, reason) }
    let wanted = [ValuePattern(name), hint?.type.flatMap { ValuePattern($0) }].compactMap(\.self)
    if let hint, !hint.values.isEmpty {
      let share = MappingGuess.share(of: header.values, in: hint.values)
      if share >= 0.9, likeness == 0, Set(header.values).count > 1 {
        return (0.55, "its values")
      }
      if share >= 0.9 { (score, reason) = (min(0.99, score + 0.1), reason + " and its values") }
    } else if !wanted.isEmpty {
      if wanted.contains(where: pattern.fits) {
        if likeness == 0, pattern == .email || pattern == .phone { return (0.6, "its values") }
        if likeness > 0 {
          (score, reason) = (min(0.99, score + 0.1), reason + " and its values")
        }
      } else if !same {
        (score, reason) = (score - 0.35, reason + ", but other values")
      }
    }
    return (score, reason)
  }

  /// The header that has most in common with a column's name; nil where none has anything.
  private static func likest(_ name: HeaderWords, in headers: [String]) -> String? {
    let likely = headers.map { ($0, name.likeness(HeaderWords($0))) }.filter { $0.1 > 0 }
    return likely.max { ($0.1, $1.0) < ($1.1, $0.0) }?.0
  }

  /// The share of values that are among some few, whatever their case.
  private static func share(of values: [String], in known: [String]) -> Double {
    let known = Set(known.map { $0.lowercased() })
    let hits = values.count { known.contains($0.lowercased()) }
    return Double(hits) / Double(max(1, values.count))
  }
}
