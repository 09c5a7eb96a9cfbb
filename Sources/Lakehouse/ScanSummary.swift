import Basics
import DeltaLake

/// What a query read of its tables' data files, and what it passed over.
public struct ScanSummary: Hashable, Sendable {
  /// Files that were read, and files that the query's conditions ruled out.
  public let files: Int
  public let skippedFiles: Int
  /// Rows of these files, by their statistics; nil where a file has none.
  public let rows: Int64?
  public let skippedRows: Int64?
  /// Bytes that were read of all files' bytes: columns that the query does not name and parts of files
  /// whose statistics rule them out are passed over.
  public let bytes: Int64
  public let skippedBytes: Int64

  /// - Parameters:
  ///   - scans: what the query reads.
  ///   - measured: bytes that were read while it ran; nil where nobody knows, so that the files that
  ///     are not ruled out count whole.
  public init(_ scans: [QueryTables.TableScan], measured: Int64?) {
    files = scans.reduce(0) { $0 + $1.files.files.count }
    skippedFiles = scans.reduce(0) { $0 + $1.files.skippedFiles }
    rows = ScanSummary.sum(scans.map(\.files.files.rowCount))
    skippedRows = ScanSummary.sum(scans.map(\.files.skippedRows))
    let left = scans.reduce(Int64(0)) { $0 &+ $1.files.bytes }
    let all = scans.reduce(left) { $0 &+ $1.files.skippedBytes }
    bytes = max(0, measured ?? left)
    skippedBytes = max(0, all &- bytes)
  }

  private static func sum(_ numbers: [Int64?]) -> Int64? {
    numbers.reduce(0) { sum, number in sum.flatMap { sum in number.map { sum &+ $0 } } }
  }

  /// What Amazon Athena charges for a query that scans as many bytes, USD.
  ///
  /// 5 USD for a terabyte, in whole megabytes, of which at least ten count (Athena's price list).
  public var athenaDollars: Double {
    let megabytes = bytes / 1_000_000 + (bytes % 1_000_000 > 0 ? 1 : 0)
    return Double(max(10, megabytes)) * 5 / 1_000_000
  }
}

extension ScanSummary: CustomStringConvertible {
  /// `read 9 of 12 files, 376,241 of 400,000 rows, 1.2 MB of 4.5 MB`.
  public var description: String {
    var words = "read \(grouped(files)) of \(counted(files + skippedFiles, "file"))"
    if let rows, let skippedRows {
      words += ", \(grouped(rows)) of \(counted(rows &+ skippedRows, "row"))"
    }
    return words + ", \(bytesText(bytes)) of \(bytesText(bytes &+ skippedBytes))"
  }
}
