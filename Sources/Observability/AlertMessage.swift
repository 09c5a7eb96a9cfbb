import Basics
import Networking

/// Alerts that go out together.
public struct AlertMessage: Sendable {
  /// The program's name.
  public let tool: String
  public let lake: String
  public let host: String
  public let at: Timestamp
  public let alerts: [Alert]

  public init(tool: String, lake: String, host: String, at: Timestamp, alerts: [Alert]) {
    self.tool = tool
    self.lake = lake
    self.host = host
    self.at = at
    self.alerts = alerts
  }

  /// One line that says the most important.
  public var subject: String {
    guard let first = alerts.first else { return "\(tool): nothing to tell" }
    let more = alerts.count > 1 ? ", and \(alerts.count - 1) more" : ""
    let what =
      switch first.kind {
      case .tableFailed: "\(first.table ?? "a table") failed"
      case .runFailed: "a run failed"
      case .fewRows: "\(first.table ?? "a table") read few rows"
      case .stale: "\(first.table ?? "a table") is stale"
      case .late: "files of \(first.table ?? "a table") are late"
      case .test: "a test of alerts"
      }
    return "\(tool): \(what)\(more)"
  }

  /// All of it for people.
  public var text: String {
    var text = "Lake \(lake) on \(host), \(at.text(decimals: 0))\n"
    for alert in alerts {
      text += "\n\(alert.line)\n"
      if let run = alert.run { text += "  run: \(run)\n" }
      if let rule = alert.rule { text += "  rule: \(rule)\n" }
      for number in alert.numbers { text += "  \(number.name): \(JSON.digits(number.value))\n" }
      text += "  next: \(alert.next)\n"
    }
    return text
  }

  /// What is posted to a webhook; chat tools show its `text`.
  public var json: JSON {
    [
      "text": .string("\(subject)\n\(text)"), "source": .string(tool), "lake": .string(lake),
      "host": .string(host), "at": .string(at.text(decimals: 0)),
      "alerts": .array(alerts.map(\.json)),
    ]
  }
}

/// A way to tell somebody.
public enum AlertChannel: String, CaseIterable, Sendable {
  case webhook
  case mail

  /// The channels that are set up.
  public static func all(_ settings: WatchSettings) -> [AlertChannel] {
    (settings.webhook == nil ? [] : [.webhook]) + (settings.mail == nil ? [] : [.mail])
  }

  /// Sends a message; what fails for a passing reason is tried again for half a minute at most.
  public func send(
    _ message: AlertMessage, _ settings: WatchSettings
  ) throws(NetworkError) {
    switch self {
    case .webhook: try post(message, settings)
    case .mail:
      guard let mail = settings.mail else { return }
      try mail.server.send(
        MailMessage(
          from: mail.from, to: mail.to, subject: message.subject, text: message.text),
        clock: Clock { message.at })
    }
  }

  private func post(
    _ message: AlertMessage, _ settings: WatchSettings
  ) throws(NetworkError) {
    guard let url = settings.webhook else { return }
    let client = HTTPClient(
      HTTPClient.Configuration(retries: RetryPolicy(attempts: 3, longestPause: 5, deadline: 20)))
    var headers = [HTTPHeader("Content-Type", "application/json")]
    if let token = settings.webhookToken {
      headers.append(HTTPHeader("Authorization", "Bearer \(token)"))
    }
    // An alert that comes twice does less harm than one that does not come.
    let response = try client.send(
      HTTPRequest(
        "POST", url, headers: headers, body: .bytes(Array(message.json.text.utf8)),
        timeouts: NetworkTimeouts(connect: 5, stall: 10, total: 10), isRepeatable: true))
    guard response.isSuccess else {
      throw NetworkError(answer: response, from: url)
    }
  }
}
