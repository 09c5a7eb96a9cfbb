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

  /// Both stores share connections.
  public func folder(
    _ path: String, rights: LocalStore.Rights, followsLinks: Bool
  ) -> any ObjectStore {
    S3Store(location.appending(path), client)
  }

  public func address(_ path: String) -> String {
    client.address(key(path).isEmpty ? nil : key(path))
  }

  /// The server that is asked: an address, or a name of AWS's own.
  public var server: String { client.settings.endpoint ?? "aws" }

  /// How buckets are reached.
  public var settings: S3Settings { client.settings }

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
    let info = ObjectInfo(path: path, size: size, modified: modified, tag: answer["etag"])
    return (info, answer[S3Store.token])
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

  /// The bytes are copied by the server, where it has both.
  public func copy(
    _ source: String, of other: any ObjectStore, to path: String
  ) throws(StorageError) {
    guard let other = other as? S3Store, other.client.settings.endpoint == client.settings.endpoint
    else { return try put(path, other.read(source)) }
    guard let size = try other.info(source)?.size else {
      throw StorageError(.notFound, .read, other.address(source))
    }
    // The server copies no larger ones at once.
    guard size <= 5 << 30 else {
      return try putParts(path, size: size) { (range) throws(StorageError) in
        try other.read(source, range: range)
      }
    }
    let from = SignatureV4.encode("\(other.location.bucket)/\(other.key(source))", keeping: "/")
    _ = try client.send(
      S3Client.Request(
        method: "PUT", key: key(path), headers: encryption + [("x-amz-copy-source", from)],
        operation: .write, accepted: []))
  }

  public func isThere() throws(StorageError) -> Bool { try !isEmpty() }

  /// Nothing is to be done: what was answered lasts.
  public func flush(_ paths: [String]) throws(StorageError) {}
}
