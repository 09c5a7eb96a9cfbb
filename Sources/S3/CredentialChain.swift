import Basics
import Networking
import Storage
import Synchronization

/// Finds keys for S3 where AWS's own tools look for them, and new ones before they end.
///
/// In this order: the environment (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`),
/// the profile (`AWS_PROFILE`, else `default`) of the shared files, the role of the container
/// (`AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` or `…_FULL_URI`), the role of the machine (IMDSv2, unless
/// `AWS_EC2_METADATA_DISABLED`). The source is "Standardized credential providers" of the AWS SDKs and
/// tools reference guide.
public final class CredentialChain: Sendable {
  private let variable: @Sendable (String) -> String?
  private let clock: Clock
  private let client: HTTPClient
  private let known = Mutex<AWSCredentials?>(nil)

  /// - Parameter variable: the environment.
  public init(
    variable: @escaping @Sendable (String) -> String? = { environment($0) }, clock: Clock = .system
  ) {
    self.variable = variable
    self.clock = clock
    client = HTTPClient(
      HTTPClient.Configuration(
        retries: RetryPolicy(attempts: 3, firstPause: 0.1, longestPause: 1, deadline: 10),
        largestBody: 1 << 20))
  }

  /// Seconds before their end from which on keys are replaced.
  private static let margin: Int64 = 300

  /// Keys that are good for some minutes more.
  public func credentials() throws(S3SettingsError) -> AWSCredentials {
    if let known = known.withLock({ $0 }), isGood(known) { return known }
    let found = try find()
    known.withLock { $0 = found }
    return found
  }

  /// Forgets keys that a server refused, so that the next are asked for anew.
  func refuse(_ credentials: AWSCredentials) {
    known.withLock { if $0 == credentials { $0 = nil } }
  }

  private func isGood(_ credentials: AWSCredentials) -> Bool {
    credentials.expires.map {
      $0.microseconds - clock.now().microseconds > CredentialChain.margin * 1_000_000
    } ?? true
  }

  private func find() throws(S3SettingsError) -> AWSCredentials {
    if let access = variable("AWS_ACCESS_KEY_ID"), let secret = variable("AWS_SECRET_ACCESS_KEY") {
      return AWSCredentials(
        accessKey: access, secretKey: secret, sessionToken: variable("AWS_SESSION_TOKEN"))
    }
    var looked = ["AWS_ACCESS_KEY_ID is not set"]
    let profiles = try AWSProfiles(variable)
    let asked = variable("AWS_PROFILE")
    let name = asked ?? "default"
    if let section = profiles.sections[name] {
      if let access = section["aws_access_key_id"], let secret = section["aws_secret_access_key"] {
        return AWSCredentials(
          accessKey: access, secretKey: secret, sessionToken: section["aws_session_token"])
      }
      for key in ["credential_process", "sso_session", "sso_start_url", "role_arn"]
      where section[key] != nil { throw .unsupportedProfile(name, key: key) }
      looked.append("the profile \(name) has no keys")
    } else if asked != nil {
      throw .unknownProfile(name, files: profiles.files, known: profiles.sections.keys.sorted())
    } else {
      looked.append("no profile in \(profiles.files.joined(separator: " or "))")
    }
    if let found = try container(&looked) { return found }
    if let found = try machine(&looked) { return found }
    throw .noCredentials(looked: looked)
  }

  /// The keys of the role that a container has.
  private func container(_ looked: inout [String]) throws(S3SettingsError) -> AWSCredentials? {
    let url: String
    if let path = variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
      url = "http://169.254.170.2" + path
    } else if let full = variable("AWS_CONTAINER_CREDENTIALS_FULL_URI") {
      url = full
    } else {
      return nil
    }
    var headers: [HTTPHeader] = []
    if let path = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
      do {
        let bytes = try LocalStore(root: parentPath(path)).read(lastPathComponent(path))
        let token = String(decoding: bytes, as: UTF8.self).filter { !$0.isNewline }
        headers.append(HTTPHeader("Authorization", token))
      } catch { throw .badFile(path: path, line: nil, reason: "\(error)") }
    } else if let token = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN") {
      headers.append(HTTPHeader("Authorization", token))
    }
    return keys(from: HTTPRequest("GET", url, headers: headers), "the container's role", &looked)
  }

  /// The keys of the role that a machine has.
  private func machine(_ looked: inout [String]) throws(S3SettingsError) -> AWSCredentials? {
    if variable("AWS_EC2_METADATA_DISABLED")?.lowercased() == "true" {
      looked.append("the machine's role is not to be asked for")
      return nil
    }
    let server = variable("AWS_EC2_METADATA_SERVICE_ENDPOINT") ?? "http://169.254.169.254"
    let base = (server.hasSuffix("/") ? String(server.dropLast()) : server) + "/latest"
    let timeouts = NetworkTimeouts(connect: 1, stall: 2, total: 5)
    guard
      let token = text(
        HTTPRequest(
          "PUT", base + "/api/token",
          headers: [HTTPHeader("X-aws-ec2-metadata-token-ttl-seconds", "21600")],
          timeouts: timeouts), "the machine's role", &looked)
    else { return nil }
    let headers = [HTTPHeader("X-aws-ec2-metadata-token", token)]
    let roles = base + "/meta-data/iam/security-credentials/"
    guard
      let role = text(
        HTTPRequest("GET", roles, headers: headers, timeouts: timeouts), "the machine's role",
        &looked)?.split(separator: "\n").first
    else { return nil }
    return keys(
      from: HTTPRequest("GET", roles + role, headers: headers, timeouts: timeouts),
      "the machine's role", &looked)
  }

  private func text(
    _ request: HTTPRequest, _ what: String, _ looked: inout [String]
  ) -> String? {
    do {
      let answer = try client.send(request)
      guard answer.isSuccess else { throw NetworkError(answer: answer, from: request.url) }
      return String(decoding: answer.body, as: UTF8.self)
    } catch {
      looked.append("\(what): \(error)")
      return nil
    }
  }

  private func keys(
    from request: HTTPRequest, _ what: String, _ looked: inout [String]
  ) -> AWSCredentials? {
    guard let text = text(request, what, &looked) else { return nil }
    guard let json = try? JSON(parsing: text), let access = json["AccessKeyId"]?.string,
      let secret = json["SecretAccessKey"]?.string
    else {
      looked.append("\(what): the answer holds no keys")
      return nil
    }
    return AWSCredentials(
      accessKey: access, secretKey: secret, sessionToken: json["Token"]?.string,
      expires: (json["Expiration"]?.string).flatMap { Timestamp(iso8601: $0) })
  }
}
