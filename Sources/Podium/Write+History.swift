extension Write {
  /// The columns of a history that say when a state held, by the names that the field gave them.
  public enum HistoryColumn {
    public static let validFrom = "valid_from"
    public static let validTo = "valid_to"
    public static let isCurrent = "is_current"
  }

  /// The columns that a table gets from the way it is written.
  func addedColumns(to columns: [Column]) -> [Column] {
    guard case .history(let changedAt, _) = self else { return [] }
    let type = columns.first { $0.name == changedAt }?.type ?? .timestamp
    return [
      Column(HistoryColumn.validFrom, type, "When the state began: \(changedAt) of its first row."),
      Column(
        HistoryColumn.validTo, type,
        "When it ended, exclusive: \(changedAt) of the row that ended it; none while it holds.",
        nullable: true),
      Column(HistoryColumn.isCurrent, .bool, "True if the state holds."),
    ]
  }
}
