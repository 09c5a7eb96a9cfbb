import Basics
import Lakehouse
import Networking
import Storage

/// Where OpenLineage events go.
public enum LineageTarget: Hashable, Sendable {
  /// The URL that events are posted to, and what is sent as a bearer token; secrets.
  case web(url: String, key: String?)
  /// A file that events are added to, one a line.
  case file(String)

  /// Reads `PODIUM_OPENLINEAGE_URL`, or the variables of OpenLineage's own clients: `OPENLINEAGE_URL`,
  /// `OPENLINEAGE_ENDPOINT` (`api/v1/lineage` by default), `OPENLINEAGE_API_KEY` and
  /// `OPENLINEAGE_DISABLED`; nil where events go nowhere.
  ///
  /// `PODIUM_OPENLINEAGE_URL` is the whole address, or `file:///path`.
  static func read(_ environment: (String) -> String?) throws(SettingError) -> LineageTarget? {
    if let disabled = environment("OPENLINEAGE_DISABLED"), disabled.lowercased() == "true" {
      return nil
    }
    let key = try WatchSettings.secret("OPENLINEAGE_API_KEY", environment)
    let own = "PODIUM_OPENLINEAGE_URL"
    if let url = try WatchSettings.secret(own, environment) {
      let scheme = "file://"
      if url.hasPrefix(scheme + "/") { return .file(String(url.dropFirst(scheme.utf8.count))) }
      guard isWeb(url) else {
        throw SettingError(secret: own, takes: "https://…, http://… or file:///path")
      }
      return .web(url: url, key: key)
    }
    guard let base = environment("OPENLINEAGE_URL") else { return nil }
    guard isWeb(base) else {
      throw SettingError(secret: "OPENLINEAGE_URL", takes: "https://… or http://…")
    }
    let endpoint = environment("OPENLINEAGE_ENDPOINT") ?? "api/v1/lineage"
    let parts = [base, endpoint].map { $0.split(separator: "/", omittingEmptySubsequences: false) }
    let joined = parts.map { part in
      part.drop { $0.isEmpty }.reversed().drop { $0.isEmpty }.reversed().joined(separator: "/")
    }
    return .web(url: joined.joined(separator: "/"), key: key)
  }

  private static func isWeb(_ url: String) -> Bool {
    WebAddress(url).map { ["http", "https"].contains($0.scheme) } ?? false
  }
}
