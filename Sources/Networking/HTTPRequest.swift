/// A name and a value in the head of a request or response.
public struct HTTPHeader: Hashable, Sendable {
  public let name: String
  public let value: String

  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// Fills a buffer with the next bytes of a body and says how many there are; 0 at its end.
public typealias HTTPBodyReader = (UnsafeMutableRawBufferPointer) throws -> Int

/// What a request sends after its head.
public enum HTTPBody: Sendable {
  case none
  case bytes([UInt8])
  /// A number of bytes that are read while they are sent.
  ///
  /// The reader is opened anew for each attempt.
  case stream(length: Int64, open: @Sendable () throws -> HTTPBodyReader)
}

/// How long things may take, in seconds.
public struct NetworkTimeouts: Hashable, Sendable {
  /// Until the connection stands, encryption included.
  public var connect: Double
  /// Without a byte in either direction.
  public var stall: Int
  /// The whole attempt; nil sets no end, as for large bodies.
  public var total: Double?

  public init(connect: Double = 10, stall: Int = 30, total: Double? = nil) {
    self.connect = connect
    self.stall = stall
    self.total = total
  }
}

/// A request over HTTP.
public struct HTTPRequest: Sendable {
  /// Such as `GET`; capitals.
  public var method: String
  /// `http://` or `https://`, encoded as it is to be sent.
  public var url: String
  public var headers: [HTTPHeader]
  public var body: HTTPBody
  public var timeouts: NetworkTimeouts
  /// True if the server may get it twice without harm; then it is also tried again after it may
  /// have arrived.
  public var isRepeatable: Bool

  /// - Parameter isRepeatable: by the method where it is left out: all but POST and PATCH are.
  public init(
    _ method: String = "GET", _ url: String, headers: [HTTPHeader] = [], body: HTTPBody = .none,
    timeouts: NetworkTimeouts = NetworkTimeouts(), isRepeatable: Bool? = nil
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.timeouts = timeouts
    self.isRepeatable = isRepeatable ?? !["POST", "PATCH"].contains(method)
  }
}

/// What a server answered.
public struct HTTPResponse: Hashable, Sendable {
  public let status: Int
  /// Such as `1.1` or `2`.
  public let version: String
  public let headers: [HTTPHeader]
  /// The body; empty where it went to a receiver.
  public internal(set) var body: [UInt8] = []
  /// How often the request was sent until this answer came.
  public internal(set) var attempts = 1

  /// The value of the first header of a name, whatever its case.
  public subscript(name: String) -> String? {
    let wanted = name.lowercased()
    return headers.first { $0.name.lowercased() == wanted }?.value
  }

  /// True for 200 to 299.
  public var isSuccess: Bool { (200..<300).contains(status) }

  /// True for statuses that may be others a little later.
  static func isTransient(_ status: Int) -> Bool {
    [408, 425, 429, 500, 502, 503, 504].contains(status)
  }

  /// Seconds that the server asks to wait; nil where it does not, or names a date.
  var retryAfter: Double? {
    self["retry-after"].flatMap(Double.init).flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
  }
}
