import Basics
import DeltaLake
import Lakehouse
import Podium
import Storage

/// Why a part of the landing zone cannot be taken in.
public enum SubsetError: Error, Hashable, Sendable {
  /// Production would lose the rows that are left out.
  case production
  /// The environment holds another sample.
  case other(environment: String)
  /// The environment has taken in files in whole.
  case whole(environment: String, table: TableName)
  case unknownColumn(String, known: [String])
  case unknownTable(TableName, known: [String])
  case unknownLink(String, table: TableName, known: [String])
  /// The environment does not have the table by which another one's rows are told.
  case linkMissing(TableName, for: TableName)
  /// The record of the sample is damaged.
  case damaged(String)
}

extension SubsetError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .production:
      "a sample belongs into an environment: production would take the files for read and never "
        + "have the other rows. Add --env NAME."
    case .other(let name):
      "the environment \(name) holds another sample, which all its tables keep to. Take another "
        + "environment, or drop it with \(CommandHint.command("env drop \(name)", namesEnvironment: true))."
    case .whole(let name, let table):
      "the environment \(name) has taken in files of \(table) in whole. Take another environment, "
        + "or drop it with \(CommandHint.command("env drop \(name)", namesEnvironment: true))."
    case .unknownColumn(let column, let known):
      "no table that takes in files has a column '\(printable(column))'."
        + didYouMean(column, in: known)
    case .unknownTable(let table, let known):
      "'\(printable(table.description))' is no table that takes in files."
        + didYouMean(table.description, in: known)
    case .unknownLink(let column, let table, let known):
      "\(table) has no column '\(printable(column))'." + didYouMean(column, in: known)
    case .linkMissing(let table, let other):
      "the rows of \(other) that are in the sample are told by \(table), which the environment does "
        + "not have. Run it as well: no file of \(other) was taken in."
    case .damaged(let path):
      "the record of the environment's sample, \(path), is damaged. Drop the environment and make "
        + "it anew."
    }
  }
}

extension Subset {
  private static let file = "subset.json"

  /// The part that an environment keeps to; nil for production and for one that takes in all.
  public static func stored(_ lake: Lake) throws -> Subset? {
    guard lake.environment != nil, try lake.records.info(file) != nil else { return nil }
    guard let json = try? JSON(parsing: lake.records.read(file)), let subset = Subset(json) else {
      throw SubsetError.damaged(lake.records.address(file))
    }
    return subset
  }

  /// Refuses what a run may not be asked for, without changing anything.
  public static func check(_ asked: Subset?, _ lake: Lake, _ graph: Graph) throws {
    _ = try resolve(asked, lake, graph)
  }

  /// What a run keeps to: what it was asked for, else what its environment keeps to.
  ///
  /// The days may be others than before, the sample may not.
  static func resolve(_ asked: Subset?, _ lake: Lake, _ graph: Graph) throws -> Subset? {
    let stored = try stored(lake)
    guard var subset = asked else { return stored }
    if let sample = subset.sample {
      guard let name = lake.environment?.name else { throw SubsetError.production }
      try sample.check(graph.ordered)
      if let stored {
        guard stored.sample == sample else { throw SubsetError.other(environment: name) }
      } else {
        for table in graph.ordered where table.landing != nil && lake.owns(.of(table)) {
          guard try !DeltaTable.exists(in: lake.store(.of(table))) else {
            throw SubsetError.whole(environment: name, table: table.name)
          }
        }
      }
    } else {
      subset.sample = stored?.sample
    }
    return subset
  }

  /// Writes down what an environment keeps to, before the first file is read.
  func store(_ lake: Lake) throws {
    guard lake.environment != nil else { return }
    try lake.records.put(Subset.file, Array((json.text + "\n").utf8))
  }
}

extension Subset.Sample {
  /// Refuses columns and tables that the project does not have.
  func check(_ tables: [Table]) throws(SubsetError) {
    let takers = tables.filter { $0.landing != nil }
    let columns = Set(takers.flatMap { $0.columns.map(\.name) }).sorted()
    for column in by + links.map(\.called) where !columns.contains(column) {
      throw .unknownColumn(column, known: columns)
    }
    for link in links {
      guard let table = takers.first(where: { $0.name == link.table }) else {
        throw .unknownTable(link.table, known: takers.map(\.name.description))
      }
      guard table.columns.contains(where: { $0.name == link.column }) else {
        throw .unknownLink(link.column, table: table.name, known: table.columns.map(\.name))
      }
    }
  }
}

extension Subset {
  var json: JSON {
    [
      "from": .optional(from?.description), "to": .optional(to?.description),
      "sample": sample.map {
        [
          "share": .number("\($0.share)"), "by": .array($0.by.map(JSON.string)),
          "links": .array(
            $0.links.map {
              [
                "table": .string($0.table.description), "column": .string($0.column),
                "called": .string($0.called),
              ]
            }),
        ]
      } ?? .null,
    ]
  }

  /// Reads what was written; nil for anything else.
  init?(_ json: JSON) {
    guard json.object != nil else { return nil }
    self.init(
      from: json["from"]?.string.flatMap { CivilDate($0) },
      to: json["to"]?.string.flatMap { CivilDate($0) })
    guard let sample = json["sample"], !sample.isNull else { return }
    guard let share = sample["share"]?.double, let by = sample["by"]?.array,
      let links = sample["links"]?.array
    else { return nil }
    self.sample = Sample(
      share: share, by: by.compactMap(\.string),
      links: links.compactMap { link in
        guard let table = link["table"]?.string, let column = link["column"]?.string else {
          return nil
        }
        return Link(TableName(table), column, called: link["called"]?.string)
      })
  }
}
