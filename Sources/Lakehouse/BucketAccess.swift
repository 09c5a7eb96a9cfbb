import Engines
import S3
import Storage
import Synchronization

/// Lets the embedded engine read and write objects of buckets: by its extension httpfs, with the keys
/// as a secret of the engine.
final class BucketAccess: Sendable {
  private struct State: Sendable {
    var isLoaded = false
    /// What the engine has.
    var keys: AWSCredentials?
  }

  private let settings: S3Settings
  private let state = Mutex(State())

  init(_ settings: S3Settings) { self.settings = settings }

  /// Loads the extension, and hands over the keys where they are others than the engine has.
  /// - Parameter library: the engine's; the extension lies beside it.
  func open(for connection: EngineConnection, library: String) throws {
    let keys: AWSCredentials
    do { keys = try settings.credentials.credentials() } catch {
      throw LakeError.unreachable(error)
    }
    try state.withLock { state in
      if !state.isLoaded {
        try load(connection, parentPath(library) + "/httpfs.duckdb_extension")
        state.isLoaded = true
      }
      guard state.keys != keys else { return }
      // An error of the engine would have the statement with it, and so the keys.
      do { try connection.execute(secret(keys)) } catch {
        throw EngineError(.statement, "the engine did not take the keys for S3")
      }
      state.keys = keys
    }
  }

  private func load(_ connection: EngineConnection, _ path: String) throws {
    guard kindOfFile(path) == .file else {
      throw EngineError(.libraryMissing, "its extension for S3 is not at \(path)")
    }
    try connection.execute("LOAD \(sqlLiteral(path))")
    let settings = [
      // What does not last is tried again for about a minute and a half.
      "http_retries = 10", "http_retry_wait_ms = 100", "http_retry_backoff = 2",
      // Files of tables are never written again: each is asked for its size once.
      "enable_http_metadata_cache = true",
    ]
    for setting in settings { try connection.execute("SET GLOBAL \(setting)") }
  }

  private func secret(_ keys: AWSCredentials) -> String {
    var options = [
      "TYPE s3", "KEY_ID \(sqlLiteral(keys.accessKey))", "SECRET \(sqlLiteral(keys.secretKey))",
      "REGION \(sqlLiteral(settings.region))",
      "URL_STYLE \(sqlLiteral(settings.urlStyle.rawValue))",
    ]
    if let token = keys.sessionToken { options.append("SESSION_TOKEN \(sqlLiteral(token))") }
    if let endpoint = settings.endpoint {
      let isPlain = endpoint.hasPrefix("http://")
      let host = endpoint.split(separator: "/", maxSplits: 1).last.map { $0.drop { $0 == "/" } }
      options.append("ENDPOINT \(sqlLiteral(String(host ?? "")))")
      options.append("USE_SSL \(!isPlain)")
    }
    if let key = settings.kmsKey { options.append("KMS_KEY_ID \(sqlLiteral(key))") }
    if settings.paysRequests { options.append("REQUESTER_PAYS true") }
    return "CREATE OR REPLACE SECRET podium (\(options.joined(separator: ", ")))"
  }
}
