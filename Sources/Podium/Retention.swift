/// How long a table keeps its rows; `maintain` deletes those that are older.
///
/// A table that is computed keeps rows by a date or timestamp of its own. A bronze table keeps them by
/// the day on which they were taken in: what is computed of them follows, as if they had never come.
public struct Retention: Hashable, Sendable {
  /// Days before the business date.
  public let days: Int
  /// The column whose values are compared; nil for the day on which rows were taken in.
  public let column: String?

  /// Rows whose column lies more than so many days before the business date go; those without a value
  /// stay.
  public static func days(_ days: Int, by column: String) -> Retention {
    Retention(days: days, column: column)
  }

  /// Rows of a bronze table that were taken in more than so many days before the business date go.
  public static func daysAfterIngestion(_ days: Int) -> Retention {
    Retention(days: days, column: nil)
  }
}

extension Table {
  /// Mistakes in how long rows are kept.
  func retentionProblems() -> [Problem] {
    guard let retention else { return [] }
    func wrong(_ message: String) -> [Problem] { [problem(.retention, message)] }
    guard retention.days > 0 else { return wrong("its rows are kept for a day at least.") }
    guard let name = retention.column else {
      return landing == nil
        ? wrong("only bronze knows when rows were taken in: write `.days(…, by: …)`.") : []
    }
    guard landing == nil else {
      return wrong(
        "the columns of a bronze table are texts: write `.daysAfterIngestion(\(retention.days))`.")
    }
    guard let column = columns.first(where: { $0.name == name }) else { return [] }
    guard column.type == .date || column.type == .timestamp else {
      return wrong("rows are kept by a date or a timestamp, and '\(name)' is neither.")
    }
    switch write {
    case .history, .deduplicate:
      return wrong("its rows depend on earlier ones: only a table that reads it can forget some.")
    case .append, .upsert, .derived: break
    }
    // A later event of a key whose row is gone must not find the place free.
    if case .upsert(let newestBy, _) = write, name != newestBy, !key.contains(name) {
      return wrong(
        "the rows of a key must grow old together: keep them by a column of the key or by "
          + "'\(newestBy)', by which the newest is told.")
    }
    return []
  }
}
