import Basics
import Lakehouse
import Podium
import Runner
import Testing

/// Expects that a table holds the written rows, in the columns that they name; a failure shows only
/// the rows that are missing or too many.
public func expect(
  _ table: Table, in lake: TestLake, is expected: String,
  sourceLocation: Testing.SourceLocation = #_sourceLocation
) throws {
  try expect(.of(table), in: lake, is: expected, sourceLocation: sourceLocation)
}

/// Expects that the table at a place holds the written rows.
public func expect(
  _ location: TableLocation, in lake: TestLake, is expected: String,
  sourceLocation: Testing.SourceLocation = #_sourceLocation
) throws {
  let differences = try lake.differences(location, from: expected)
  report(differences, "\(location.name) differs", sourceLocation)
}

/// Expects that two lakes hold the same rows, quarantines included.
public func expectSame(
  _ lake: TestLake, _ other: TestLake, _ tables: [Table], _ about: String = "",
  sourceLocation: Testing.SourceLocation = #_sourceLocation
) throws {
  let differences = try lake.differences(from: other, tables)
  report(differences, about.isEmpty ? "the lakes differ" : about, sourceLocation)
}

/// Expects that every table of a run committed or had nothing to do; a failure shows the errors.
@discardableResult
public func expectSuccess(
  _ run: RunReport, sourceLocation: Testing.SourceLocation = #_sourceLocation
) -> RunReport {
  let failures = run.tables.compactMap { outcome -> String? in
    switch outcome.status {
    case .failed(let error): "\(outcome.table): \(error)"
    case .skipped(let cause): "\(outcome.table): skipped because of \(cause)"
    case .committed, .upToDate: nil
    }
  }
  report(failures, "the run failed", sourceLocation)
  return run
}

func report(_ lines: [String], _ about: String, _ location: Testing.SourceLocation) {
  guard !lines.isEmpty else { return }
  let more = lines.count > 20 ? ["… and \(lines.count - 20) more"] : []
  let text = ["\(about):"] + lines.prefix(20) + more
  Issue.record("\(text.map(folded).joined(separator: "\n"))", sourceLocation: location)
}

/// Lines of at most 78 columns, as a terminal of 80 shows them below an issue: broken at spaces, what
/// goes on set in by four.
func folded(_ text: String) -> String {
  text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
    var lines: [String] = []
    var rest = line[...]
    while true {
      let indent = lines.isEmpty ? "" : "    "
      var end = rest.startIndex
      var width = indent.count
      var space: Substring.Index?
      while end < rest.endIndex, width < 78 {
        if rest[end] == " ", rest[..<end].contains(where: { $0 != " " }) { space = end }
        width += displayWidth(String(rest[end]))
        end = rest.index(after: end)
      }
      guard end < rest.endIndex, let space = rest[end] == " " ? end : space else {
        if end < rest.endIndex, let later = rest[end...].firstIndex(of: " ") {
          lines.append(indent + rest[..<later])
          rest = rest[rest.index(after: later)...]
          continue
        }
        return (lines + [indent + rest]).joined(separator: "\n")
      }
      lines.append(indent + rest[..<space])
      rest = rest[rest.index(after: space)...]
    }
  }.joined(separator: "\n")
}
