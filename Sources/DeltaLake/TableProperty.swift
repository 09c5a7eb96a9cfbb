import Basics

/// A property of a table that Podium keeps, by the name that the Delta documentation gives it.
struct TableProperty {
  let name: String
  let values: Values

  /// What a property may be set to.
  enum Values {
    case flag
    case number(ClosedRange<Int64>)
    case interval
    case words([String])
    /// Names of columns, which are looked up elsewhere.
    case columns
  }

  static let all = [
    TableProperty("appendOnly", .flag),
    TableProperty("autoOptimize.autoCompact", .flag),
    TableProperty("checkpointInterval", .number(1...Int64.max)),
    TableProperty("columnMapping.mode", .words(["none", "name", "id"])),
    TableProperty("dataSkippingNumIndexedCols", .number(-1...Int64.max)),
    TableProperty("dataSkippingStatsColumns", .columns),
    TableProperty("deletedFileRetentionDuration", .interval),
    TableProperty("enableChangeDataFeed", .flag),
    TableProperty("enableDeletionVectors", .flag),
    TableProperty("enableExpiredLogCleanup", .flag),
    TableProperty("enableTypeWidening", .flag),
    TableProperty("logRetentionDuration", .interval),
  ]

  private init(_ name: String, _ values: Values) {
    self.name = "delta." + name
    self.values = values
  }

  /// Refuses a property of Delta's that Podium does not keep, and a value that it cannot have.
  static func check(
    _ properties: [String: String], table: String
  ) throws(DeltaError) {
    for (name, value) in properties.sorted(by: { $0.key < $1.key }) where name.hasPrefix("delta.") {
      guard let property = all.first(where: { $0.name == name }) else {
        throw .unknownProperty(name, known: all.map(\.name), table: table)
      }
      guard property.values.contains(value) else {
        throw .badPropertyValue(
          name, value: value, expected: property.values.description, table: table)
      }
    }
  }
}

extension TableProperty.Values: CustomStringConvertible {
  func contains(_ text: String) -> Bool {
    switch self {
    case .flag: ["true", "false"].contains(text.lowercased())
    case .number(let range): Int64(text).map(range.contains) ?? false
    case .interval: parseInterval(text) != nil
    case .words(let words): words.contains(text.lowercased())
    case .columns: true
    }
  }

  var description: String {
    switch self {
    case .flag: "true or false"
    case .number(let range): "a whole number from \(range.lowerBound)"
    case .interval: "a time such as 'interval 7 days'"
    case .words(let words): words.joined(separator: ", ")
    case .columns: "names of columns"
    }
  }
}
