import Basics
import DeltaLake
import Lakehouse
import Storage

/// Changes one table by words.
final class TableWriter {
  private let table: DeltaTable
  private let session: EngineSession
  private let tries: Int

  /// Rows of a batch.
  private static let rows = 8

  init(_ folder: String, tries: Int) throws {
    let session = try EngineProvider(lake: nil).session()
    self.session = session
    self.tries = tries
    table = DeltaTable(store: LocalStore(root: folder)) { DuckDBParquet(session) }
  }

  /// Does what some words say.
  /// - Parameter name: what the commit says of who made it.
  /// - Returns: the version that the table has then.
  func carryOut(_ words: String, as name: String) throws -> Int64 {
    let parts = words.split(separator: ":").map(String.init)
    for _ in 1..<tries {
      do { return try change(parts, name) } catch DeltaError.conflict { continue }
    }
    return try change(parts, name)
  }

  private func change(_ words: [String], _ name: String) throws -> Int64 {
    let base = try table.snapshot()
    func transaction(_ isBlind: Bool = false) -> Transaction {
      var transaction = Transaction(words[0].uppercased(), isBlindAppend: isBlind)
      transaction.tags = [JSON.Member("writer", .string(name))]
      return transaction
    }
    let batch = words.count > 1 ? words[1] : ""
    let condition = "batch = '\(batch)'"
    switch words[0] {
    case "append":
      return try staged(rows(of: batch)) {
        try table.append($0, base, transaction: transaction(true)).snapshot.version
      }
    case "merge":
      let old = try session.stage(
        "old", as: "SELECT * FROM \(table.parquet().scan(table.scan(base)).name)")
      defer { session.drop(table: old) }
      let source = """
        SELECT batch, k, v + 1 AS v FROM \(old) WHERE \(condition) \
        UNION ALL \(rows(of: words[2]))
        """
      return try staged(source) {
        try table.merge(
          $0, base, keys: ["batch", "k"], whenMatched: [.init(.update)]
        ) { _ in transaction() }.snapshot.version
      }
    case "update":
      return try table.update(
        ["v": "v + 1"], where: condition, base, transaction: transaction()
      ).snapshot.version
    case "delete":
      return try table.delete(
        where: condition, base, transaction: transaction()
      ).snapshot.version
    case "optimize", "zorder":
      let request = OptimizeRequest(zOrderBy: words[0] == "zorder" ? ["batch", "k"] : [])
      return try table.optimize(request, base, transaction: transaction()).snapshot.version
    case "checkpoint":
      try table.writeCheckpoint(base)
      return base.version
    case "vacuum":
      _ = try table.vacuum(base, retention: 0, dryRun: false, force: true)
      return base.version
    default: throw UnknownWords(words: words)
    }
  }

  private func rows(of batch: String) -> String {
    "SELECT '\(batch)' AS batch, k, CAST(0 AS BIGINT) AS v FROM range(\(TableWriter.rows)) AS r(k)"
  }

  private func staged<R>(_ query: String, _ work: (Relation) throws -> R) throws -> R {
    let name = try session.stage("given", as: query)
    defer { session.drop(table: name) }
    return try work(Relation(name))
  }
}

/// Words that mean nothing.
struct UnknownWords: Error {
  let words: [String]
}
