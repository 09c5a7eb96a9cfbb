import DeltaLake
import Glibc
import Lakehouse
import Podium
import Storage
import TestKit

extension TestLake {
  /// Makes the next commit at a place fail, as if the process had ended just before it: whatever was
  /// committed earlier stays, and nothing after it happens for this table.
  ///
  /// A folder stands where the commit's file would go. `giveWay` takes it away.
  /// - Parameter after: commits that still succeed.
  public func block(_ location: TableLocation, after commits: Int64 = 0) throws {
    let next = ((try snapshot(location))?.version ?? -1) + 1 + commits
    try Files.makeFolder(obstacle(location, next))
  }

  /// Takes away what `block` put in the way of commits.
  public func giveWay(_ location: TableLocation) {
    let log = "\(path)/\(location.folder)/_delta_log"
    for name in Files.names(log) where name.hasSuffix(".json") { rmdir("\(log)/\(name)") }
  }

  private func obstacle(_ location: TableLocation, _ version: Int64) -> String {
    "\(path)/\(location.folder)/\(DeltaTable.commitPath(version))"
  }

  /// The file that says which batch a table has begun; nil where none is open.
  public func openBatch(_ table: Table) throws -> [UInt8]? {
    let file = batchFile(table)
    return kindOfFile(file) == .file ? try Files.read(file) : nil
  }

  /// Puts the file of a begun batch back, as if the process had ended before it could remove it.
  public func restoreBatch(_ table: Table, _ bytes: [UInt8]) throws {
    try Files.write(bytes, to: batchFile(table))
  }

  private func batchFile(_ table: Table) -> String {
    "\(path)/.podium/batches/\(table.name).json"
  }
}
