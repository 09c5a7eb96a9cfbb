import Basics
import Glibc
import Lakehouse
import Networking
import Runner

/// Writes alerts down and sees to it that each channel gets each of them once.
public struct AlertDesk {
  let ledger: Ledger?
  let settings: WatchSettings
  let tool: String
  let lake: String
  let clock: Clock

  /// - Parameter ledger: nil where none can be had; then nothing is known of earlier alerts.
  public init(
    _ ledger: Ledger?, _ settings: WatchSettings, tool: String, lake: String, clock: Clock
  ) {
    self.ledger = ledger
    self.settings = settings
    self.tool = tool
    self.lake = lake
    self.clock = clock
  }

  /// A channel that did not take a message.
  public struct Failure: Sendable, CustomStringConvertible {
    public let channel: AlertChannel
    public let error: NetworkError
    public let alerts: Int
    /// True if the next run tries again.
    public let isKept: Bool

    public var description: String {
      "\(counted(alerts, "alert")) could not be sent by \(channel.rawValue): \(error)."
        + (isKept ? " The next run tries again." : "")
    }
  }

  /// What an earlier run could not send is tried again for a day.
  private static let keptFor: Int64 = 86_400_000_000

  /// Sends new alerts, and those that a channel has not taken yet.
  ///
  /// An alert of the same kind, table and occasion goes out once.
  /// - Returns: the alerts that are new, and what failed.
  public func send(_ alerts: [Alert]) throws -> (new: [Alert], failures: [Failure]) {
    let channels = AlertChannel.all(settings)
    let now = clock.now()
    var new: [Alert] = []
    var open: [AlertRecord] = []
    for alert in alerts {
      let record = AlertRecord(
        occasion: alert.occasion, table: alert.table ?? "", kind: alert.kind.rawValue,
        facts: alert.json, at: now, pending: channels.map(\.rawValue))
      if try ledger?.insert(record) ?? true {
        new.append(alert)
        if ledger == nil { open.append(record) }
      }
    }
    if let ledger {
      open = try ledger.pendingAlerts(
        since: Timestamp(microseconds: now.microseconds - AlertDesk.keptFor))
    }
    let outgoing = channels.compactMap { channel in
      let alerts = open.filter { $0.pending.contains(channel.rawValue) }.compactMap {
        Alert($0.facts, occasion: $0.occasion)
      }
      return alerts.isEmpty ? nil : (channel: channel, message: message(alerts, now))
    }
    let isKept = ledger != nil
    // One channel that is slow does not keep another one waiting.
    let results = try concurrentMap(outgoing, width: channels.count) { [settings] one in
      do throws(NetworkError) {
        try one.channel.send(one.message, settings)
        return (one.channel, Failure?.none)
      } catch {
        let count = one.message.alerts.count
        let failure = Failure(
          channel: one.channel, error: error, alerts: count, isKept: isKept)
        return (one.channel, failure)
      }
    }
    var failures: [Failure] = []
    for (channel, failure) in results {
      if let failure {
        failures.append(failure)
      } else {
        for index in open.indices { open[index].pending.removeAll { $0 == channel.rawValue } }
      }
    }
    for record in open { try ledger?.setPending(record) }
    if !open.isEmpty { try ledger?.save() }
    return (new, failures)
  }

  /// Alerts as they go out.
  public func message(_ alerts: [Alert], _ now: Timestamp) -> AlertMessage {
    AlertMessage(tool: tool, lake: lake, host: hostName(), at: now, alerts: alerts)
  }

  /// Sends a test by each channel; what failed.
  public func test() -> [(channel: AlertChannel, error: NetworkError?)] {
    let alert = Alert(
      .test, run: nil, message: "this is a test: alerts of this lake arrive here.",
      next: "nothing")
    return AlertChannel.all(settings).map { channel in
      do throws(NetworkError) {
        try channel.send(message([alert], clock.now()), settings)
        return (channel, nil)
      } catch { return (channel, error) }
    }
  }
}
