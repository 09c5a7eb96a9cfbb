import Basics
import Lakehouse
import Networking
import Storage

/// How runs are watched, as the variables of the environment say.
///
/// A secret may stand in a file instead, which the variable of the same name with `_FILE` behind
/// it names.
public struct WatchSettings: Sendable {
  /// `PODIUM_ALERT_WEBHOOK`: the URL that alerts are posted to; a secret.
  public let webhook: String?
  /// `PODIUM_ALERT_WEBHOOK_TOKEN`: sent to it as a bearer token; a secret.
  public let webhookToken: String?
  /// Where mails go; nil where none are sent.
  public let mail: Mail?
  /// `PODIUM_STALE_AFTER`: seconds without a good run after which any table is stale.
  public let staleAfter: Int?
  /// `PODIUM_READY_WITHIN`: seconds from the arrival of a file until it is to be ready.
  public let readyWithin: Int
  /// `PODIUM_LOG_DAYS`: days for which logs are kept; 0 keeps none.
  public let logDays: Int
  /// `PODIUM_METRICS`: a file that metrics are added to, or `-`.
  public let metrics: String?
  /// Where OpenLineage events go; nil for nowhere.
  public let lineage: LineageTarget?
  /// `OPENLINEAGE_NAMESPACE`: the namespace of jobs; `podium` by default.
  public let lineageNamespace: String

  /// A mail server, a sender and recipients.
  public struct Mail: Sendable {
    public let server: MailServer
    public let from: String
    public let to: [String]
  }

  /// True if somebody is told of alerts.
  public var tellsSomebody: Bool { webhook != nil || mail != nil }

  /// Reads the environment.
  /// - Throws: what is wrong with the first variable that makes no sense; never a secret.
  public init(environment: (String) -> String? = environment) throws(SettingError) {
    webhook = try WatchSettings.secret("PODIUM_ALERT_WEBHOOK", environment)
    if let webhook, !WatchSettings.isWeb(webhook) {
      throw SettingError(
        secret: "PODIUM_ALERT_WEBHOOK", takes: "a URL that begins with https:// or http://")
    }
    webhookToken = try WatchSettings.secret("PODIUM_ALERT_WEBHOOK_TOKEN", environment)
    mail = try WatchSettings.mail(environment)
    staleAfter = try WatchSettings.seconds("PODIUM_STALE_AFTER", environment)
    readyWithin = try WatchSettings.seconds("PODIUM_READY_WITHIN", environment) ?? 1800
    metrics = environment("PODIUM_METRICS")
    lineage = try LineageTarget.read(environment)
    lineageNamespace = environment("OPENLINEAGE_NAMESPACE") ?? "podium"
    if let text = environment("PODIUM_LOG_DAYS") {
      guard let days = Int(text), (0...3660).contains(days) else {
        throw SettingError(
          name: "PODIUM_LOG_DAYS", value: text, takes: "a number of days from 0 to 3660", near: nil)
      }
      logDays = days
    } else {
      logDays = 14
    }
  }

  private static func isWeb(_ url: String) -> Bool {
    WebAddress(url).map { ["http", "https"].contains($0.scheme) } ?? false
  }

  private static func mail(_ environment: (String) -> String?) throws(SettingError) -> Mail? {
    let names = ["PODIUM_SMTP_URL", "PODIUM_ALERT_TO", "PODIUM_ALERT_FROM"]
    guard let recipients = environment("PODIUM_ALERT_TO") else { return nil }
    let to = recipients.split { $0 == "," || $0 == " " }.map(String.init)
    guard !to.isEmpty, to.allSatisfy(MailMessage.isAddress) else {
      throw SettingError(
        name: names[1], value: nil, takes: "mail addresses separated by commas", near: nil)
    }
    guard let url = try secret(names[0], environment) else {
      throw SettingError(
        name: names[0], value: nil,
        takes: "the mail server for \(names[1]), such as smtp://mail.example.org:587", near: nil)
    }
    guard let address = WebAddress(url), ["smtp", "smtps"].contains(address.scheme) else {
      throw SettingError(secret: names[0], takes: "a URL that begins with smtp:// or smtps://")
    }
    let user = environment("PODIUM_SMTP_USER")
    let from = environment(names[2]) ?? user.flatMap { MailMessage.isAddress($0) ? $0 : nil }
    guard let from, MailMessage.isAddress(from) else {
      throw SettingError(
        name: names[2], value: nil, takes: "the mail address that alerts come from", near: nil)
    }
    let password = try secret("PODIUM_SMTP_PASSWORD", environment)
    return Mail(
      server: MailServer(
        url, user: user, password: password,
        timeouts: NetworkTimeouts(connect: 5, stall: 10, total: 15),
        retries: RetryPolicy(attempts: 3, deadline: 30)), from: from, to: to)
  }

  private static func seconds(
    _ name: String, _ environment: (String) -> String?
  ) throws(SettingError) -> Int? {
    guard let text = environment(name) else { return nil }
    guard let seconds = durationSeconds(text), seconds > 0 else {
      throw SettingError(
        name: name, value: text, takes: "a length of time such as 45m, 26h or 2d", near: nil)
    }
    return seconds
  }

  /// A secret, from the variable or from the file that another one names, without blanks around it.
  static func secret(
    _ name: String, _ environment: (String) -> String?
  ) throws(SettingError) -> String? {
    let file = name + "_FILE"
    guard let path = environment(file) else { return environment(name) }
    guard environment(name) == nil else {
      throw SettingError(
        name: file, value: path, takes: "no value where \(name) has one", near: nil)
    }
    let bytes = try? LocalStore(root: parentPath(absolutePath(path))).read(lastPathComponent(path))
    guard let bytes, let text = String(validating: bytes, as: UTF8.self) else {
      throw SettingError(
        name: file, value: path, takes: "the path of a text file that can be read", near: nil)
    }
    let trimmed = text.split(whereSeparator: \.isWhitespace)
    guard trimmed.count == 1 else {
      throw SettingError(
        name: file, value: path, takes: "a file with the secret on one line, and nothing else",
        near: nil)
    }
    return String(trimmed[0])
  }
}

/// Seconds of a length of time: a whole number and `s`, `m`, `h` or `d`; nil for other texts.
func durationSeconds(_ text: String) -> Int? {
  let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
  guard let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()), count >= 0
  else { return nil }
  let (seconds, overflow) = count.multipliedReportingOverflow(by: unit)
  return overflow ? nil : seconds
}

extension SettingError {
  /// An error about a secret, which it does not tell.
  init(secret name: String, takes: String) {
    self.init(name: name, value: nil, takes: takes, near: nil)
  }
}
