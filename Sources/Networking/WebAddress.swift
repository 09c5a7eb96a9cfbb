import CCurl

/// An address taken apart, as libcurl reads it.
public struct WebAddress: Hashable, Sendable {
  /// In small letters, such as `https`.
  public let scheme: String
  public let host: String
  /// The port, which the scheme implies where none is named.
  public let port: Int
  /// From the first `/` on, without query.
  public let path: String
  /// True if it names a user or a password.
  public let hasCredentials: Bool

  /// Reads an address; nil for what is none.
  public init?(_ text: String) {
    guard !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }), let parsed = curl_url() else {
      return nil
    }
    defer { curl_url_cleanup(parsed) }
    let flags = UInt32(CURLU_DEFAULT_PORT | CURLU_NON_SUPPORT_SCHEME)
    guard curl_url_set(parsed, CURLUPART_URL, text, flags) == CURLUE_OK else { return nil }
    func part(_ which: CURLUPart) -> String? {
      var value: UnsafeMutablePointer<CChar>?
      guard curl_url_get(parsed, which, &value, UInt32(CURLU_DEFAULT_PORT)) == CURLUE_OK,
        let value
      else { return nil }
      defer { curl_free(value) }
      return String(cString: value)
    }
    guard let scheme = part(CURLUPART_SCHEME), let host = part(CURLUPART_HOST), !host.isEmpty
    else { return nil }
    self.scheme = scheme.lowercased()
    self.host = host
    port = part(CURLUPART_PORT).flatMap(Int.init) ?? 0
    path = part(CURLUPART_PATH) ?? "/"
    hasCredentials = part(CURLUPART_USER) != nil || part(CURLUPART_PASSWORD) != nil
  }

  private static let impliedPorts = ["http": 80, "https": 443, "smtp": 25, "smtps": 465]

  /// Scheme, host and port: what may be told of an address.
  public var origin: String {
    let implied = WebAddress.impliedPorts[scheme] == port || port == 0
    return "\(scheme)://\(host)" + (implied ? "" : ":\(port)")
  }

  /// True for this machine itself.
  public var isLoopback: Bool {
    host == "localhost" || host == "[::1]" || host == "::1" || host.hasPrefix("127.")
  }
}
