import Basics

/// What a store knows of one object.
public struct ObjectInfo: Hashable, Sendable {
  /// The path below the store's root, parts separated by `/`, not escaped.
  public let path: String
  /// Bytes.
  public let size: Int64
  /// When the object was last written.
  public let modified: Timestamp
  /// What tells one content of the object from another (an entity tag); nil where the store has none.
  public let tag: String?

  public init(path: String, size: Int64, modified: Timestamp, tag: String? = nil) {
    self.path = path
    self.size = size
    self.modified = modified
    self.tag = tag
  }
}

/// A place where named byte strings lie: a folder, a bucket, or memory.
///
/// Every transaction log, landing file and staged file goes through one of these, so that a test
/// can fail any operation and a lake can move to another kind of place. Calls block. A reader sees
/// an object whole or not at all.
public protocol ObjectStore: Sendable {
  /// Objects whose path begins with `prefix` (a folder with its `/`, or empty), in order of their
  /// paths' bytes.
  /// - Parameter after: only paths greater than this one.
  func list(_ prefix: String, after: String?) throws(StorageError) -> [ObjectInfo]
  /// Objects and folders directly below a folder, in order; folders' paths end with `/`.
  func listFolder(_ prefix: String) throws(StorageError) -> [ObjectInfo]
  /// The whole of an object.
  func read(_ path: String) throws(StorageError) -> [UInt8]
  /// Some bytes of an object; fewer where it ends before.
  func read(_ path: String, range: Range<Int64>) throws(StorageError) -> [UInt8]
  /// Size and time of an object; nil where there is none.
  func info(_ path: String) throws(StorageError) -> ObjectInfo?
  /// Writes an object, replacing one of that name at once and as a whole.
  func put(_ path: String, _ bytes: [UInt8]) throws(StorageError)
  /// Writes an object only where none of that name exists; false if one does.
  func putIfAbsent(_ path: String, _ bytes: [UInt8]) throws(StorageError) -> Bool
  /// Removes an object; no error where there is none.
  func delete(_ path: String) throws(StorageError)
  /// Removes objects; no error where one is not there.
  func delete(_ paths: [String]) throws(StorageError)
  /// Makes objects that another library wrote at these paths last through a power cut.
  func flush(_ paths: [String]) throws(StorageError)
  /// The address that an engine opens: an absolute file path or a URL, not escaped.
  func address(_ path: String) -> String

  /// Gives an object the bytes of one in a store of the same kind, which is never written again.
  func copy(_ source: String, of other: any ObjectStore, to path: String) throws(StorageError)
  /// Writes an object with the bytes of a file of this machine, replacing one of that name.
  func put(_ path: String, file: LocalFile) throws(StorageError)
  /// The store of a folder below; what is written through it gets these rights.
  func folder(
    _ path: String, rights: LocalStore.Rights, followsLinks: Bool
  ) -> any ObjectStore
  /// True if there is something at the store's own place: a folder, or an object of a bucket.
  func isThere() throws(StorageError) -> Bool
  /// Removes all objects of a folder, and the folder; no error where there is none.
  func deleteFolder(_ path: String) throws(StorageError)
  /// Makes a folder with the store's rights, where the store has folders of their own.
  func createFolder(_ path: String) throws(StorageError)
  /// Removes the unfinished writes directly below a folder; only for a process that knows that nobody
  /// else writes there.
  func removeTemporaries(_ folder: String)
  /// Which folder of this machine a path leads to; nil in a store without links.
  func identity(ofFolder path: String) -> FolderIdentity?
  /// True if a link stands there, wherever it leads.
  func isLink(_ path: String) -> Bool
  /// True if a link stands there that leads to nothing, or to itself.
  func isDeadLink(_ path: String) -> Bool
}

/// What holds for a store that keeps whole objects by their names, and nothing else.
extension ObjectStore {
  public func copy(
    _ source: String, of other: any ObjectStore, to path: String
  ) throws(StorageError) {
    try put(path, other.read(source))
  }

  public func put(_ path: String, file: LocalFile) throws(StorageError) {
    try put(path, file.read(at: 0, count: Int(file.info().size)))
  }

  public func folder(
    _ path: String, rights: LocalStore.Rights, followsLinks: Bool
  ) -> any ObjectStore {
    StoreFolder(of: self, path)
  }

  public func isThere() throws(StorageError) -> Bool { try !listFolder("").isEmpty }

  public func deleteFolder(_ path: String) throws(StorageError) {
    try delete(list(path.isEmpty ? "" : path + "/").map(\.path))
  }

  public func delete(_ paths: [String]) throws(StorageError) {
    for path in paths { try delete(path) }
  }

  public func createFolder(_ path: String) throws(StorageError) {}
  public func removeTemporaries(_ folder: String) {}
  public func identity(ofFolder path: String) -> FolderIdentity? { nil }
  public func isLink(_ path: String) -> Bool { false }
  public func isDeadLink(_ path: String) -> Bool { false }
}

extension ObjectStore {
  /// Objects whose path begins with `prefix`, in order.
  public func list(_ prefix: String) throws(StorageError) -> [ObjectInfo] {
    try list(prefix, after: nil)
  }

  /// The store of a folder below, with the usual rights.
  public func folder(_ path: String) -> any ObjectStore {
    folder(path, rights: .usual, followsLinks: true)
  }
}

/// Why a store could not do what it was asked.
public struct StorageError: Error, Hashable, Sendable {
  /// What went wrong, as a stable code that callers may match.
  public enum Code: Hashable, Sendable {
    case notFound
    /// Of a bucket.
    case noBucket
    case alreadyExists
    case permissionDenied
    case notAFolder
    case isAFolder
    case diskFull
    /// A link to a folder that holds it or that was reached before; `detail` is that folder.
    case linkLoop
    /// Any other failure of the system.
    case failed
    /// A failure that the store met on purpose, in a test.
    case injected
  }

  /// What the store was doing.
  public enum Operation: String, Hashable, Sendable {
    case list, read, write, delete, flush, lock
  }

  public let code: Code
  public let operation: Operation
  /// The address of the object or folder.
  public let address: String
  /// The system's own words.
  public let detail: String

  public init(_ code: Code, _ operation: Operation, _ address: String, detail: String = "") {
    self.code = code
    self.operation = operation
    self.address = address
    self.detail = detail
  }

  /// True where permission is denied to everybody.
  public var isOfReadOnlySystem: Bool {
    code == .permissionDenied && detail == "Read-only file system"
  }

  /// True where the same call may succeed later without anybody's help.
  public var retryable: Bool { code == .failed }
}

extension StorageError: CustomStringConvertible {
  public var description: String {
    let what =
      switch code {
      case .notFound: "there is no such file"
      case .noBucket: "there is no such bucket"
      case .alreadyExists: "it exists already"
      case .permissionDenied:
        isOfReadOnlySystem
          ? "the file system is read-only"
          : detail.isEmpty || detail == "Permission denied" || detail == "Operation not permitted"
            ? "permission denied" : detail
      case .notAFolder: "it is not a folder"
      case .isAFolder: "it is a folder, not a file"
      case .diskFull: "the disk is full"
      case .linkLoop: "it is a link back to \(detail)"
      case .failed: detail.isEmpty ? "the system refused" : detail
      case .injected: "a failure planted by a test"
      }
    return "could not \(operation.rawValue) \(address): \(what)"
  }
}
