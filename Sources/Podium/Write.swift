/// How a run's rows get into a table.
public enum Write: Hashable, Sendable {
  /// Rows are added, none is ever changed.
  case append
  /// One row a key: of rows with the same key the newest wins, whenever it arrives.
  ///
  /// Newest is decided by the column `newestBy`, then by the source file's path, then by the line.
  /// A row for which `deleteWhen` is true removes its key; older rows that arrive later do not
  /// bring the key back.
  /// - Parameters:
  ///   - newestBy: a column of the table, never NULL.
  ///   - deleteWhen: a condition over the query's columns.
  case upsert(newestBy: String, deleteWhen: String? = nil)
  /// One row for each state that a key was in, with the time it began and the time it ended: a
  /// slowly changing dimension of type 2.
  ///
  /// Podium adds the columns `valid_from`, `valid_to` (exclusive; none for the state that holds) and
  /// `is_current`. Rows of a key that follow each other with the same values are one state; of rows
  /// with the same `changedAt` the last by source file and line counts. A row that comes late changes
  /// the history where it belongs. A row for which `deleteWhen` is true ends its key's state, and
  /// none follows until the next row.
  /// - Parameters:
  ///   - changedAt: a column of the table: a timestamp, date or number, never NULL.
  ///   - deleteWhen: a condition over the query's columns.
  case history(changedAt: String, deleteWhen: String? = nil)
  /// Rows are added, but of rows with the same values in some columns that follow each other within
  /// a window only the earliest stays.
  ///
  /// The window is inclusive and reaches from each row to the next, whether that stays or not, in
  /// whatever order and run they arrive. Of rows at the same time the one with the lowest key stays,
  /// then that of the lowest file and line. A row with a NULL in one of the columns repeats none.
  /// - Parameters:
  ///   - by: columns whose values are the same in repeats.
  ///   - within: the window's length, in whole microseconds.
  ///   - of: a timestamp column of the table.
  case deduplicate(by: [String], within: Duration, of: String)
  /// The query's result over whole inputs, kept up to date by recomputing parts of it.
  case derived(by: Derivation)

  /// The column that orders the rows of a key; nil where rows have no order.
  public var orderedBy: String? {
    switch self {
    case .upsert(let column, _), .history(let column, _): column
    case .append, .deduplicate, .derived: nil
    }
  }

  /// The condition for rows that delete their key; nil where there are none.
  public var deleteWhen: String? {
    switch self {
    case .upsert(_, let condition), .history(_, let condition): condition
    case .append, .deduplicate, .derived: nil
    }
  }

  /// True if new rows of the inputs change single rows here and there.
  public var changesRows: Bool {
    switch self {
    case .upsert, .history, .deduplicate: true
    case .append, .derived: false
    }
  }

  /// The smallest part of a derived table that can be recomputed by itself.
  public enum Derivation: Hashable, Sendable {
    /// All rows with the same value of one partition column.
    ///
    /// Where the query's windows look back from one partition into others (a sum over seven days, the
    /// day before), `lookback` says how far: rows of a partition depend on rows of the inputs from that
    /// many days, or numbers, before it, and on none older.
    case partition(String, lookback: Int = 0)
    /// All rows with the same values of some columns.
    case key([String])
    /// Only the whole table.
    case whole

    /// All rows with the same values of some columns.
    public static func key(_ columns: String...) -> Derivation { .key(columns) }
  }
}
