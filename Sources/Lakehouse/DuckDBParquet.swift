import DeltaLake
import Engines

/// DuckDB as the reader and writer of Parquet for Delta tables.
public final class DuckDBParquet: ParquetHandler {
  let session: EngineSession
  /// So many rows are told one by one; with more of them the join takes longer than bit strings.
  var fewRows = 1 << 17

  public init(_ session: EngineSession) { self.session = session }

  public func scan(_ scan: Scan) throws -> Relation {
    var query = ScanQuery(scan)
    if scan.mapping == .id { query.fileColumns = try columnIDs(scan.files.map(\.address)) }
    guard scan.files.contains(where: { $0.rows != .all }) else {
      return Relation("(\(query.text))")
    }
    let rows = try stageRows(scan)
    query.chosenRows = rows
    return Relation("(\(query.text))", temporaries: [rows.name])
  }

  public func release(_ relation: Relation) {
    for name in relation.temporaries { session.drop(table: name) }
    // A relation in parentheses is a query and holds nothing itself.
    if !relation.name.hasPrefix("(") { session.drop(table: relation.name) }
  }
}

/// A path that `read_parquet` takes literally, although it knows wildcards.
func globEscaped(_ path: String) -> String {
  guard path.utf8.contains(where: { $0 == 0x2A || $0 == 0x3F || $0 == 0x5B }) else { return path }
  return path.map { character in
    switch character {
    case "*", "?", "[": "[\(character)]"
    default: String(character)
    }
  }.joined()
}
