import ArgumentParsing
import Basics
import Podium
import Runner

extension Option {
  /// What a run takes in of the landing zone.
  static let subset: [Option] = [
    .option("files-from", "DATE", "Only files of this day, by their names, and later.", .date),
    .option("files-to", "DATE", "Only files of this day and earlier.", .date),
    .option(
      "sample", "SHARE", "Only rows of this share of keys; in an environment.", .number(0...1)),
    .option("sample-by", "COLUMNS", "The columns that hold the key, separated by commas.", .text()),
    .option(
      "sample-via", "LINKS",
      "For tables without one, TABLE.COLUMN[=NAME] of a sampled table, by commas.", .text()),
  ]
}

extension Session {
  /// The part of the landing zone that was asked for; nil for none.
  func subset() throws -> Subset? {
    guard values.isDeclared("files-from") else { return nil }
    var subset = Subset(
      from: try values.dateIfGiven("files-from"), to: try values.dateIfGiven("files-to"))
    if let from = subset.from, let to = subset.to, to < from {
      throw WrongUsage(description: "--files-to \(to) is before --files-from \(from).")
    }
    let by = try values.stringIfGiven("sample-by").map(Session.parts)
    let via = try values.stringIfGiven("sample-via").map(Session.parts)
    if let share = try values.numberIfGiven("sample") {
      guard let by, !by.isEmpty else {
        throw WrongUsage(
          description: "--sample needs --sample-by, the columns whose values are sampled, such as "
            + "--sample-by member_id.")
      }
      guard share > 0, share < 1 else {
        throw WrongUsage(
          description: "--sample is a share above 0 and below 1, such as 0.1 for a tenth.")
      }
      subset.sample = Subset.Sample(share: share, by: by, links: try (via ?? []).map(Session.link))
    } else if by != nil || via != nil {
      throw WrongUsage(description: "--sample-by and --sample-via need --sample, such as 0.1.")
    }
    return subset == Subset() ? nil : subset
  }

  /// The parts of a list with commas, each once.
  static func parts(_ list: String) -> [String] {
    var parts: [String] = []
    for part in list.split(separator: ",").map({ String($0.filter { !$0.isWhitespace }) })
    where !part.isEmpty && !parts.contains(part) { parts.append(part) }
    return parts
  }

  /// A link such as `bronze.members.device_id` or `bronze.members.device_id=Id`.
  private static func link(_ text: String) throws -> Subset.Link {
    let sides = text.split(separator: "=", omittingEmptySubsequences: false)
    let path = sides[0].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard sides.count <= 2, path.count == 3, !path.contains(""), sides.last != "" else {
      throw WrongUsage(
        description: "'\(printable(text))' is no link; one is bronze.members.device_id, or "
          + "bronze.members.device_id=NAME where other tables call it NAME.")
    }
    return Subset.Link(
      TableName("\(path[0]).\(path[1])"), path[2],
      called: sides.count == 2 ? String(sides[1]) : nil)
  }
}
