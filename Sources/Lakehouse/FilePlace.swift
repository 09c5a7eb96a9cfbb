import S3
import Storage

/// Where a file lies: in a folder of this machine or in a bucket.
public struct FilePlace: Sendable {
  /// The folder.
  public let store: any ObjectStore
  /// The file's name in it.
  public let name: String

  /// The place of a path or of `s3://bucket/path`.
  /// - Parameter settings: how buckets are reached; as the environment says where it is nil.
  public init(_ path: String, _ settings: S3Settings? = nil) throws(LakeError) {
    if S3Location.isMeant(path), path.split(separator: "/").count < 3 {
      throw .unreachable(.noLocation(path))
    }
    let path = S3Location.isMeant(path) ? path : absolutePath(path)
    store = try Lake.store(parentPath(path), settings)
    name = lastPathComponent(path)
  }

  public init(_ store: any ObjectStore, _ name: String) {
    self.store = store
    self.name = name
  }

  /// A path or a URL.
  public var address: String { store.address(name) }

  /// True if the file lies in a folder of this machine.
  public var isLocal: Bool { store is LocalStore }

  /// Writes the file by having it written on this machine, at a path where nothing is, and putting it
  /// into its place as a whole.
  public func put<Result>(_ write: (_ path: String) throws -> Result) throws -> Result {
    let folder = try TemporaryPlace()
    defer { withExtendedLifetime(folder) {} }
    let path = folder.path + "/file"
    let result = try write(path)
    let file = try LocalFile(reading: path)
    defer { file.close() }
    try store.put(name, file: file)
    return result
  }
}
