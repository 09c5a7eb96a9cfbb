import Basics
import Networking
import Storage

/// A part of a bucket as an object store.
///
/// An object appears at once, as S3 promises: readers and listings see it whole as soon as a write
/// was answered. `putIfAbsent` sends `If-None-Match: *`; an answer that says the object is there, after
/// one that got lost, is told from another writer's by a token that each write gives its object.
public final class S3Store: ObjectStore {
  public let location: S3Location
  let client: S3Client

  /// Objects larger than this are sent in parts.
  static let partSize = 16 << 20
  /// The header that names the write an object comes from.
  static let token = "x-amz-meta-podium-write"

  public init(_ location: S3Location, _ settings: S3Settings, clock: Clock = .system) {
    self.location = location
    client = S3Client(bucket: location.bucket, settings, clock: clock)
  }

  init(_ location: S3Location, _ client: S3Client) {
    self.location = location
    self.client = client
  }

  /// The store of a folder in this one; both share connections.
  public func store(_ folder: String) -> S3Store {
    S3Store(location.appending(folder), client)
  }

  public func address(_ path: String) -> String {
    client.address(key(path).isEmpty ? nil : key(path))
  }

  /// The object's name in the bucket.
  func key(_ path: String) -> String {
    location.prefix.isEmpty ? path : path.isEmpty ? location.prefix : "\(location.prefix)/\(path)"
  }

  public func read(_ path: String) throws(StorageError) -> [UInt8] {
    try get(path, range: nil)
  }

  public func read(_ path: String, range: Range<Int64>) throws(StorageError) -> [UInt8] {
    guard !range.isEmpty else { return [] }
    return try get(path, range: range)
  }

  private func get(_ path: String, range: Range<Int64>?) throws(StorageError) -> [UInt8] {
    var request = S3Client.Request(method: "GET", key: key(path), operation: .read)
    if let range {
      let last = range.upperBound == .max ? "" : "\(range.upperBound - 1)"
      request.headers = [("range", "bytes=\(range.lowerBound)-\(last)")]
      // A range behind the end.
      request.accepted.insert(416)
    }
    let answer = try client.send(request)
    switch answer.status {
    case 404: throw notFound(answer, .read, path)
    case 416: return []
    default: return answer.body
    }
  }

  private func notFound(
    _ answer: HTTPResponse, _ operation: StorageError.Operation, _ path: String
  ) -> StorageError {
    let failure = S3Failure(answer.body, status: answer.status)
    return StorageError(failure?.storageCode ?? .notFound, operation, address(path))
  }

  public func info(_ path: String) throws(StorageError) -> ObjectInfo? {
    try head(path)?.info
  }

  /// Size, time and token of an object; nil where there is none.
  func head(_ path: String) throws(StorageError) -> (info: ObjectInfo, token: String?)? {
    let answer = try client.send(
      S3Client.Request(method: "HEAD", key: key(path), operation: .read))
    guard answer.isSuccess else { return nil }
    guard let size = answer["content-length"].flatMap({ Int64($0) }),
      let modified = answer["last-modified"].flatMap({ Timestamp(httpDate: $0) })
    else {
      throw StorageError(
        .failed, .read, address(path), detail: "the answer tells neither size nor time")
    }
    return (ObjectInfo(path: path, size: size, modified: modified), answer[S3Store.token])
  }

  public func put(_ path: String, _ bytes: [UInt8]) throws(StorageError) {
    guard bytes.count <= S3Store.partSize else { return try putParts(path, bytes) }
    _ = try client.send(
      S3Client.Request(
        method: "PUT", key: key(path), headers: encryption, body: bytes, operation: .write,
        accepted: []))
  }

  public func putIfAbsent(_ path: String, _ bytes: [UInt8]) throws(StorageError) -> Bool {
    let token = uniqueName()
    let answer = try client.send(
      S3Client.Request(
        method: "PUT", key: key(path),
        headers: encryption + [("if-none-match", "*"), (S3Store.token, token)], body: bytes,
        operation: .write, accepted: [412]))
    if answer.isSuccess { return true }
    return try head(path)?.token == token
  }

  /// The headers by which objects are encrypted.
  var encryption: [(name: String, value: String)] {
    guard let key = client.settings.kmsKey else { return [] }
    let named = key == "aws/s3" ? [] : [("x-amz-server-side-encryption-aws-kms-key-id", key)]
    return [("x-amz-server-side-encryption", "aws:kms")] + named
  }

  public func delete(_ path: String) throws(StorageError) {
    _ = try client.send(S3Client.Request(method: "DELETE", key: key(path), operation: .delete))
  }

  /// Nothing is to be done: what was answered lasts.
  public func flush(_ paths: [String]) throws(StorageError) {}
}
