import Basics
import Storage
import TestKit
import Testing

@testable import S3

@Suite("Keys for S3")
struct CredentialTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A chain whose environment is these variables; nothing else of the machine's is found.
  private func chain(
    _ variables: [String: String], clock: Clock = .system
  ) -> CredentialChain {
    let nowhere = [
      "HOME": folder.path, "AWS_EC2_METADATA_DISABLED": "true",
    ].merging(variables) { _, given in given }
    return CredentialChain(variable: { nowhere[$0] }, clock: clock)
  }

  private func files(credentials: String = "", config: String = "") throws -> [String: String] {
    try Files.write(credentials, to: folder.file("credentials"))
    try Files.write(config, to: folder.file("config"))
    return [
      "AWS_SHARED_CREDENTIALS_FILE": folder.file("credentials"),
      "AWS_CONFIG_FILE": folder.file("config"),
    ]
  }

  @Test("What the environment names comes first, the token of a session with it")
  func environment() throws {
    var variables = try files(
      credentials: "[default]\naws_access_key_id=F\naws_secret_access_key=f\n")
    variables["AWS_ACCESS_KEY_ID"] = "E"
    variables["AWS_SECRET_ACCESS_KEY"] = "e"
    variables["AWS_SESSION_TOKEN"] = "t"
    #expect(
      try chain(variables).credentials()
        == AWSCredentials(accessKey: "E", secretKey: "e", sessionToken: "t"))
    variables["AWS_SECRET_ACCESS_KEY"] = nil
    #expect(try chain(variables).credentials().accessKey == "F")
  }

  @Test("Profiles are read from both files, and AWS_PROFILE chooses one")
  func profiles() throws {
    var variables = try files(
      credentials: """
        # keys
        [default]
        aws_access_key_id = D
        aws_secret_access_key = d = d

        [club]\r
        aws_access_key_id=C\r
        aws_secret_access_key=c\r
        """,
      config: """
        [profile club]
        region = eu-central-1
        s3 =
          addressing_style = path
        [profile away]
        aws_access_key_id = A
        aws_secret_access_key = a
        aws_session_token = s
        endpoint_url = http://127.0.0.1:9/
        """)
    #expect(try chain(variables).credentials().secretKey == "d = d")
    variables["AWS_PROFILE"] = "club"
    #expect(try chain(variables).credentials().secretKey == "c")
    let settings = try S3Settings.fromEnvironment { [variables] in variables[$0] }
    #expect(settings.region == "eu-central-1" && settings.endpoint == nil)
    #expect(settings.urlStyle == .vhost)
    variables["AWS_PROFILE"] = "away"
    #expect(try chain(variables).credentials().sessionToken == "s")
    let away = try S3Settings.fromEnvironment { [variables] in variables[$0] }
    #expect(away.endpoint == "http://127.0.0.1:9" && away.urlStyle == .path)
  }

  @Test("A profile that is nowhere, and files that are none, are told with what to do")
  func wrongProfiles() throws {
    var variables = try files(
      credentials: "[club]\naws_access_key_id=C\n", config: "[profile job]\nrole_arn = arn:x\n")
    variables["AWS_PROFILE"] = "clbu"
    let unknown = #expect(throws: S3SettingsError.self) { try chain(variables).credentials() }
    #expect(unknown?.description.hasSuffix("Did you mean 'club'?") == true)
    variables["AWS_PROFILE"] = "job"
    #expect(throws: S3SettingsError.unsupportedProfile("job", key: "role_arn")) {
      try chain(variables).credentials()
    }
    for (text, line) in [("aws_access_key_id=x", 1), ("[a]\nb\n", 2), ("\n[a", 2)] {
      variables = try files(credentials: text)
      let error = #expect(throws: S3SettingsError.self) { try chain(variables).credentials() }
      #expect(error?.description.hasPrefix("\(folder.file("credentials")):\(line): ") == true)
    }
  }

  @Test("Without keys all places are named that were looked at")
  func none() throws {
    let error = #expect(throws: S3SettingsError.self) { try chain([:]).credentials() }
    let words = try #require(error?.description)
    #expect(words.contains("AWS_ACCESS_KEY_ID is not set"))
    #expect(words.contains("no profile in \(folder.path)/.aws/credentials"))
    #expect(words.contains("the machine's role is not to be asked for"))
  }

  /// The server of roles; the keys it gives end after so many seconds.
  private func roles(_ seconds: Int) throws -> (server: ChildProcess, url: String) {
    let server = try Python.start([
      Python.repository + "/Tests/Python/metadata_server.py", "\(seconds)",
    ])
    guard let line = server.readLine(), let port = try JSON(parsing: line)["port"]?.int else {
      throw TestKitError("the server did not start: \(server.errorText)")
    }
    return (server, "http://127.0.0.1:\(port)")
  }

  @Test("A container's role gives keys, by the token in a file, and others before they end")
  func container() throws {
    let (server, url) = try roles(3600)
    defer { server.endInput() }
    try Files.write("Bearer of keys\n", to: folder.file("token"))
    let time = SettableClock(Clock.system.now().microseconds / 1_000_000)
    var variables = [
      "AWS_CONTAINER_CREDENTIALS_FULL_URI": url + "/container",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": folder.file("token"),
    ]
    let chain = chain(variables, clock: time.clock)
    let first = try chain.credentials()
    #expect(first.accessKey == "ASIA1" && first.sessionToken == "token1")
    time.move(seconds: 3200)
    #expect(try chain.credentials() == first)
    time.move(seconds: 200)
    #expect(try chain.credentials().accessKey == "ASIA2")
    let other = self.chain(variables)
    #expect(try other.credentials().accessKey == "ASIA3")
    other.refuse(try other.credentials())
    #expect(try other.credentials().accessKey == "ASIA4")
    variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = nil
    let error = #expect(throws: S3SettingsError.self) { try self.chain(variables).credentials() }
    #expect(error?.description.contains("the container's role: ") == true)
  }

  @Test("A machine's role gives keys, by a session of the second version of its service")
  func machine() throws {
    let (server, url) = try roles(3600)
    defer { server.endInput() }
    let chain = chain([
      "AWS_EC2_METADATA_DISABLED": "", "AWS_EC2_METADATA_SERVICE_ENDPOINT": url,
    ])
    #expect(try chain.credentials().accessKey == "ASIA1")
    #expect(try chain.credentials().accessKey == "ASIA1")
  }

  @Test("Keys that a server refuses as ended are asked for anew, and the request succeeds")
  func ended() throws {
    let (roles, url) = try roles(3600)
    defer { roles.endInput() }
    let server = try S3Server()
    try Files.write("Bearer of keys", to: folder.file("token"))
    let credentials = chain([
      "AWS_CONTAINER_CREDENTIALS_FULL_URI": url + "/container",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": folder.file("token"),
    ])
    let store = S3Store(
      S3Location(bucket: "lake", prefix: "keys"),
      S3Settings(endpoint: server.endpoint, urlStyle: .path, credentials: credentials))
    try store.put("a", [1])
    #expect(try credentials.credentials().accessKey == "ASIA1")
    try server.fail(["every": 2, "kind": "expired"])
    for _ in 0..<3 { #expect(try store.read("a") == [1]) }
    #expect(try credentials.credentials().accessKey != "ASIA1")
  }
}
