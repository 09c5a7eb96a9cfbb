import Basics
import DeltaLake
import Glibc
import Lakehouse
import Networking
import Podium
import Storage
import TestKit

extension TestLake {
  /// Makes the next commit at a place fail, as if the process had ended just before it: whatever was
  /// committed earlier stays, and nothing after it happens for this table.
  ///
  /// A folder stands where the commit's file would go; in a bucket, where folders are no obstacle, the
  /// server refuses the commit. `giveWay` ends that.
  /// - Parameter after: commits that still succeed.
  public func block(_ location: TableLocation, after commits: Int64 = 0) throws {
    let next = ((try snapshot(location))?.version ?? -1) + 1 + commits
    let path = "\(location.folder)/\(DeltaTable.commitPath(next))"
    guard TestLake.isLocal else { return try refuse(path, "PUT") }
    try Files.makeFolder("\(self.path)/\(path)")
  }

  /// Tells the server of `scripts/s3-server.sh` to refuse an object, or no longer.
  private func refuse(_ path: String, _ method: String) throws {
    let endpoint = environment("AWS_ENDPOINT_URL") ?? ""
    let key = lake.files.address(path).dropFirst("s3://".count)
    let answer = try HTTPClient(HTTPClient.Configuration()).send(
      HTTPRequest(method, "\(endpoint)/_refuse/\(key)"))
    guard answer.isSuccess else { throw TestKitError("the server answered \(answer.status)") }
  }

  /// Takes away what `block` put in the way of commits.
  public func giveWay(_ location: TableLocation) throws {
    guard TestLake.isLocal else {
      for version in Int64(0)...30 {
        try refuse("\(location.folder)/\(DeltaTable.commitPath(version))", "DELETE")
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
