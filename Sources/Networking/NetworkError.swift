import Basics

/// Why a request or a mail did not get through.
///
/// It names the server by scheme, host and port alone: paths, queries, users and passwords of an
/// address may be secrets.
public struct NetworkError: Error, Hashable, Sendable {
  /// The kind of failure.
  public enum Code: String, Sendable {
    /// The text is no address, or not of a protocol that is spoken here.
    case badAddress = "bad-address"
    /// The host's name is unknown.
    case unknownHost = "unknown-host"
    /// Nobody takes connections there.
    case noConnection = "no-connection"
    /// The encrypted connection could not be set up, or the certificate is not trusted.
    case tls
    /// It took longer than allowed.
    case timedOut = "timed-out"
    /// The connection was cut before the answer was whole.
    case cut
    /// The server answered, and said no.
    case refused
    /// The answer has more bytes than the caller takes.
    case tooLarge = "too-large"
    /// What was to be sent could not be read, or what came could not be kept.
    case local
    case other
  }

  public let code: Code
  /// Such as `https://example.org:8443`.
  public let peer: String
  /// What the library, the system or the server said; without parts of an address.
  public let detail: String
  /// The status of HTTP, or the reply code of SMTP; nil where there was none.
  public let status: Int?
  /// How often it was tried.
  public internal(set) var attempts = 1

  init(_ code: Code, _ peer: String, _ detail: String, status: Int? = nil) {
    self.code = code
    self.peer = peer
    self.detail = detail
    self.status = status
  }

  /// True if nothing can have reached the server.
  var isBeforeSending: Bool { [.unknownHost, .noConnection].contains(code) }

  /// True if it may work a little later.
  public var isTransient: Bool {
    switch code {
    case .unknownHost, .noConnection, .timedOut, .cut: true
    case .refused: status.map(HTTPResponse.isTransient) ?? false
    case .badAddress, .tls, .tooLarge, .local, .other: false
    }
  }
}

extension NetworkError: CustomStringConvertible {
  public var description: String {
    let tries = attempts > 1 ? " (tried \(attempts) times)" : ""
    return switch code {
    case .badAddress: "\(peer.isEmpty ? "the address" : peer): \(detail)"
    case .unknownHost: "the host of \(peer) is unknown\(tries)"
    case .noConnection: "\(peer) takes no connection: \(detail)\(tries)"
    case .tls: "no encrypted connection to \(peer): \(detail)\(tries)"
    case .timedOut: "\(peer) did not answer in time\(tries)"
    case .cut: "\(peer) cut the connection\(tries)"
    case .refused: "\(peer) answered \(detail)\(tries)"
    case .tooLarge, .local, .other: "\(peer): \(detail)\(tries)"
    }
  }
}

extension NetworkError {
  /// An answer that says no, as an error.
  public init(answer: HTTPResponse, from url: String) {
    self.init(
      .refused, WebAddress(url)?.origin ?? "", "\(answer.status)", status: answer.status)
    attempts = answer.attempts
  }
}
