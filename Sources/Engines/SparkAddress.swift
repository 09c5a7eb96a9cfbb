import Basics

/// Where a Spark Connect server is: `sc://host:port/;key=value;…`, as Spark's clients spell it
/// (Apache Spark, `sql/connect/docs/client-connection-string.md`).
public struct SparkAddress: Hashable, Sendable {
  public let host: String
  /// 15002 where the text names none.
  public let port: Int
  /// What follows the host: a token, say, or whether TLS is used.
  let parameters: [Parameter]

  struct Parameter: Hashable {
    let name: String
    let value: String
  }

  /// - Returns: nil for a text that is no such address.
  public init?(_ text: String) {
    guard text.lowercased().hasPrefix("sc://") else { return nil }
    let parts = text.dropFirst(5).split(
      separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let authority = parts[0]
    var host = authority
    var port = 15_002
    if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
      guard let number = Int(authority[authority.index(after: colon)...]),
        (1...65_535).contains(number)
      else { return nil }
      port = number
      host = authority[..<colon]
    }
    guard !host.isEmpty, host.utf8.allSatisfy(SparkAddress.isOfHost) else { return nil }
    var parameters: [Parameter] = []
    for part in parts.count > 1 ? parts[1].split(separator: ";") : [] {
      let sides = part.split(separator: "=", maxSplits: 1)
      guard sides.count == 2 else { return nil }
      parameters.append(Parameter(name: String(sides[0]), value: String(sides[1])))
    }
    self.host = String(host)
    self.port = port
    self.parameters = parameters
  }

  private static func isOfHost(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      || [0x2D, 0x2E, 0x3A, 0x5B, 0x5D, 0x5F].contains(byte)
  }

  /// The address with the parameters, for the driver; a session is added where none is named.
  func text(session: String) -> String {
    var all = parameters
    if !all.contains(where: { $0.name.lowercased() == "session_id" }) {
      all.append(Parameter(name: "session_id", value: session))
    }
    return "\(self)/;" + all.map { "\($0.name)=\($0.value)" }.joined(separator: ";")
  }
}

extension SparkAddress {
  /// True if a connection can be opened within half a minute.
  ///
  /// No question tells that a server lives: one that computes on all its cores answers none for minutes,
  /// neither Apache Spark, which queues its tasks, nor Sail, which answers on the threads that compute.
  func listens() -> Bool { takesConnections(host: host, port: port, seconds: 30) }
}

extension SparkAddress: CustomStringConvertible {
  /// The address without parameters, one of which may be a secret.
  public var description: String { "sc://\(host):\(port)" }
}
