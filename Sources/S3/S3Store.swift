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
  private let cache: ObjectCache

  /// Objects larger than this are sent in parts.
  static let partSize = 16 << 20
  /// Objects that are shorter are read as a whole, where they are kept.
  private static let start: Int64 = 65_536
  /// The header that names the write an object comes from.
  static let token = "x-amz-meta-podium-write"

  /// - Parameter keeps: true for the names of objects that are never written again and are read often:
  ///   they are kept in memory.
  public init(
    _ location: S3Location, _ settings: S3Settings, clock: Clock = .system,
    keeps: @escaping @Sendable (String) -> Bool = { _ in false }
  ) {
    self.location = location
    client = S3Client(bucket: location.bucket, settings, clock: clock)
    cache = ObjectCache(keeps)
  }

  private init(_ location: S3Location, of store: S3Store) {
    self.location = location
    client = store.client
    cache = store.cache
  }

  /// Both stores share connections.
  public func folder(
    _ path: String, rights: LocalStore.Rights, followsLinks: Bool
  ) -> any ObjectStore {
    S3Store(location.appending(path), of: self)
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
    if let known = cache.object(key(path)) { return known }
    let bytes = try get(path, range: nil)
    cache.insert(key(path), bytes)
    return bytes
  }

  public func read(_ path: String, range: Range<Int64>) throws(StorageError) -> [UInt8] {
    guard !range.isEmpty else { return [] }
    guard cache.keeps(key(path)), range.upperBound <= S3Store.start else {
      return try get(path, range: range)
    }
    // Of a small object any part is asked for sooner or later.
    let bytes: [UInt8]
    if let known = cache.object(key(path)) {
      bytes = known
    } else {
      bytes = try get(path, range: 0..<S3Store.start)
      if bytes.count < S3Store.start { cache.insert(key(path), bytes) }
    }
    let part = range.clamped(to: 0..<Int64(bytes.count))
    return Array(bytes[Int(part.lowerBound)..<Int(part.upperBound)])
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
    cache.remove(key(path))
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
    if !answer.isSuccess, try head(path)?.token != token { return false }
    cache.insert(key(path), bytes)
    return true
  }

  /// The headers by which objects are encrypted.
  var encryption: [(name: String, value: String)] {
    guard let key = client.settings.kmsKey else { return [] }
    let named = key == "aws/s3" ? [] : [("x-amz-server-side-encryption-aws-kms-key-id", key)]
    return [("x-amz-server-side-encryption", "aws:kms")] + named
  }

  public func delete(_ path: String) throws(StorageError) {
    cache.remove(key(path))
    _ = try client.send(S3Client.Request(method: "DELETE", key: key(path), operation: .delete))
  }

  /// A thousand at once.
  public func delete(_ paths: [String]) throws(StorageError) {
    guard paths.count > 1 else {
      if let path = paths.first { try delete(path) }
      return
    }
    for path in paths { cache.remove(key(path)) }
    for start in stride(from: 0, to: paths.count, by: 1000) {
      let part = paths[start..<min(start + 1000, paths.count)]
      let list = part.map { "<Object><Key>\(S3Store.escaped(key($0)))</Key></Object>" }
      let body = Array("<Delete>\(list.joined())<Quiet>true</Quiet></Delete>".utf8)
      let answer = try client.send(
        S3Client.Request(
          method: "POST", query: [("delete", "")],
          headers: [("content-md5", Digest.base64(Digest.md5(body)))], body: body,
          operation: .delete, accepted: []))
      if let failed = XMLNode.parse(answer.body)?.all("Error").first {
        throw StorageError(
          .failed, .delete, address(part.first ?? ""),
          detail: failed["Message"]?.text ?? failed["Code"]?.text ?? "the server refused")
      }
    }
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
