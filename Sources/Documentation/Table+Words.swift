import Basics
import Podium

extension Table {
  /// How rows get in, as the end of a sentence.
  public var writing: String {
    switch write {
    case .append: "rows are added"
    case .upsert(let newestBy, let deletes):
      "one row a key, the newest by \(newestBy)" + (deletes == nil ? "" : "; deletes are honoured")
    case .history(let changedAt, let deletes):
      "one row a state of a key, ordered by \(changedAt)"
        + (deletes == nil ? "" : "; deletes are honoured")
    case .deduplicate(let columns, let window, let time):
      "rows are added; of those with the same \(columns.joined(separator: ", ")) within "
        + "\(window) of \(time), the earliest"
    case .derived(by: .whole): "computed whole from its inputs"
    case .derived(by: .partition(let column, let lookback)):
      "computed from its inputs, by \(column)"
        + (lookback == 0 ? "" : ", looking back \(lookback)")
    case .derived(by: .key(let columns)):
      "computed from its inputs, by \(columns.joined(separator: ", "))"
    }
  }

  /// What identifies a row, as a sentence.
  var grain: String {
    guard landing == nil else {
      return "One row for each record of a file; file and line identify it."
    }
    guard !key.isEmpty else { return "Rows have no key." }
    return isHistory
      ? "One row for each state of a \(codes(key)); `\(Write.HistoryColumn.validFrom)` tells them apart."
      : "One row for each \(codes(key))."
  }

  /// True if the key has a row for each state that it was in.
  var isHistory: Bool {
    if case .history = write { true } else { false }
  }

  /// How long rows are kept, as the end of a sentence.
  var keeping: String {
    guard let retention else { return "for good" }
    let days = counted(retention.days, "day")
    return retention.column.map { "\(days) by `\($0)`" } ?? "\(days) from being taken in"
  }

  /// How a run keeps the table up to date, in sentences.
  var refreshing: [String] {
    var sentences = [refreshed]
    if let condition = write.deleteWhen {
      sentences.append("A row for which `\(condition)` is true deletes its key.")
    }
    if keepsHistory {
      sentences.append("A rebuild that would lose keys of it is refused.")
    }
    if let seconds = freshWithin {
      sentences.append(
        "An alert tells where no run brought it up to date for "
          + "\(durationText(seconds: Double(seconds))).")
    }
    return sentences
  }

  private var refreshed: String {
    switch write {
    case .append where landing != nil:
      return
        "Each file of `landing/\(landing?.folder ?? "")/` is taken in exactly once; its rows are added."
    case .append: return "A run reads the new rows of its inputs and adds theirs."
    case .upsert(let newestBy, _):
      return
        "A run reads the new rows and merges them by key: the newest by `\(newestBy)` stays, whenever it "
        + "comes."
    case .history(let changedAt, _):
      return "A run reads the new rows and tells the histories of their keys anew, ordered by "
        + "`\(changedAt)`."
    case .deduplicate(let columns, let window, let time):
      return
        "A run reads the new rows; of rows with the same \(codes(columns)) that follow each other "
        + "within \(window) of `\(time)` the earliest stays."
    case .derived(by: .whole):
      return "It is computed whole, where an input changed."
    case .derived(by: .partition(let column, _)) where query?.readsBusinessDate == true:
      return
        "A run computes the partition of its own business date, `\(column)`; those of other dates stay."
    case .derived(by: .partition(let column, let lookback)):
      return "A run replaces the partitions of `\(column)` that changes of its inputs touch"
        + (lookback == 0 ? "." : ", and the \(lookback) after each, which look back on it.")
    case .derived(by: .key(let columns)):
      return "A run replaces the rows of each \(codes(columns)) that changes of its inputs touch."
    }
  }
}

extension Expectation {
  /// What happens where the rule does not hold, as a sentence.
  func consequence(in table: Table) -> String {
    let reached =
      share.map {
        " A run of \(counted($0.ofAtLeast, "row")) or more stops where fewer than "
          + "\(percentText($0.atLeast)) pass."
      } ?? ""
    guard judgesRows else {
      return
        (action == .warn
        ? "The run goes on and says so." : "Nothing of the run is committed to the table.")
        + reached
    }
    switch action {
    case .warn: return "The row is kept and counted." + reached
    case .quarantine: return "The row waits in `quarantine.\(table.name.base)`." + reached
    case .drop: return "The row is left out and counted as filtered." + reached
    case .stop: return "Nothing of the run is committed to the table." + reached
    }
  }

  /// What is judged, in code; nil where the name says it all.
  var condition: String? {
    switch test {
    case .condition(let sql): sql
    case .reference(let columns, let reference):
      "\(columns.joined(separator: ", ")) in \(reference.table.name) "
        + "(\(reference.columns.joined(separator: ", ")))"
    default: nil
    }
  }
}

/// `95 %`, `99.9 %`.
func percentText(_ share: Double) -> String {
  let percent = share * 100
  return (percent == percent.rounded() ? fixed(percent, decimals: 0) : fixed(percent, decimals: 1))
    + " %"
}

/// Names as code: `` `a`, `b` ``.
func codes(_ names: [String]) -> String { names.map { "`\($0)`" }.joined(separator: ", ") }
