import Basics
import DeltaLake
import Engines
import Lakehouse

extension SparkJob {
  /// Rows that lie where both engines can read them.
  public struct Shared {
    /// What the embedded engine calls them after FROM.
    public let relation: String
    let addresses: [String]
    let rows: Int64
  }

  /// Has the embedded engine write a query's rows where both can read them; `file_row_number` numbers
  /// them.
  public func share(_ query: String) throws -> Shared {
    try onServer { server in
      let file = try views(server).write(query, rowGroupBytes: session.rowGroupBytes)
      shared.append(file.path)
      return Shared(
        relation: "read_parquet(\(sqlLiteral(file.address)))", addresses: [file.address],
        rows: file.recordCount ?? 0)
    }
  }

  /// Rows that a server wrote without partitions, for both; `Scan.rowColumn` numbers them.
  public func share(_ output: Output) -> Shared {
    Shared(relation: "(\(output.numbered))", addresses: output.addresses, rows: output.rows)
  }

  /// A view of shared rows, with some of their columns.
  public func view(of shared: Shared, _ columns: [StructField]) throws -> String {
    try onServer { server in
      try views(server).view(ofFiles: shared.addresses, rows: shared.rows, columns)
    }
  }

  /// The rows of a query over views, few of them.
  public func rows(_ query: String) throws -> [[Value]] {
    try onServer { try $0.connection.rows(query) }
  }

  /// A view of rows that the server wrote.
  public func view(of output: Output) throws -> String {
    try view(of: share(output), output.columns)
  }

  /// A view of a scan's rows with one more column, `__file`, the index of a row's file; nil for more
  /// files than a server makes views of.
  public func numbered(_ scan: Scan) throws -> String? {
    guard scan.files.count <= SparkViews.mostPartitions else { return nil }
    return try onServer { try views($0).numbered(scan) }
  }
}
