import DeltaLake
import Engines
import Lakehouse
import Podium

/// Values that a rule refers to and that came to be, or are no more, in the table referred to.
struct ParentChanges {
  let rule: Expectation
  /// The table referred to.
  let parent: TableName
  /// The referring columns.
  let columns: [String]
  /// A temporary table of values that are there now and were not, as `podium_key_0`, `podium_key_1` ….
  let appeared: String
  /// A temporary table of values that were there and are not any more.
  let vanished: String
  let anyAppeared: Bool
  let anyVanished: Bool

  /// A condition that a row refers to one of some values.
  func refers(_ alias: String, to values: String) -> String {
    let same = columns.enumerated().map {
      "v.\(TouchedValues.column($0)) = \(alias).\(sqlName($1))"
    }
    return "EXISTS (SELECT 1 FROM \(values) AS v WHERE \(same.joined(separator: " AND ")))"
  }
}

extension TableJob {
  /// What the rules with consequences refer to: a row that is only counted stays where it is.
  private var judgingReferences: [(rule: Expectation, columns: [String], Expectation.Reference)] {
    table.expectations.compactMap { expectation in
      guard case .reference(let columns, let reference) = expectation.test,
        expectation.action != .warn
      else { return nil }
      return (expectation, columns, reference)
    }
  }

  /// Which rows the rules may judge otherwise now, since tables that they refer to changed.
  /// - Returns: nil where a log or its files no longer tell.
  func parentChanges(_ batch: Batch) throws -> [ParentChanges]? {
    var changes: [ParentChanges] = []
    for (rule, columns, reference) in judgingReferences {
      guard let input = batch.inputs.first(where: { $0.name == reference.table.name }),
        input.from != input.to
      else { continue }
      guard let staged = try stageExistence(reference, input) else { return nil }
      defer { session.drop(table: staged) }
      func values(_ about: String, _ condition: String) throws -> String {
        let names = columns.indices.map(TouchedValues.column).joined(separator: ", ")
        return try session.stage(about, as: "SELECT \(names) FROM \(staged) WHERE \(condition)")
      }
      let appeared = try values("appeared", "now > 0 AND now <= came")
      let vanished = try values("vanished", "now = 0 AND came < 0")
      changes.append(
        ParentChanges(
          rule: rule, parent: input.name, columns: columns, appeared: appeared, vanished: vanished,
          anyAppeared: try session.count("SELECT count(*) FROM \(appeared)") > 0,
          anyVanished: try session.count("SELECT count(*) FROM \(vanished)") > 0))
    }
    return changes
  }

  /// For each changed value of the columns referred to: how many rows came, less those that went, and
  /// how many there are now.
  private func stageExistence(
    _ reference: Expectation.Reference, _ input: Batch.Input
  ) throws -> String? {
    let parent = reference.table
    let state = try state(of: parent, version: input.to)
    let now = try DuckDBParquet(session).scan(delta(of: parent).scan(state))
    let names = reference.columns.map(sqlName)
    let keys = names.enumerated().map { "\($1) AS \(TouchedValues.column($0))" }
      .joined(separator: ", ")
    let groups = reference.columns.indices.map(TouchedValues.column).joined(separator: ", ")
    let present = names.map { "\($0) IS NOT NULL" }.joined(separator: " AND ")
    guard input.from != nil else {
      return try session.stage(
        "parents",
        as: """
          SELECT \(groups), count(*) AS came, count(*) AS now FROM (\
          SELECT \(keys) FROM \(now.name) WHERE \(present)) GROUP BY \(groups)
          """)
    }
    guard let (feed, _) = try feed(of: input) else { return nil }
    defer { DuckDBParquet(session).release(feed) }
    let came = ["insert", "update_postimage"].map(sqlLiteral).joined(separator: ", ")
    let changed = try session.stage(
      "parent_changes",
      as: """
        SELECT \(groups), CAST(sum(CASE WHEN change IN (\(came)) THEN 1 ELSE -1 END) AS BIGINT) AS came \
        FROM (SELECT \(keys), \(ChangeFeed.changeTypeColumn) AS change FROM \(feed.name) \
        WHERE \(present)) GROUP BY \(groups)
        """)
    defer { session.drop(table: changed) }
    let same = names.enumerated().map { "c.\(TouchedValues.column($0)) = p.\($1)" }
      .joined(separator: " AND ")
    return try session.stage(
      "parents",
      as: """
        SELECT c.*, (SELECT count(*) FROM \(now.name) AS p WHERE \(same)) AS now \
        FROM \(changed) AS c WHERE came <> 0
        """)
  }
}
