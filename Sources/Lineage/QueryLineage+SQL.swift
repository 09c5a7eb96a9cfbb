import Basics
import Engines
import Lakehouse

/// Reads the lineage of queries with the engine's parser.
///
/// For one thread at a time.
public final class LineageParser {
  private let session: EngineSession

  public init(_ session: EngineSession) { self.session = session }

  /// The lineage of a query's text.
  /// - Parameter tables: the columns of the tables that it may name, by the names that it uses.
  public func lineage(
    of text: String, tables: [String: [String]]
  ) throws(EngineError) -> QueryLineage {
    QueryLineage(
      try session.syntaxTree(of: text) ?? .null, tables: tables,
      aggregates: try session.aggregateFunctions())
  }

  /// The columns' expressions as the engine spells them; nil for one that is a bare column or that
  /// the engine cannot spell.
  func expressions(of columns: [QueryLineage.Column]) throws(EngineError) -> [String?] {
    let trees = columns.map { column in
      column.tree.flatMap { $0["class"]?.string == "COLUMN_REF" ? nil : $0 }
    }
    return (try? session.spelled(trees)) ?? columns.map { _ in nil }
  }
}
