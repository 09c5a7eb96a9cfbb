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
  /// The query's result over whole inputs, kept up to date by recomputing parts of it.
  case derived(by: Derivation)

  /// The smallest part of a derived table that can be recomputed by itself.
  public enum Derivation: Hashable, Sendable {
    /// All rows with the same value of one partition column.
    case partition(String)
    /// All rows with the same values of some columns.
    case key([String])
    /// Only the whole table.
    case whole

    /// All rows with the same values of some columns.
    public static func key(_ columns: String...) -> Derivation { .key(columns) }
  }
}
