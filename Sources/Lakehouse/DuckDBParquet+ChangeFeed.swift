import Basics
import DeltaLake
import Engines

extension DuckDBParquet {
  /// The rows of a change feed: the table's columns, `_change_type`, `_commit_version` and
  /// `_commit_timestamp`.
  public func changes(_ feed: ChangeFeed) throws -> Relation {
    let names = feed.schema.names.map(sqlName)
    var temporaries: [String] = []
    let selects = try feed.parts.map { part in
      let rows = try scan(part.scan)
      temporaries += rows.temporaries
      let kind = part.kind.map { sqlLiteral($0.rawValue) } ?? sqlName(ChangeFeed.changeTypeColumn)
      let time = part.timestamp.text(decimals: 6, separator: " ", zone: "+00")
      let added = [
        "\(kind) AS \(ChangeFeed.changeTypeColumn)",
        "CAST(\(part.version) AS BIGINT) AS \(ChangeFeed.versionColumn)",
        "TIMESTAMPTZ \(sqlLiteral(time)) AS \(ChangeFeed.timestampColumn)",
      ]
      return "SELECT \((names + added).joined(separator: ", ")) FROM \(rows.name)"
    }
    var empty = feed.schema
    empty.fields += [
      StructField(ChangeFeed.changeTypeColumn, .string),
      StructField(ChangeFeed.versionColumn, .long),
      StructField(ChangeFeed.timestampColumn, .timestamp),
    ]
    let text = ([empty.emptyQuery] + selects).joined(separator: " UNION ALL ")
    return Relation("(\(text))", temporaries: temporaries)
  }
}
