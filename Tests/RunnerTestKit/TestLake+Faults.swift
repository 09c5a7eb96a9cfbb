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
  /// A folder stands where the commit's file would go; in a bucket, where folders are no obstacle, an
  /// object that is no commit. `giveWay` takes it away.
  /// - Parameter after: commits that still succeed.
  public func block(_ location: TableLocation, after commits: Int64 = 0) throws {
    let next = ((try snapshot(location))?.version ?? -1) + 1 + commits
    let path = "\(location.folder)/\(DeltaTable.commitPath(next))"
    guard TestLake.isLocal else { return try write(TestLake.noCommit, to: path) }
    try Files.makeFolder("\(self.path)/\(path)")
  }

  private static let noCommit = "no commit"

  /// Takes away what `block` put in the way of commits.
  public func giveWay(_ location: TableLocation) throws {
    guard TestLake.isLocal else {
      for path in try files("\(location.folder)/_delta_log") where path.hasSuffix(".json") {
        if try read(path) == Array(TestLake.noCommit.utf8) { remove(path) }
      }
      return
    }
    let log = "\(path)/\(location.folder)/_delta_log"
    for name in Files.names(log) where name.hasSuffix(".json") { rmdir("\(log)/\(name)") }
  }

  /// The file that says which batch a table has begun; nil where none is open.
  public func openBatch(_ table: Table) throws -> [UInt8]? {
    try lake.files.info(batchFile(table)) == nil ? nil : read(batchFile(table))
  }

  /// Puts the file of a begun batch back, as if the process had ended before it could remove it.
  public func restoreBatch(_ table: Table, _ bytes: [UInt8]) throws {
    try write(bytes, to: batchFile(table))
  }

  private func batchFile(_ table: Table) -> String {
    ".podium/batches/\(table.name).json"
  }
}
