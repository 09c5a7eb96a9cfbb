import Basics
import Engines
import Podium

/// The part of the landing zone that a run takes in: files of some days, and rows of some keys.
public struct Subset: Hashable, Sendable {
  /// The first day of the files; nil for no bound.
  public var from: CivilDate?
  /// The last day of the files; nil for no bound.
  public var to: CivilDate?
  public var sample: Sample?

  public init(from: CivilDate? = nil, to: CivilDate? = nil, sample: Sample? = nil) {
    self.from = from
    self.to = to
    self.sample = sample
  }

  /// A share of keys, the same in all tables and runs.
  ///
  /// A key is in it if the MD5 of its text, as a number, lies in the lowest part. Nothing is drawn by
  /// lot, so that files that come later, and other machines, have the same keys.
  public struct Sample: Hashable, Sendable {
    /// Above 0 and below 1.
    public let share: Double
    /// Columns that hold the key, the first that a table has counts.
    public let by: [String]
    /// Columns of tables without a key that tell of a sampled row elsewhere.
    public let links: [Link]

    public init(share: Double, by: [String], links: [Link] = []) {
      self.share = share
      self.by = by
      self.links = links
    }
  }

  /// A column whose values are those of a sampled table's rows.
  public struct Link: Hashable, Sendable {
    public let table: TableName
    public let column: String
    /// What tables without a key call it.
    public let called: String

    public init(_ table: TableName, _ column: String, called: String? = nil) {
      self.table = table
      self.column = column
      self.called = called ?? column
    }
  }
}

extension Subset {
  /// True if a file of that day is taken in.
  func includes(_ day: CivilDate) -> Bool {
    (from.map { $0 <= day } ?? true) && (to.map { day <= $0 } ?? true)
  }

  /// The day of a landing file: the first that its name tells, as `2023-01-31`, `20230131` or with
  /// other signs; else that of the folders it lies in; else the UTC day on which it was written.
  static func day(of file: LandingFile) -> CivilDate {
    let parts = file.path.split(separator: "/")
    return day(in: parts.last ?? "") ?? day(in: parts.dropLast().joined(separator: "/")[...])
      ?? file.modified.date
  }

  /// The first day that a text holds: year, month and day in digits, apart by one sign or by none.
  private static func day(in text: Substring) -> CivilDate? {
    let bytes = Array(text.utf8)
    func digits(_ start: Int, _ count: Int) -> Int? {
      guard start + count <= bytes.count else { return nil }
      var number = 0
      for byte in bytes[start..<(start + count)] {
        guard (0x30...0x39).contains(byte) else { return nil }
        number = number * 10 + Int(byte - 0x30)
      }
      return number
    }
    func isDigit(_ place: Int) -> Bool { digits(place, 1) != nil }
    for start in bytes.indices where start == 0 || !isDigit(start - 1) {
      for gap in [0, 1] {
        let (month, day) = (start + 4 + gap, start + 6 + 2 * gap)
        guard let y = digits(start, 4), let m = digits(month, 2), let d = digits(day, 2),
          !isDigit(day + 2), (1900...2099).contains(y),
          gap == 0 || bytes[start + 4] == bytes[month + 2] && !isDigit(start + 4),
          let date = CivilDate("\(padded(y, 4))-\(padded(m, 2))-\(padded(d, 2))")
        else { continue }
        return date
      }
    }
    return nil
  }
}

extension Subset.Sample {
  /// What a table's rows are told by; nil for a table that is taken in whole.
  enum Part: Hashable {
    case key(String)
    case link(Subset.Link)
  }

  func part(of table: Table) -> Part? {
    let names = Set(table.columns.map(\.name))
    if let key = by.first(where: names.contains) { return .key(key) }
    return links.first { $0.table != table.name && names.contains($0.called) }.map(Part.link)
  }

  /// The condition that rows with a key meet.
  ///
  /// Rows without one, such as guests' receipts, are told by their first column.
  func condition(_ table: Table, key: String, _ alias: String) -> String {
    let first = table.columns.first?.name ?? key
    let texts = [key, first].map { "nullif(trim(\(alias).\(sqlName($0))), '')" }
    return "substr(md5(coalesce(\(texts.joined(separator: ", ")), '')), 1, 8) < '\(bound)'"
  }

  /// The eight digits below which the hash of a sampled key begins.
  private var bound: String {
    let bound = UInt32(min(max(share, 0), 1) * Double(UInt32.max))
    let digits = String(bound, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// The tables that have to be there before a table's rows can be told.
  func tablesBefore(_ table: Table) -> [TableName] {
    if case .link(let link)? = part(of: table) { return [link.table] }
    return []
  }
}
