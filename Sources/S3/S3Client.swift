import Basics
import Networking
import Storage
import Synchronization

/// Sends signed requests for one bucket.
final class S3Client: Sendable {
  let bucket: String
  let settings: S3Settings
  private let http: HTTPClient
  private let clock: Clock
  /// The bucket's region, once a server has told another one than the settings.
  private let region: Mutex<String>

  init(bucket: String, _ settings: S3Settings, clock: Clock = .system) {
    self.bucket = bucket
    self.settings = settings
    self.clock = clock
    region = Mutex(settings.region)
    http = HTTPClient(
      HTTPClient.Configuration(retries: settings.retries, largestBody: 4 << 30))
  }

  /// A request for an object or, without a key, for the bucket.
  struct Request: Sendable {
    var method: String
    /// The object's name in the bucket; nil for the bucket itself.
    var key: String?
    var query: [(name: String, value: String)] = []
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []
    /// What was being done, for an error.
    var operation: StorageError.Operation
    /// Statuses beside 200 to 299 that the caller deals with.
    var accepted: Set<Int> = [404]
    /// True if the server may get it twice without harm.
    var isRepeatable = true
  }

  /// Where an object lies, for errors and engines.
  func address(_ key: String?) -> String { "s3://\(bucket)" + (key.map { "/\($0)" } ?? "") }

  /// Sends a request until it gets an answer that says something about the object.
  func send(_ request: Request) throws(StorageError) -> HTTPResponse {
    var refusals = 0
    while true {
      let credentials: AWSCredentials
      do { credentials = try settings.credentials.credentials() } catch {
        throw StorageError(.failed, request.operation, address(request.key), detail: "\(error)")
      }
      let answer: HTTPResponse
      do { answer = try http.send(signed(request, credentials)) } catch {
        throw StorageError(.failed, request.operation, address(request.key), detail: "\(error)")
      }
      if answer.isSuccess, let inner = S3Failure(answer.body, status: answer.status) {
        // Long work is answered 200 before it is done; the end of the answer may say otherwise.
        guard inner.isTransient, refusals < 5 else { throw error(inner, request) }
        refusals += 1
        continue
      }
      if answer.isSuccess || request.accepted.contains(answer.status) { return answer }
      let failure =
        S3Failure(answer.body, status: answer.status)
        ?? S3Failure(code: "\(answer.status)", message: "", status: answer.status)
      guard refusals < 5, shallRepeat(request, answer, failure, credentials) else {
        throw error(failure, request)
      }
      refusals += 1
    }
  }

  /// True if the next try may succeed, since something about it will be different.
  private func shallRepeat(
    _ request: Request, _ answer: HTTPResponse, _ failure: S3Failure, _ credentials: AWSCredentials
  ) -> Bool {
    switch failure.code {
    case "ExpiredToken", "InvalidToken", "TokenRefreshRequired":
      settings.credentials.refuse(credentials)
      return true
    case "RequestTimeout", "OperationAborted", "ConditionalRequestConflict": return true
    default: break
    }
    guard let other = answer["x-amz-bucket-region"], answer.status != 404 else { return false }
    return region.withLock { known in
      guard known != other else { return false }
      known = other
      return true
    }
  }

  private func error(_ failure: S3Failure, _ request: Request) -> StorageError {
    StorageError(
      failure.storageCode, request.operation, address(request.key), detail: failure.words)
  }

  private func signed(_ request: Request, _ credentials: AWSCredentials) -> HTTPRequest {
    let region = region.withLock { $0 }
    let place = origin(region)
    let path = place.path + (request.key.map { "/\($0)" } ?? (place.path.isEmpty ? "/" : ""))
    var headers = request.headers
    if settings.paysRequests { headers.append(("x-amz-request-payer", "requester")) }
    let hash = Digest.hex(Digest.sha256(request.body))
    let signature = SignatureV4(credentials: credentials, region: region)
    headers += signature.headers(
      SignatureV4.Request(
        method: request.method, host: place.host, path: path, query: request.query,
        headers: headers, payload: hash), at: clock.now())
    let query = SignatureV4.query(request.query)
    let url =
      "\(place.scheme)://\(place.host)" + SignatureV4.encode(path, keeping: "/")
      + (query.isEmpty ? "" : "?\(query)")
    let sendsBody = ["PUT", "POST"].contains(request.method)
    return HTTPRequest(
      request.method, url, headers: headers.map { HTTPHeader($0.name, $0.value) },
      body: sendsBody ? .bytes(request.body) : .none, timeouts: settings.timeouts,
      isRepeatable: request.isRepeatable)
  }

  /// Scheme, host with port, and what stands before the key in the path.
  private func origin(_ region: String) -> (scheme: String, host: String, path: String) {
    let endpoint = settings.endpoint ?? "https://s3.\(region).amazonaws.com"
    let parts = endpoint.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let scheme = String(parts[0].dropLast())
    let host = parts.count > 2 ? parts[2] : ""
    let folder = parts.dropFirst(3).filter { !$0.isEmpty }.map { "/\($0)" }.joined()
    // A certificate for *.host holds for one part of a name.
    let isPlain = !bucket.contains(".") && bucket == bucket.lowercased()
    guard settings.urlStyle == .vhost, isPlain else {
      return (scheme, host, "\(folder)/\(bucket)")
    }
    return (scheme, "\(bucket).\(host)", folder)
  }
}

/// What a server says of a request that it refuses (the `Error` element of the S3 API).
struct S3Failure: Hashable {
  /// Such as `NoSuchKey`.
  let code: String
  let message: String
  let status: Int

  init(code: String, message: String, status: Int) {
    self.code = code
    self.message = message
    self.status = status
  }

  /// Reads an answer; nil where it is no error.
  init?(_ body: [UInt8], status: Int) {
    // Answers that are no errors may be large; an error's first element is soon told.
    guard body.count < 1 << 16, body.first == UInt8(ascii: "<"), let root = XMLNode.parse(body),
      root.name == "Error"
    else { return nil }
    self.init(
      code: root["Code"]?.text ?? "", message: root["Message"]?.text ?? "", status: status)
  }

  var isTransient: Bool {
    ["InternalError", "ServiceUnavailable", "SlowDown", "RequestTimeout"].contains(code)
  }

  var storageCode: StorageError.Code {
    switch code {
    case "NoSuchKey": .notFound
    case "NoSuchBucket": .noBucket
    case "AccessDenied", "AllAccessDisabled", "InvalidAccessKeyId", "SignatureDoesNotMatch":
      .permissionDenied
    default: status == 403 ? .permissionDenied : status == 404 ? .notFound : .failed
    }
  }

  /// The server's words, without what they may name of keys.
  var words: String {
    switch code {
    case "RequestTimeTooSkewed":
      "the clock of this machine is wrong by more than 15 minutes, and the server refuses signatures"
    case "InvalidAccessKeyId": "the server does not know the access key"
    case "SignatureDoesNotMatch": "the server refuses the signature: the secret key is wrong"
    case "AccessDenied": "access denied"
    default: message.isEmpty ? "the server answered \(status) \(code)" : "\(code): \(message)"
    }
  }
}
