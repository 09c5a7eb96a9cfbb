import Engines
import Lakehouse
import Runner
import Storage

extension LakeCare {
  /// Looks through what lies beside the tables: exports, and databases that were published under other
  /// names.
  /// - Parameter known: paths that need no look.
  /// - Returns: the paths in the lake of those that hold the person.
  func copies(_ plan: Forgetting, besides known: [String]) throws -> [String] {
    let search = TraceSearch(plan.keys.all, plan.traces)
    let root = lake.files
    let paths = try root.listFolder("").map(\.path) + root.list("published/").map(\.path)
    return try Set(paths).subtracting(known).sorted().filter { path in
      guard try root.info(path) != nil else { return false }
      if path.lowercased().hasSuffix(".parquet"),
        let rows = try? texts(ofParquet: root.address(path))
      {
        return rows.contains { search.findsPart(in: Array($0.utf8)) }
      }
      return search.findsPart(in: TraceSearch.readable(try root.read(path), path))
    }
  }

  private func texts(ofParquet file: String) throws -> [String] {
    try engine.session().connection.query(
      "SELECT CAST(r AS VARCHAR) FROM read_parquet(\(sqlLiteral(file))) AS r"
    ).rows().compactMap { $0[0].string }
  }
}
