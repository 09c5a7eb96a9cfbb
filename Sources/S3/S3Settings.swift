import Basics
import Networking

/// How a bucket is reached.
public struct S3Settings: Sendable {
  /// How a bucket is named in an address; the words are DuckDB's.
  public enum URLStyle: String, Sendable, CaseIterable {
    /// `https://endpoint/bucket/path`
    case path
    /// `https://bucket.endpoint/path`
    case vhost
  }

  /// Such as `eu-central-1`.
  public var region: String
  /// A server other than AWS's own, such as `http://127.0.0.1:9000`, without a slash at its end.
  public var endpoint: String?
  public var urlStyle: URLStyle
  /// True where the caller pays for requests, as some buckets ask for.
  public var paysRequests: Bool
  /// The key of KMS that objects are encrypted with; `aws/s3` for the account's own, nil for what the
  /// bucket says.
  public var kmsKey: String?
  public var credentials: CredentialChain
  public var retries: RetryPolicy
  /// A request of which nothing is heard for so long is sent again.
  public var timeouts = NetworkTimeouts(connect: 10, stall: 20, total: nil)

  /// Passing failures are retried for two minutes.
  public static let retries = RetryPolicy(
    attempts: 10, firstPause: 0.1, longestPause: 10, deadline: 120)

  public init(
    region: String = "us-east-1", endpoint: String? = nil, urlStyle: URLStyle = .vhost,
    paysRequests: Bool = false, kmsKey: String? = nil,
    credentials: CredentialChain = CredentialChain(), retries: RetryPolicy = S3Settings.retries
  ) {
    self.region = region
    self.endpoint = endpoint
    self.urlStyle = urlStyle
    self.paysRequests = paysRequests
    self.kmsKey = kmsKey
    self.credentials = credentials
    self.retries = retries
  }

  /// What the environment and the profile say: `AWS_REGION` or `AWS_DEFAULT_REGION`,
  /// `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL`, `AWS_REQUEST_PAYER`, and of Podium's own
  /// `PODIUM_S3_URL_STYLE` (`path` for other servers, else `vhost`) and `PODIUM_S3_KMS_KEY`.
  public static func fromEnvironment(
    _ variable: @escaping @Sendable (String) -> String? = { environment($0) },
    clock: Clock = .system
  ) throws(S3SettingsError) -> S3Settings {
    let profiles = try AWSProfiles(variable)
    let profile = profiles.sections[variable("AWS_PROFILE") ?? "default"] ?? [:]
    var endpoint: String?
    for name in ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "endpoint_url"] {
      let found = name == "endpoint_url" ? profile[name] : variable(name)
      guard let found, endpoint == nil else { continue }
      guard let address = WebAddress(found), ["http", "https"].contains(address.scheme) else {
        throw .badEndpoint(found, from: name)
      }
      endpoint = found.hasSuffix("/") ? String(found.dropLast()) : found
    }
    var settings = S3Settings(
      region: variable("AWS_REGION") ?? variable("AWS_DEFAULT_REGION") ?? profile["region"]
        ?? "us-east-1", endpoint: endpoint,
      paysRequests: variable("AWS_REQUEST_PAYER")?.lowercased() == "requester",
      kmsKey: variable("PODIUM_S3_KMS_KEY"),
      credentials: CredentialChain(variable: variable, clock: clock))
    if let style = variable("PODIUM_S3_URL_STYLE") {
      guard let known = URLStyle(rawValue: style.lowercased()) else {
        throw .badSetting(
          "PODIUM_S3_URL_STYLE", style, known: URLStyle.allCases.map(\.rawValue))
      }
      settings.urlStyle = known
    } else {
      settings.urlStyle = endpoint == nil ? .vhost : .path
    }
    return settings
  }
}
