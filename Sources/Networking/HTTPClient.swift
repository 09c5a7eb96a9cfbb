import Basics
import CCurl
import Glibc
import Synchronization

/// Sends requests over HTTP/1.1 and HTTP/2, and keeps connections open for the next ones.
///
/// Calls block; they belong on threads of their own, any number at a time. Redirections are not
/// followed: what is sent may be meant for one server alone. Proxies are those of the environment
/// (`https_proxy`, `no_proxy`).
public final class HTTPClient: Sendable {
  /// What holds for all requests of a client.
  public struct Configuration: Sendable {
    public var retries: RetryPolicy
    public var userAgent: String
    /// A file of certificates in PEM to trust instead of the system's; `SSL_CERT_FILE` otherwise.
    public var certificates: String?
    /// The most bytes of an answer that are collected.
    public var largestBody: Int

    public init(
      retries: RetryPolicy = RetryPolicy(), userAgent: String = "podium",
      certificates: String? = environment("SSL_CERT_FILE"), largestBody: Int = 64 << 20
    ) {
      self.retries = retries
      self.userAgent = userAgent
      self.certificates = certificates
      self.largestBody = largestBody
    }
  }

  public let configuration: Configuration
  private let idle = Mutex<[CurlHandle]>([])

  public init(_ configuration: Configuration = Configuration()) {
    self.configuration = configuration
  }

  deinit { for handle in idle.withLock({ $0 }) { handle.close() } }

  /// Sends a request and gives the answer, whatever its status.
  ///
  /// What fails for a passing reason is tried again, as far as the request may be repeated.
  /// - Parameter receive: gets the body of an answer of status 200 to 299 as it comes, instead of
  ///   the response. Once it got a byte the request is not tried again. An error that it throws ends
  ///   the request.
  public func send(
    _ request: HTTPRequest, receive: ((UnsafeRawBufferPointer) throws -> Void)? = nil
  ) throws(NetworkError) -> HTTPResponse {
    guard let address = WebAddress(request.url) else {
      throw NetworkError(.badAddress, "", "this is no URL; it takes http://… or https://…")
    }
    guard ["http", "https"].contains(address.scheme) else {
      throw NetworkError(.badAddress, address.origin, "it takes http:// or https://")
    }
    let policy = configuration.retries
    let start = monotonicSeconds()
    var attempt = 1
    while true {
      var asked: Double?
      var failure: NetworkError?
      var answer: HTTPResponse?
      var mayRepeat = request.isRepeatable
      let transfer = Transfer(request.body, limit: configuration.largestBody, receive)
      do throws(NetworkError) {
        var response = try attemptOnce(request, address, transfer)
        response.attempts = attempt
        guard HTTPResponse.isTransient(response.status) else { return response }
        asked = response.retryAfter
        // These two say that nothing was done.
        mayRepeat = mayRepeat || [429, 503].contains(response.status)
        answer = response
      } catch {
        failure = error
        mayRepeat = (mayRepeat && error.isTransient) || error.isBeforeSending
      }
      let pause = policy.pause(after: attempt, asked: asked, random: .random(in: 0...1))
      guard mayRepeat, !transfer.delivered, attempt < policy.attempts,
        monotonicSeconds() - start + pause < policy.deadline
      else {
        if let answer { return answer }
        var last = failure ?? NetworkError(.other, address.origin, "nothing was sent")
        last.attempts = attempt
        throw last
      }
      pauseThread(pause)
      attempt += 1
    }
  }

  private func attemptOnce(
    _ request: HTTPRequest, _ address: WebAddress, _ transfer: Transfer
  ) throws(NetworkError) -> HTTPResponse {
    guard let handle = idle.withLock({ $0.popLast() }) ?? CurlHandle() else {
      throw NetworkError(.other, address.origin, "memory is short")
    }
    defer {
      handle.reset()
      idle.withLock { $0.append(handle) }
    }
    // Names that end with a colon take a header away that libcurl would add.
    let lines = request.headers.map { "\($0.name): \($0.value)" } + ["Expect:"]
    guard !lines.contains(where: { $0.utf8.contains { $0 == 0x0D || $0 == 0x0A || $0 == 0 } })
    else { throw NetworkError(.badAddress, address.origin, "a header has a line break") }
    let list = CurlList(lines)
    _ = curl_shim_set_list(handle.pointer, CURLOPT_HTTPHEADER, list.head)
    handle.prepare(request, configuration)
    transfer.attach(to: handle)
    let code = withExtendedLifetime((transfer, list)) { handle.perform() }
    if let failure = transfer.failure {
      throw NetworkError(.local, address.origin, "\(failure)")
    }
    if transfer.isTooLarge {
      throw NetworkError(
        .tooLarge, address.origin,
        "the answer has more than \(bytesText(configuration.largestBody))")
    }
    guard code == CURLE_OK else { throw handle.error(code, address.origin) }
    return transfer.response
  }
}

extension CurlHandle {
  /// Sets what a request says.
  fileprivate func prepare(_ request: HTTPRequest, _ configuration: HTTPClient.Configuration) {
    setCommon(request.url, request.timeouts, certificates: configuration.certificates)
    _ = curl_shim_limit_protocols(pointer, 0)
    set(CURLOPT_USERAGENT, configuration.userAgent)
    set(CURLOPT_HTTP_VERSION, curl_shim_http_2_over_tls)
    switch request.body {
    case .none:
      if request.method == "HEAD" { set(CURLOPT_NOBODY, 1) } else { set(CURLOPT_HTTPGET, 1) }
      // A server may insist on a length of 0.
      if ["POST", "PUT", "PATCH"].contains(request.method) {
        set(CURLOPT_UPLOAD, 1)
        _ = curl_shim_set_offset(pointer, CURLOPT_INFILESIZE_LARGE, 0)
      }
    case .bytes(let bytes):
      set(CURLOPT_UPLOAD, 1)
      _ = curl_shim_set_offset(pointer, CURLOPT_INFILESIZE_LARGE, curl_off_t(bytes.count))
    case .stream(let length, _):
      set(CURLOPT_UPLOAD, 1)
      _ = curl_shim_set_offset(pointer, CURLOPT_INFILESIZE_LARGE, curl_off_t(length))
    }
    set(CURLOPT_CUSTOMREQUEST, request.method)
  }

  /// Sets what all protocols have.
  func setCommon(_ url: String, _ timeouts: NetworkTimeouts, certificates: String?) {
    set(CURLOPT_URL, url)
    // Signals are the process's own affair.
    set(CURLOPT_NOSIGNAL, 1)
    set(milliseconds: CURLOPT_CONNECTTIMEOUT_MS, timeouts.connect)
    if let total = timeouts.total { set(milliseconds: CURLOPT_TIMEOUT_MS, total) }
    set(CURLOPT_LOW_SPEED_LIMIT, 1)
    set(CURLOPT_LOW_SPEED_TIME, max(1, timeouts.stall))
    if let certificates { set(CURLOPT_CAINFO, certificates) }
  }
}
