import Basics

/// A key that signs requests to AWS.
public struct AWSCredentials: Hashable, Sendable {
  public let accessKey: String
  public let secretKey: String
  /// Of temporary keys.
  public let sessionToken: String?
  /// When temporary keys end; nil for those that do not.
  public let expires: Timestamp?

  public init(
    accessKey: String, secretKey: String, sessionToken: String? = nil, expires: Timestamp? = nil
  ) {
    self.accessKey = accessKey
    self.secretKey = secretKey
    self.sessionToken = sessionToken
    self.expires = expires
  }
}

/// Signs a request with Signature Version 4 of AWS.
///
/// The source is "Signature Version 4 signing process" and "Authenticating requests (AWS Signature
/// Version 4)" of the Amazon S3 API reference: a path is encoded once.
struct SignatureV4 {
  let credentials: AWSCredentials
  let region: String
  var service = "s3"

  /// A request before it is signed.
  struct Request {
    var method: String
    /// With the port where it is not the scheme's own, as it is sent.
    var host: String
    /// Decoded, from the first `/` on.
    var path: String
    /// Decoded names and values.
    var query: [(name: String, value: String)] = []
    var headers: [(name: String, value: String)] = []
    /// The hash of the body in hexadecimal digits.
    var payload: String
  }

  /// The headers that a request is sent with beside its own: date, hash, token and signature.
  func headers(_ request: Request, at now: Timestamp) -> [(name: String, value: String)] {
    let stamp = SignatureV4.stamp(now)
    var added = [("x-amz-content-sha256", request.payload), ("x-amz-date", stamp)]
    if let token = credentials.sessionToken { added.append(("x-amz-security-token", token)) }
    let signed = (request.headers + added + [("host", request.host)])
      .map { (name: $0.0.lowercased(), value: SignatureV4.trimmed($0.1)) }
      .sorted { $0.name < $1.name }
    let names = signed.map(\.name).joined(separator: ";")
    let canonical = [
      request.method, SignatureV4.encode(request.path, keeping: "/"),
      SignatureV4.query(request.query),
      signed.map { "\($0.name):\($0.value)\n" }.joined(), names, request.payload,
    ].joined(separator: "\n")
    let scope = "\(stamp.prefix(8))/\(region)/\(service)/aws4_request"
    let text = [
      "AWS4-HMAC-SHA256", stamp, scope, Digest.hex(Digest.sha256(Array(canonical.utf8))),
    ].joined(separator: "\n")
    let signature = Digest.hex(Digest.hmac(key: key(String(stamp.prefix(8))), Array(text.utf8)))
    added.append(
      (
        "authorization",
        "AWS4-HMAC-SHA256 Credential=\(credentials.accessKey)/\(scope), SignedHeaders=\(names), "
          + "Signature=\(signature)"
      ))
    return added
  }

  private func key(_ day: String) -> [UInt8] {
    var key = Array("AWS4\(credentials.secretKey)".utf8)
    for part in [day, region, service, "aws4_request"] {
      key = Digest.hmac(key: key, Array(part.utf8))
    }
    return key
  }

  /// The parts of a query in the order and spelling that are signed, and sent.
  static func query(_ parts: [(name: String, value: String)]) -> String {
    parts.map { (name: encode($0.name), value: encode($0.value)) }
      .sorted { ($0.name, $0.value) < ($1.name, $1.value) }
      .map { "\($0.name)=\($0.value)" }.joined(separator: "&")
  }

  /// Encodes all but the unreserved characters of RFC 3986 and those that are to stay.
  static func encode(_ text: String, keeping marks: String = "") -> String {
    let plain = Set("-._~".utf8).union(marks.utf8)
    var encoded: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: encoded.append(byte)
      case _ where plain.contains(byte): encoded.append(byte)
      default: encoded += Array("%\(Digest.hex([byte]).uppercased())".utf8)
      }
    }
    return String(decoding: encoded, as: UTF8.self)
  }

  /// A moment as `yyyyMMddTHHmmssZ`.
  static func stamp(_ moment: Timestamp) -> String {
    moment.text(decimals: 0).filter { $0 != "-" && $0 != ":" }
  }

  /// Without blanks at both ends, several in a row as one.
  private static func trimmed(_ value: String) -> String {
    value.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
  }
}
