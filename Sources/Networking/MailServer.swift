import Basics
import CCurl
import Glibc

/// A server that takes mails by SMTP.
public struct MailServer: Sendable {
  /// `smtp://host:587` (encrypted by STARTTLS) or `smtps://host` (encrypted from the start).
  public let url: String
  public let user: String?
  private let password: String?
  public var timeouts: NetworkTimeouts
  public var retries: RetryPolicy
  /// A file of certificates in PEM to trust instead of the system's.
  public var certificates: String?

  public init(
    _ url: String, user: String? = nil, password: String? = nil,
    timeouts: NetworkTimeouts = NetworkTimeouts(connect: 10, stall: 20, total: 30),
    retries: RetryPolicy = RetryPolicy(attempts: 3),
    certificates: String? = environment("SSL_CERT_FILE")
  ) {
    self.url = url
    self.user = user
    self.password = password
    self.timeouts = timeouts
    self.retries = retries
    self.certificates = certificates
  }

  /// Sends a mail; what fails for a passing reason is tried again.
  ///
  /// A password is sent over an encrypted connection only, but for this machine itself.
  public func send(
    _ message: MailMessage, clock: Clock = .system
  ) throws(NetworkError) {
    guard let address = WebAddress(url), ["smtp", "smtps"].contains(address.scheme) else {
      throw NetworkError(.badAddress, "", "this is no address of a mail server; it takes smtp://…")
    }
    for one in message.to + [message.from] where !MailMessage.isAddress(one) {
      throw NetworkError(.badAddress, address.origin, "a sender or recipient is no mail address")
    }
    // The same id for each attempt: who gets it twice sees it once.
    let bytes = message.encoded(at: clock.now(), id: randomUUID())
    let start = monotonicSeconds()
    var attempt = 1
    while true {
      do throws(NetworkError) {
        return try attemptOnce(message, bytes, address)
      } catch {
        let pause = retries.pause(after: attempt, asked: nil, random: .random(in: 0...1))
        guard MailServer.isTransient(error), attempt < retries.attempts,
          monotonicSeconds() - start + pause < retries.deadline
        else {
          var last = error
          last.attempts = attempt
          throw last
        }
        pauseThread(pause)
        attempt += 1
      }
    }
  }

  /// Replies from 400 to 499 are passing ones (RFC 5321, 4.2.1).
  private static func isTransient(_ error: NetworkError) -> Bool {
    guard error.code == .refused, let status = error.status else { return error.isTransient }
    return (400..<500).contains(status)
  }

  private func attemptOnce(
    _ message: MailMessage, _ bytes: [UInt8], _ address: WebAddress
  ) throws(NetworkError) {
    guard let handle = CurlHandle() else {
      throw NetworkError(.other, address.origin, "memory is short")
    }
    defer { handle.close() }
    handle.setCommon(url, timeouts, certificates: certificates)
    _ = curl_shim_limit_protocols(handle.pointer, 1)
    if let user { handle.set(CURLOPT_USERNAME, user) }
    if let password { handle.set(CURLOPT_PASSWORD, password) }
    let mustEncrypt = (password != nil || address.hasCredentials) && !address.isLoopback
    handle.set(CURLOPT_USE_SSL, mustEncrypt ? curl_shim_tls_all : curl_shim_tls_try)
    handle.set(CURLOPT_MAIL_FROM, "<\(message.from)>")
    let recipients = CurlList(message.to.map { "<\($0)>" })
    _ = curl_shim_set_list(handle.pointer, CURLOPT_MAIL_RCPT, recipients.head)
    handle.set(CURLOPT_UPLOAD, 1)
    let transfer = Transfer(.bytes(bytes), limit: 1 << 20, nil)
    transfer.attach(to: handle)
    let code = withExtendedLifetime((transfer, recipients)) { handle.perform() }
    let reply = handle.get(CURLINFO_RESPONSE_CODE)
    guard code != CURLE_OK else { return }
    let refusals = [
      CURLE_LOGIN_DENIED, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_WEIRD_SERVER_REPLY,
      CURLE_REMOTE_ACCESS_DENIED, CURLE_UPLOAD_FAILED, CURLE_QUOTE_ERROR,
    ]
    if reply >= 400, refusals.contains(code) {
      let why = code == CURLE_LOGIN_DENIED ? "\(reply): user or password is wrong" : "\(reply)"
      throw NetworkError(.refused, address.origin, why, status: reply)
    }
    throw handle.error(code, address.origin)
  }
}
